import type { GracefulServer } from '../server/graceful-server.ts';

/** A listener for health that closes last: what `listen()` returns. */
export interface ClosesLast {
  /** Where it listens; only for the log. */
  readonly port?: number | string | undefined;
  /** The underlying server. */
  readonly server?: unknown;
  close(): Promise<void>;
}

/** What `gracefulShutdown` shuts down. */
export type ShutdownTarget = GracefulServer | ClosesLast;
