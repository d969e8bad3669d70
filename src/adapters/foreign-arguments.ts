const KOA =
  'const handle = middleware(health); app.use((ctx, next) => { let isOurs = true; ' +
  'handle(ctx.req, ctx.res, () => { isOurs = false; }); if (!isOurs) return next(); ctx.respond = false; })';
const FASTIFY =
  "const handle = middleware(health); app.addHook('onRequest', (request, reply, done) => { let isOurs = true; " +
  'handle(request.raw, reply.raw, () => { isOurs = false; }); if (isOurs) reply.hijack(); else done(); })';

const HONO =
  'const handle = fetchHandler(health); app.use((context, next) => handle(context.req.raw) ?? next())';

/** The message for a framework that calls the middleware with arguments of its own. */
export function adviceFor(first: unknown): string {
  const { req, raw } = Object(first) as { req?: { raw?: unknown } | null; raw?: unknown };
  const expected =
    'middleware() was called without a Node request and response, so it cannot answer health requests here';
  if (req?.raw instanceof Request) return `${expected}. In Hono, mount it like this: ${HONO}`;
  if (req !== undefined) return `${expected}. In Koa, mount it like this: ${KOA}`;
  if (raw !== undefined) return `${expected}. In Fastify, mount it like this: ${FASTIFY}`;
  return `${expected}. In Koa, mount it like this: ${KOA}. In Fastify: ${FASTIFY}. For fetch requests, use fetchHandler()`;
}
