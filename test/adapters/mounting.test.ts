import type { RequestListener } from 'node:http';
import connect from 'connect';
import express from 'express';
// @ts-expect-error express 4 is installed under another name, without types
import express4 from 'express4';
import { expect, describe as suite, test, vi } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import { restOf } from '../../src/adapters/mounting.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { raw, serve } from '../helpers/http.ts';

const metrics = { contentType: 'text/plain', metrics: async () => 'up 1' };
const health = (options: HttpOptions = {}) =>
  middleware(
    new HealthController().register('a', () => undefined),
    options,
  );

async function codes(listener: RequestListener, targets: readonly string[]): Promise<number[]> {
  const { port } = await serve(listener);
  const ask = (target: string) => raw(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return Promise.all(targets.map(async (target) => (await ask(target)).statusCode));
}

suite.each([
  ['Express 4', express4 as typeof express],
  ['Express 5', express],
])('below the mount point of a router of %s', (_name, create) => {
  const mounted = (mount: string, options?: HttpOptions) => create().use(mount, health(options));

  test('the base path and what is below it answer, and its paths, wherever the router is', async () => {
    const targets = [
      '/internal/health',
      '/internal/health/',
      '/internal/health?verbose',
      '/internal/health/ready',
      '/internal/health/checks/a',
      '/internal/livez',
      'http://x.example/internal/health',
    ];
    const options: HttpOptions = { path: '/health', paths: { '/livez': 'live' } };
    const all = targets.map(() => 200);
    expect(await codes(mounted('/internal', options), targets)).toEqual(all);
    const outer = create().use('/a', create.Router().use('/b', create().use('/internal', health(options))));
    expect(
      await codes(
        outer,
        targets.map((target) => target.replace('/internal', '/a/b/internal')),
      ),
    ).toEqual(all);
    expect(await codes(mounted('/:tenant', options), targets)).toEqual(all);
  });

  test('with the root as base path the mount point itself answers', async () => {
    const targets = [
      '/health',
      '/health/',
      '/health?x=/',
      '/health/live',
      '/health/ready?x',
      '/health/nope',
      '/healthy',
    ];
    expect(await codes(mounted('/health', { path: '/' }), targets)).toEqual([
      200, 200, 200, 200, 200, 404, 404,
    ]);
  });

  test('a mount point that is called like a group answers for everything, not for the group', async () => {
    const { port } = await serve(mounted('/live', { path: '/' }));
    const answer = await raw(port, 'GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer.body).toBe('{"status":"healthy","checks":{"a":"ok"}}');
  });

  test('the metrics of another application stay its own, unless the path was given', async () => {
    expect(await codes(mounted('/internal', { metrics }), ['/internal/metrics'])).toEqual([404]);
    expect(
      await codes(mounted('/internal', { metrics, metricsPath: '/metrics' }), ['/internal/metrics']),
    ).toEqual([200]);
  });

  test('the target as sent decides, and a rewritten url never does', async () => {
    const prefixed = create().use('/api', health({ paths: { '/livez': 'live' } }));
    expect(await codes(prefixed, ['/api/v1/health', '/api/v1/health/ready'])).toEqual([200, 200]);
    for (const path of ['/', '/health']) {
      const rewritten = create()
        .use((request, _response, next) => {
          request.url = path;
          next();
        })
        .use(health({ path }));
      expect(await codes(rewritten, ['/other', `/other${path}`])).toEqual([404, 404]);
    }
  });

  test('the links of the page lead to where the router is', async () => {
    const app = create()
      .use('/internal', health({ path: '/health', details: 'always' }))
      .use('/root', health({ path: '/', details: 'always' }));
    const { port } = await serve(app);
    const page = async (target: string) =>
      (await raw(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n`))
        .body;
    expect(await page('/internal/health/ready')).toContain('href="/internal/health/live"');
    expect(await page('/root')).toContain('href="/root/live"');
    expect(await page('/root/live?x')).toContain('href="/root"');
  });
});

suite('below the mount point of connect', () => {
  test('which does not name it, the rest answers too', async () => {
    const app = connect()
      .use('/internal', health({ path: '/health' }) as never)
      .use('/up', health({ path: '/' }) as never);
    const targets = [
      '/internal/health',
      '/internal/health/ready?x',
      '/up',
      '/up?x',
      '/up/live',
      '/internal',
      '/internal/x',
    ];
    expect(await codes(app, targets)).toEqual([200, 200, 200, 200, 200, 404, 404]);
  });
});

suite('at the root', () => {
  test('changes nothing where a framework exposes no mount point', async () => {
    const next = vi.fn();
    const response = { headersSent: true, end: () => undefined } as never;
    for (const [url, originalUrl] of [
      ['/health', '/api/v1/health'],
      ['/x', undefined],
    ] as const)
      health()({ method: 'GET', url, originalUrl, headers: {} } as never, response, next);
    expect(next).toHaveBeenCalledTimes(1);
  });
});

suite('what a router left of the target', () => {
  test.each([
    ['/internal/health', '/health', '/internal', '/health'],
    ['http://x.example/internal/health', '/health', '/internal', '/health'],
    ['/internal', '/', '/internal', '/'],
    ['/internal?x', '/?x', '/internal', '/?x'],
    ['/internal/health', '/health', undefined, '/health'],
    ['/up', '/', undefined, '/'],
    ['/up/', '/', undefined, '/'],
    ['/up?x', '/?x', undefined, '/?x'],
  ])('of %s it is %s below %s', (originalUrl, url, baseUrl, rest) => {
    expect(restOf(originalUrl, url, baseUrl)).toBe(rest);
  });

  test.each([
    ['no router has kept the target', undefined, '/health', undefined],
    ['there is no url', '/health', undefined, undefined],
    ['both are the same', '/internal/health', '/internal/health', '/internal'],
    ['the url was rewritten', '/other', '/health', '/internal'],
    ['the url was rewritten at the root', '/other', '/health', ''],
    ['the query ends like the url', '/other?x=/health', '/health', undefined],
    [
      'the url was rewritten below a router that does not name its place',
      '/internal/other',
      '/health',
      undefined,
    ],
    ['only the origin was cut off', 'http://x.example/health', '/health', ''],
    ['only the origin was cut off, by what has no place', 'http://x.example/health', '/health', undefined],
    ['only the origin was cut off, with nothing left', 'http://x.example', '/', undefined],
    ['what is left ends like another path', '/xhealth', '/health', undefined],
  ])('is nothing where %s', (_, originalUrl, url, baseUrl) => {
    expect(restOf(originalUrl, url, baseUrl)).toBeUndefined();
  });
});
