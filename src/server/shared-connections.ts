import type { Clock } from '../internal/time.ts';
import { Connections } from './connections.ts';
import type { GracefulServer } from './graceful-server.ts';

interface Shared {
  readonly connections: Connections;
  users: number;
}

const known = new WeakMap<GracefulServer, Shared>();

/** The connections of a server for one of several users. */
export interface SharedConnections {
  readonly connections: Connections;
  /** The last user's call removes every listener from the server. */
  release(): void;
}

/** One object for all users of a server, so that a dozen users do not add a dozen listeners to each socket. */
export function shareConnections(server: GracefulServer, clock: Clock): SharedConnections {
  const shared = known.get(server) ?? { connections: new Connections(server, clock), users: 0 };
  known.set(server, shared);
  shared.users++;
  return {
    connections: shared.connections,
    release() {
      if (--shared.users > 0) return;
      known.delete(server);
      shared.connections.dispose();
    },
  };
}
