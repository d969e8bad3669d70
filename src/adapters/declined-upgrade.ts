import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { NodeHandler } from './node-handler.ts';

/**
 * Answers a health request that offers another protocol, as `curl --http2` and Java's HttpClient do with `Upgrade: h2c`. Node
 * hands it to the upgrade listeners as soon as there are any, such as those of WebSocket libraries, which refuse it. A
 * server may ignore the offer (RFC 9110, 7.8). WebSockets are left to the program, whatever their path.
 *
 * @returns false if it is not for health, and then nothing was touched
 */
export function declineUpgrade(handler: NodeHandler, request: IncomingMessage, socket: Duplex): boolean {
  if (request.headers.upgrade?.toLowerCase() === 'websocket') return false;
  // Not imported, as in NodeHandler.
  const { ServerResponse } = process.getBuiltinModule('node:http');
  const response = new ServerResponse(request);
  // Node's parser has left the connection.
  response.shouldKeepAlive = false;
  if (!handler.handle(request.url ?? '', request, response)) return false;
  // A client that has left in the meantime is not an error.
  socket.on('error', () => undefined);
  // Anything else it sends is discarded: left unread, it would reset the connection.
  socket.resume();
  response.once('finish', () => socket.end(() => socket.destroy()));
  response.assignSocket(socket as IncomingMessage['socket']);
  return true;
}
