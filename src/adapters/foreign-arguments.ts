import { engineOf, type HealthSource } from '../health/source.ts';
import { LimitedLog } from '../internal/logger.ts';

const KOA =
  'const handle = middleware(health); app.use((ctx, next) => { let isOurs = true; ' +
  'handle(ctx.req, ctx.res, () => { isOurs = false; }); if (!isOurs) return next(); ctx.respond = false; })';
const FASTIFY =
  "const handle = middleware(health); app.addHook('onRequest', (request, reply, done) => { let isOurs = true; " +
  'handle(request.raw, reply.raw, () => { isOurs = false; }); if (isOurs) reply.hijack(); else done(); })';

const HONO =
  'const handle = fetchHandler(health); app.use((context, next) => handle(context.req.raw) ?? next())';
const FETCH = 'const handle = fetchHandler(health); handle(request), with the Request';
const H3 = 'const handle = middleware(health); handle(event.node.req, event.node.res, next)';

/** The message for a framework that calls the middleware with arguments of its own. */
export function adviceFor(first: unknown): string {
  const { req, request, raw, node } = Object(first) as Record<'req' | 'request' | 'raw' | 'node', unknown>;
  const expected =
    'middleware() was called without a Node request and response, so it cannot answer health requests here';
  if (isFetchRequest((req as { raw?: unknown } | undefined)?.raw))
    return `${expected}. In Hono, mount it like this: ${HONO}`;
  if ([first, request, req].some(isFetchRequest))
    return `${expected}. Requests are fetch requests here, so mount it like this: ${FETCH}`;
  if (node !== undefined) return `${expected}. In h3, mount it like this: ${H3}`;
  if (req !== undefined) return `${expected}. In Koa, mount it like this: ${KOA}`;
  if (raw !== undefined) return `${expected}. In Fastify, mount it like this: ${FASTIFY}`;
  return `${expected}. In Koa, mount it like this: ${KOA}. In Fastify: ${FASTIFY}. For fetch requests, use fetchHandler()`;
}

/** The message for a framework that calls `fetchHandler()` with arguments of its own. */
export const FETCH_ADVICE: string =
  'fetchHandler() was called without a fetch Request, so it cannot answer health requests here. Expected ' +
  '`handle(request)`: in Hono `handle(c.req.raw)`, in SvelteKit `handle(event.request)`. For Node requests, use middleware()';

/** Returns true for a fetch Request, even one from another implementation of it. */
export function isFetchRequest(value: unknown): value is Request {
  const { url, headers } = Object(value) as Partial<Request>;
  return typeof url === 'string' && typeof headers?.get === 'function';
}

/**
 * What an adapter does when a framework calls it with arguments of its own: it logs the advice, at most once a minute, and
 * calls the first function among the other arguments, so that the application's other routes keep working.
 */
export function foreignCalls(health: HealthSource): (advice: string, ...others: unknown[]) => unknown {
  const { clock, logger } = engineOf(health);
  const log = new LimitedLog(() => clock.now());
  return (advice, ...others) => {
    log.write((more) => logger.error({}, `${advice}${more}`));
    return others.find((each): each is () => unknown => typeof each === 'function')?.();
  };
}
