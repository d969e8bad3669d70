import type { Server, ServerOptions } from 'node:http';
import { settlesWithin, systemClock } from '../internal/time.ts';
import type { ConnectionLimits } from '../server/connection-limits.ts';
import type { Connections } from '../server/connections.ts';
import type { Place } from './place.ts';
import { listenOnPath } from './unix-socket.ts';

/** How long a client may take to send the headers of a request, and all of it; how often that is checked. In milliseconds. */
export const LIMITS: ServerOptions = {
  headersTimeout: 5000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
};

/** Listens. @returns a function that removes the file of a socket */
export function listening(server: Server, place: Place): Promise<() => void> {
  if (place.socketPath !== undefined) return listenOnPath(server, place.socketPath);
  const { port, host } = place;
  return new Promise((resolve, reject) => {
    const done = () => resolve(() => undefined);
    server.once('error', reject);
    // If it is closed before it listens, 'listening' may never come.
    server.once('close', done);
    server.listen({ port, host, exclusive: port === 0 }, () => {
      server.removeListener('error', reject).removeListener('close', done);
      done();
    });
  });
}

/** Lets the replies in flight be sent, and then closes what is still open. */
export async function closeWithin(
  connections: Connections,
  limits: ConnectionLimits,
  timeoutMs: number,
): Promise<void> {
  await settlesWithin(systemClock, timeoutMs, connections.stop());
  connections.cutOff();
  connections.dispose();
  limits.dispose();
}
