import { expect, describe as suite, test } from 'vitest';
import {
  adviceFor,
  FETCH_ADVICE,
  foreignCalls,
  isFetchRequest,
} from '../../src/adapters/foreign-arguments.ts';
import { virtualHealth } from '../helpers/health.ts';

const WITHOUT =
  'middleware() was called without a Node request and response, so it cannot answer health requests here';
const KOA =
  'const handle = middleware(health); app.use((ctx, next) => { let isOurs = true; handle(ctx.req, ctx.res, () => ' +
  '{ isOurs = false; }); if (!isOurs) return next(); ctx.respond = false; })';
const FASTIFY =
  "const handle = middleware(health); app.addHook('onRequest', (request, reply, done) => { let isOurs = true; " +
  'handle(request.raw, reply.raw, () => { isOurs = false; }); if (isOurs) reply.hijack(); else done(); })';
const HONO =
  'const handle = fetchHandler(health); app.use((context, next) => handle(context.req.raw) ?? next())';
const FETCH = 'const handle = fetchHandler(health); handle(request), with the Request';
const request = () => new Request('http://x.example/');

suite('the advice for a framework with arguments of its own', () => {
  test.each<[string, unknown, string]>([
    ['Hono', { req: { raw: request() } }, `In Hono, mount it like this: ${HONO}`],
    ['a fetch handler', request(), `Requests are fetch requests here, so mount it like this: ${FETCH}`],
    [
      'SvelteKit',
      { request: request() },
      `Requests are fetch requests here, so mount it like this: ${FETCH}`,
    ],
    ['Elysia', { req: request() }, `Requests are fetch requests here, so mount it like this: ${FETCH}`],
    [
      'h3',
      { node: {}, req: {} },
      'In h3, mount it like this: const handle = middleware(health); handle(event.node.req, event.node.res, next)',
    ],
    ['Koa', { req: {}, res: {} }, `In Koa, mount it like this: ${KOA}`],
    ['Fastify', { raw: {} }, `In Fastify, mount it like this: ${FASTIFY}`],
    [
      'anything else',
      undefined,
      `In Koa, mount it like this: ${KOA}. In Fastify: ${FASTIFY}. For fetch requests, use fetchHandler()`,
    ],
  ])('is that of %s', (_, first, advice) => {
    expect(adviceFor(first)).toBe(`${WITHOUT}. ${advice}`);
  });

  test('is another one for fetchHandler()', () => {
    expect(FETCH_ADVICE).toBe(
      'fetchHandler() was called without a fetch Request, so it cannot answer health requests here. Expected ' +
        '`handle(request)`: in Hono `handle(c.req.raw)`, in SvelteKit `handle(event.request)`. For Node requests, use middleware()',
    );
  });
});

test('a fetch Request of any implementation is recognised', () => {
  expect(isFetchRequest(request())).toBe(true);
  expect(isFetchRequest({ url: '/', headers: new Map() })).toBe(true);
  for (const value of [
    undefined,
    null,
    'x',
    {},
    { url: '/' },
    { url: '/', headers: {} },
    { headers: new Map() },
  ])
    expect(isFetchRequest(value)).toBe(false);
});

test('a foreign call is logged at most once a minute, and calls the first function among its arguments', async () => {
  const { clock, health, logger } = virtualHealth();
  const onCall = foreignCalls(health);
  expect(
    onCall(
      'Mount it.',
      {},
      () => 'next',
      () => 'other',
    ),
  ).toBe('next');
  expect(onCall('Mount it.')).toBeUndefined();
  await clock.advance(60_000);
  onCall('Mount it.');
  expect(logger.lines).toEqual([
    'error Mount it. {}',
    'error Mount it. (and 1 more time since the last line) {}',
  ]);
});
