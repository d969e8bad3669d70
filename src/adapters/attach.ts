import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { HealthSource } from '../health/source.ts';
import type { HttpOptions } from '../http/options.ts';
import { hasMethods, Validator } from '../internal/validator.ts';
import { declineUpgrade } from './declined-upgrade.ts';
import { NodeHandler } from './node-handler.ts';
import type { NodeResponse } from './node-reply.ts';
import type { NodeRequest } from './node-request.ts';

/** What {@link attach} returns. */
export interface Attachment {
  /** Removes health from the server; from then on the application handles its paths. */
  detach(): void;
}

/** What health can be attached to. */
export type AttachableServer = HttpServer | HttpsServer | Http2Server | Http2SecureServer;

/**
 * Handles health requests before everything else on a server: before Express, redirects, sessions and body parsers. It costs
 * next to nothing and still answers when the application's middleware is broken. All other requests pass through
 * untouched, even to listeners that are added later and to libraries that take over the `request` listeners, as
 * engine.io does. Meant for services that are polled hard; `middleware()` is simpler.
 *
 * @param server of `node:http` or `node:https`, such as what `app.listen()` returns, or of `node:http2` with a `request` listener
 * @example attach(app.listen(4000), health, { metrics: prometheus(health) });
 * @throws ConfigError with every issue in server, controller and options
 */
export function attach(server: AttachableServer, health: HealthSource, options?: HttpOptions): Attachment {
  const handler = handlerFor(server, health, options);
  const { emit } = server;
  const passOn: (this: unknown, event: string, ...parts: unknown[]) => boolean = emit;
  let isAttached = true;
  // Not a listener: listeners can be removed, wrapped and reordered, and none can keep the others from being
  // called. Code that wraps `emit` after us still calls this function; in that case `detach` only disables it.
  const emitBehindHealth = function (this: unknown, event: string, ...parts: unknown[]): boolean {
    if (isAttached && (event === 'request' || event === 'checkContinue')) {
      // Node passes exactly these two. Passing them on by name costs a third of spreading a list.
      const request = parts[0] as NodeRequest;
      const response = parts[1] as NodeResponse;
      return (
        handler.handle(request.url ?? '', request, response) || passOn.call(this, event, request, response)
      );
    }
    if (
      isAttached &&
      event === 'upgrade' &&
      declineUpgrade(handler, parts[0] as IncomingMessage, parts[1] as Duplex)
    )
      return true;
    return passOn.call(this, event, ...parts);
  } as typeof emit;
  server.emit = emitBehindHealth;
  return {
    detach() {
      isAttached = false;
      if (server.emit === emitBehindHealth) server.emit = emit;
    },
  };
}

/** @throws ConfigError with every issue: in the server, and in what to mount */
function handlerFor(server: unknown, health: HealthSource, options: HttpOptions | undefined): NodeHandler {
  const validator = new Validator();
  // A server of `node:net` has no `setTimeout`.
  if (!hasMethods(server, ['emit', 'listen', 'setTimeout'])) {
    validator.expected(
      'server',
      'a server of node:http, node:https or node:http2, such as `app.listen()` returns',
      server,
    );
  }
  const handler = validator.adopt(() => new NodeHandler(health, options));
  validator.throwIfAny('Invalid attach() arguments');
  return handler as NodeHandler;
}
