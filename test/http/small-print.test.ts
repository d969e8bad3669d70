import { expect, describe as suite, test } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import { bearerToken } from '../../src/http/bearer-token.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { virtualHealth } from '../helpers/health.ts';
import { raw, serve } from '../helpers/http.ts';

function mount(options?: HttpOptions) {
  const { health, logger } = virtualHealth();
  health.register('fine', () => undefined);
  return { health, logger, listener: middleware(health, options) };
}

async function codeOf(target: string, options?: HttpOptions): Promise<number> {
  const { port } = await serve(mount(options).listener);
  return (await raw(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).statusCode;
}

suite('options of the mount', () => {
  test.each([200, 201, 299, 400, 429, 500, 599])('degradedStatusCode %i is fine', (degradedStatusCode) => {
    expect(() => mount({ degradedStatusCode })).not.toThrow();
  });

  test.each([0, 100, 199, 204, 205, 300, 304, 399, 600, 200.5, Number.NaN])(
    'degradedStatusCode %d is a fault',
    (degradedStatusCode) => {
      expect(() => mount({ degradedStatusCode })).toThrow(
        'Invalid health endpoint options: Expected `degradedStatusCode`',
      );
    },
  );

  test.each([['x/health'], ['/a b'], ['/a#b'], [7 as never]])('path %j is a fault', (path) => {
    expect(() => mount({ path })).toThrow('Expected `path`');
  });

  test('options that are none', () => {
    expect(() => mount(7 as never)).toThrow(
      'Invalid health endpoint options: Expected `options` to be an object',
    );
    expect(() => mount({ details: 7 as never })).toThrow("Expected `details` to be one of 'never', 'always'");
  });
});

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
  ])('mounted at the root, %s is %i', async (target, code) => {
    expect(await codeOf(target, { path: '/' })).toBe(code);
  });

  test('paths beside the base, of which one begins another', async () => {
    const options: HttpOptions = { paths: { '/z': 'live', '/zz/live': 'live', '/health': 'ready' } };
    for (const path of ['/z', '/zz/live', '/health', '/api/v1/health/live'])
      expect(await codeOf(path, options)).toBe(200);
    for (const path of ['/zz', '/zzz', '/healthy']) expect(await codeOf(path, options)).toBe(404);
  });

  test('a request without a target is somebody else’s', () => {
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

suite('words for the log and for people', () => {
  test('a policy that throws, and metrics that cannot be rendered', async () => {
    const fail = () => {
      throw new Error('broken');
    };
    const { listener, logger } = mount({ details: fail, metrics: { contentType: 'x', metrics: fail } });
    const { url } = await serve(listener);
    await fetch(`${url}/api/v1/health?verbose`);
    const scrape = await fetch(`${url}/metrics`);
    expect(scrape.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(logger.lines).toEqual([
      'warn The `details` policy failed, so details stay hidden {"reason":"broken"}',
      'error Metrics could not be rendered; answering the scrape with 503 {"reason":"broken"}',
    ]);
  });

  test('405 is JSON too', async () => {
    const { url } = await serve(mount().listener);
    const response = await fetch(`${url}/api/v1/health`, { method: 'POST' });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('a token that no header can carry', () => {
    const expected =
      'Invalid bearerToken() argument: Expected `token` to be a string of visible ASCII characters';
    expect(() => bearerToken('')).toThrow(`${expected}, as a header can carry it, got \`''\` (string)`);
    expect(() => bearerToken('a b')).toThrow(
      `${expected}, as a header can carry it, got one with other characters`,
    );
    expect(bearerToken('Stryker')({ headers: {} } as never)).toBe(false);
  });
});
