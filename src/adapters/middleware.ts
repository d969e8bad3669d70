import type { HealthSource } from '../health/source.ts';
import type { HttpOptions } from '../http/options.ts';
import { notFound } from '../http/reply.ts';
import { ConfigError } from '../internal/config-error.ts';
import { adviceFor, foreignCalls } from './foreign-arguments.ts';
import { restOf } from './mounting.ts';
import { NodeHandler } from './node-handler.ts';
import type { NodeResponse } from './node-reply.ts';
import type { NodeRequest } from './node-request.ts';

/**
 * What `app.use()` of Express and connect accepts, and so do `http.createServer()`, `https.createServer()` and those of
 * `node:http2`.
 */
export type Middleware = (request: NodeRequest, response: NodeResponse, next?: () => void) => void;

/**
 * Health as middleware for Express 4 and 5, connect, and bare `node:http`, `node:https` and `node:http2`. Mount it first:
 * before redirects to HTTPS, sessions and body parsers, which probers do not expect. Other requests go to `next()`
 * untouched, at once; without a `next` they are answered 404. Mounted below a path of a router it answers there:
 * `app.use('/internal', middleware(health, { path: '/health' }))` answers `/internal/health` and everything below it.
 *
 * Koa and Fastify call their middleware with other arguments; the documentation shows how to mount it there.
 *
 * @example app.use(middleware(health, { metrics: prometheus(health) }));
 * @throws ConfigError with every issue in controller and options
 */
export function middleware(health: HealthSource, options?: HttpOptions): Middleware {
  // `middleware` itself was mounted, and the framework calls it with a request and a response.
  if (typeof (options as { end?: unknown } | null | undefined)?.end === 'function')
    throw new ConfigError('Invalid health endpoint options', [
      '`middleware` was mounted without being called: write `app.use(middleware(health))`, not `app.use(middleware)`',
    ]);
  const handler = new NodeHandler(health, options);
  const onForeignCall = foreignCalls(health);
  return (request, response, next) => {
    if (typeof response?.end !== 'function' || typeof request !== 'object' || request === null)
      return onForeignCall(adviceFor(request), response, next) as undefined;
    const { url } = request;
    // Some code puts other values there.
    const originalUrl = typeof request.originalUrl === 'string' ? request.originalUrl : undefined;
    const target = originalUrl ?? url ?? '';
    const rest = restOf(originalUrl, url, (request as { baseUrl?: unknown }).baseUrl);
    if (handler.handle(target, request, response, rest)) return;
    if (typeof next === 'function') next();
    // Otherwise an upgrade listener owns the connection, which stays untouched.
    else if (next === undefined) handler.send(notFound(), request, response);
  };
}
