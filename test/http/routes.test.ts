import { expect, describe as suite, test } from 'vitest';
import type { HttpOptions } from '../../src/http/options.ts';
import { raw, serve } from '../helpers/http.ts';
import { mount } from './mount.ts';

async function codeOf(target: string, options?: HttpOptions): Promise<number> {
  const { port } = await serve(mount(options).listener);
  return (await raw(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).statusCode;
}

suite('targets', () => {
  test.each([
    ['http://x/api/v1/health', 200],
    ['HTTPS://x:1/api/v1/health/ready?x', 200],
    ['http://x', 404],
    ['http://x/other', 404],
    ['xhttp://x/api/v1/health', 404],
    ['/http://x/api/v1/health', 404],
    ['/other/http://x/api/v1/health', 404],
    ['*', 404],
    ['/api/v1/healthy', 404],
    ['/api/v1/health?', 200],
    ['/api/v1/health//', 404],
  ])('%s is %i', async (target, code) => {
    expect(await codeOf(target)).toBe(code);
  });

  test.each([
    ['/', 200],
    ['/live', 200],
    ['/nothing', 404],
    ['/?x=1', 200],
    ['http://x', 200],
    ['http://x:80?x=1', 200],
    ['http://x/', 200],
    ['xhttp://x', 404],
  ])('mounted at the root, %s is %i', async (target, code) => {
    expect(await codeOf(target, { path: '/' })).toBe(code);
  });

  test('paths next to the base, of which one begins another', async () => {
    const options: HttpOptions = { paths: { '/z': 'live', '/zz/live': 'live', '/health': 'ready' } };
    for (const path of ['/z', '/zz/live', '/health', '/api/v1/health/live'])
      expect(await codeOf(path, options)).toBe(200);
    for (const path of ['/zz', '/zzz', '/healthy']) expect(await codeOf(path, options)).toBe(404);
  });

  test('a request without a target is not ours', () => {
    let passedOn = 0;
    const { listener } = mount({ path: '/x' });
    listener(
      { method: 'GET', headers: {} } as never,
      { end: () => undefined } as never,
      () => void passedOn++,
    );
    expect(passedOn).toBe(1);
  });
});
