import { expect, describe as suite, test, vi } from 'vitest';
import { fetchHandler } from '../../src/adapters/fetch.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import type { ProbeRequest } from '../../src/http/probe-request.ts';
import { gate, virtualHealth } from '../helpers/health.ts';

const handling = (options?: HttpOptions) => {
  const world = virtualHealth();
  world.health.register('a', () => undefined);
  return { ...world, handle: fetchHandler(world.health, options) };
};

/** A request as an implementation of fetch may make it up. */
const made = (url: string, more: object = {}) =>
  ({ url, method: 'GET', headers: new Headers(), ...more }) as unknown as Request;

suite('a fetch request', () => {
  test('for health is answered, at once where nothing has to run', async () => {
    const { handle, health } = handling();
    await health.report();
    const response = handle(new Request('http://x.example/api/v1/health')) as Response;
    expect(response).toBeInstanceOf(Response);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('connection')).toBeNull();
    expect(await response.text()).toBe('{"status":"healthy","checks":{"a":"ok"}}');
  });

  test('is answered once its checks have run', async () => {
    const { handle, health } = handling();
    const slow = gate();
    health.register('slow', () => slow.promise);
    const answer = handle(new Request('http://x.example/api/v1/health'));
    expect(answer).toBeInstanceOf(Promise);
    slow.open(undefined);
    expect(await (await answer)?.text()).toContain('"slow":"ok"');
  });

  test.each([
    'http://x.example/api/v1/health?verbose',
    'https://x.example:8443/api/v1/health#top',
    'http://x.example/api/v1/health?a=http://y.example/z#b',
    '/api/v1/health',
  ])('is for health: %s', (url) => {
    expect(handling().handle(made(url))).toBeDefined();
  });

  test.each([
    'http://x.example/',
    'http://x.example',
    'http://x.example/#/api/v1/health',
    'http://x.example/go?to=http://y.example/api/v1/health',
  ])('is not for health, and is declined at once: %s', (url) => {
    expect(handling().handle(made(url))).toBeUndefined();
  });

  test('without a path is for the root', () => {
    expect(handling({ path: '/' }).handle(made('http://x.example'))).toBeDefined();
  });

  test('is formatted as its Accept asks for', async () => {
    const { handle } = handling();
    const headers = { accept: 'text/plain' };
    const response = await handle(new Request('http://x.example/api/v1/health', { headers }));
    expect(response?.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  test('of the method HEAD has no body, and one of another method is not allowed', async () => {
    const { handle } = handling();
    const head = await handle(new Request('http://x.example/api/v1/health', { method: 'HEAD' }));
    expect(head?.body).toBeNull();
    expect(head?.headers.get('content-length')).toBe('40');
    const post = await handle(new Request('http://x.example/api/v1/health', { method: 'POST' }));
    expect(post?.status).toBe(405);
  });

  test('during the drain is answered 503 on a connection that closes', async () => {
    const { handle, health } = handling();
    health.drain();
    const response = await handle(new Request('http://x.example/api/v1/health'));
    expect(response?.status).toBe(503);
    expect(response?.headers.get('connection')).toBe('close');
  });

  test('is shown to a policy without an address', async () => {
    const seen: ProbeRequest[] = [];
    const { handle } = handling({ details: (request) => seen.push(request) > 0 });
    const headers = { 'X-Token': 'abc' };
    for (const scheme of ['http', 'https'])
      await handle(new Request(`${scheme}://x.example/api/v1/health?verbose`, { headers }));
    const common = { method: 'GET', target: '/api/v1/health?verbose', remoteAddress: undefined };
    expect(seen).toEqual([
      { ...common, headers: { 'x-token': 'abc' }, encrypted: false },
      { ...common, headers: { 'x-token': 'abc' }, encrypted: true },
    ]);
    expect(Object.getPrototypeOf(seen[0]?.headers)).toBeNull();
  });

  test('whose client has gone causes no rendering', async () => {
    const metrics = { contentType: 'text/plain', metrics: vi.fn(async () => 'up 1') };
    const { handle } = handling({ metrics });
    const gone = await handle(new Request('http://x.example/metrics', { signal: AbortSignal.abort() }));
    expect(gone?.status).toBe(503);
    expect(metrics.metrics).not.toHaveBeenCalled();
    expect((await handle(new Request('http://x.example/metrics')))?.status).toBe(200);
    expect((await handle(made('http://x.example/metrics', { signal: undefined })))?.status).toBe(200);
  });
});

test('anything but a fetch request is logged with what to pass instead, and is passed on', () => {
  const { handle, logger } = handling();
  const next = vi.fn(() => 'next');
  const call = handle as unknown as (...all: unknown[]) => unknown;
  expect(call({ req: {} }, next)).toBe('next');
  expect(call({ req: {} })).toBeUndefined();
  expect(logger.lines).toEqual([
    expect.stringContaining('fetchHandler() was called without a fetch Request'),
  ]);
});
