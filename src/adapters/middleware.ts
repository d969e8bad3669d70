import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HealthSource } from '../health/source.ts';
import type { HttpOptions } from '../http/options.ts';
import { NOT_FOUND, send } from '../http/reply.ts';
import { Responder } from '../http/responder.ts';

/** What `app.use()` of Express and connect takes, and `http.createServer()` too. */
export type Middleware = (
  request: IncomingMessage & { originalUrl?: string },
  response: ServerResponse,
  next?: () => void,
) => void;

/**
 * Health as middleware for Express 4 and 5, connect, and bare `node:http`. Mount it first: before redirects to
 * HTTPS, sessions and body parsers, which probers do not expect. What is not its own goes to `next()`
 * untouched; without a `next` it is answered 404.
 *
 * @example app.use(middleware(health, { metrics: prometheus(health) }));
 * @throws ConfigError with every issue in controller and options
 */
export function middleware(health: HealthSource, options?: HttpOptions): Middleware {
  const responder = new Responder(health, options);
  return (request, response, next) => {
    const target = request.originalUrl ?? request.url ?? '';
    if (responder.handle(target, request, response)) return;
    if (next !== undefined) next();
    else send(NOT_FOUND, response);
  };
}
