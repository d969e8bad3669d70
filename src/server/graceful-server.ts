import type { Server as HttpServer } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import { hasMethods } from '../internal/validator.ts';

/**
 * A server that can be shut down gracefully: of `node:http`, `node:https` or `node:http2`, such as what `app.listen()`
 * returns.
 */
export type GracefulServer = HttpServer | HttpsServer | Http2Server | Http2SecureServer;

/** Returns true for a server of `node:http`, `node:https` or `node:http2`; false for a bare `node:net` server. */
export function isGracefulServer(value: unknown): value is GracefulServer {
  if (!hasMethods(value, ['on', 'prependListener', 'close', 'address'])) return false;
  return hasMethods(value, ['closeIdleConnections', 'closeAllConnections']) || isHttp2Server(value);
}

/** Returns true for a server that speaks HTTP/2, even if it speaks HTTP/1 as well (`allowHTTP1`). */
export function isHttp2Server(server: unknown): server is Http2Server | Http2SecureServer {
  return hasMethods(server, ['updateSettings']);
}
