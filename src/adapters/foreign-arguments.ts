const KOA =
  'const handle = middleware(health); app.use((ctx, next) => { let isOurs = true; ' +
  'handle(ctx.req, ctx.res, () => { isOurs = false; }); if (!isOurs) return next(); ctx.respond = false; })';
const FASTIFY =
  "const handle = middleware(health); app.addHook('onRequest', (request, reply, done) => { let isOurs = true; " +
  'handle(request.raw, reply.raw, () => { isOurs = false; }); if (isOurs) reply.hijack(); else done(); })';

/** What to tell someone whose framework calls the middleware with arguments of its own. */
export function adviceFor(first: unknown): string {
  const { req, raw } = Object(first) as { req?: unknown; raw?: unknown };
  const expected =
    'middleware() was called with something else than a request and a response of Node, so health is not answered here';
  if (req !== undefined) return `${expected}. In Koa mount it so: ${KOA}`;
  if (raw !== undefined) return `${expected}. In Fastify mount it so: ${FASTIFY}`;
  return `${expected}. In Koa mount it so: ${KOA}. In Fastify so: ${FASTIFY}. Where requests are those of fetch, use fetchHandler()`;
}
