import { failureMessage } from '../../internal/error-text.ts';
import { SharedAcquire } from '../../internal/shared-acquire.ts';

/** The part of a `pg` client that is used here. Structural, so that no type of `pg` is needed. */
export interface PostgresClient {
  query(text: string): Promise<unknown>;
  release(destroy?: boolean | Error): void;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  removeListener?(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of a `pg` pool that is used here; `pg.Pool` has it, and so have its wrappers. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  on?(event: 'acquire', listener: (client: PostgresClient) => void): unknown;
  readonly totalCount?: number;
  readonly idleCount?: number;
  readonly waitingCount?: number;
  readonly options?: { readonly max?: number | undefined };
}

/** Where a check gets a connection: the pool's door, or one of its own. */
export interface ConnectionSource {
  /** What became of the last connection that broke while nobody used it, since a check succeeded. */
  lastLoss: string | undefined;
  /** A client; its `release(true)` closes it. Rejects when there is none to be had, or when `signal` aborts first. */
  acquire(signal: AbortSignal, timeoutMs: number): Promise<PostgresClient>;
  /** What {@link acquire} is waiting for, in words. */
  waitingFor(timeoutMs: number): string;
}

/** An attempt this old, in milliseconds, is most likely one that nothing will ever end. */
const SUSPICIOUS_MS = 10_000;

/** The pool's own connections, as checks get them: see {@link SharedAcquire}. */
export class PoolConnectionSource implements ConnectionSource {
  readonly #pool: PostgresPool;
  readonly #shared: SharedAcquire<PostgresClient>;
  /** The last error of an idle client since a check succeeded: what the application never gets to see. */
  lastLoss: string | undefined;

  constructor(pool: PostgresPool) {
    this.#pool = pool;
    this.#shared = new SharedAcquire({
      connect: () => pool.connect(),
      giveBack: (client) => client.release(),
      hasIdle: () => Boolean(pool.idleCount),
    });
    // pg emits `error` when an idle client is cut off; without a listener that ends the process.
    pool.on?.('error', (error) => {
      this.lastLoss = failureMessage(error);
    });
    pool.on?.('acquire', (client) => {
      if (this.#shared.isPending) shield(client);
    });
  }

  acquire(signal: AbortSignal): Promise<PostgresClient> {
    return this.#shared.acquire(signal);
  }

  waitingFor(timeoutMs: number): string {
    const fullness = this.#fullness();
    if (fullness !== undefined) return `no free connection (${fullness})`;
    const { pendingMs } = this.#shared;
    if (pendingMs < SUSPICIOUS_MS) return `no connection within ${timeoutMs} ms`;
    return (
      `no connection within ${timeoutMs} ms: a connection requested ${(pendingMs / 1000).toFixed(0)} s ago has neither ` +
      'opened nor failed; set `connectionTimeoutMillis` on the pool so that such attempts end'
    );
  }

  /** How full the pool is, in words; undefined if it does not tell, or if it has room. */
  #fullness(): string | undefined {
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    if (totalCount === undefined || options?.max === undefined || !waitingCount) return undefined;
    if (totalCount < options.max) return undefined;
    return `${totalCount - (idleCount ?? 0)} of ${options.max} in use, ${waitingCount} waiting`;
  }
}

/**
 * A server that lets a client in and ends the connection in the same breath is read in one go: the client emits
 * `error` after the pool has let go of it and before the promise that hands it over has resolved, and without a
 * listener that ends the process. Until the promise has resolved, this is the listener.
 */
function shield(client: PostgresClient): void {
  client.on?.('error', ignore);
  setImmediate(() => client.removeListener?.('error', ignore));
}

function ignore(): void {
  // The query that comes next fails with the reason.
}

/** How full a pool is, for `details`: nothing if it does not tell. */
export function poolFigures(pool: PostgresPool): Record<string, unknown> {
  const { totalCount: total, idleCount: idle, waitingCount: waiting, options } = pool;
  return total === undefined ? {} : { pool: { total, idle, waiting, max: options?.max } };
}

/** One door for a pool, however many checks use it; forgotten with the pool. */
const doors = new WeakMap<PostgresPool, PoolConnectionSource>();

/** The door of a pool. */
export function connectionSourceOf(pool: PostgresPool): PoolConnectionSource {
  let door = doors.get(pool);
  if (door === undefined) {
    door = new PoolConnectionSource(pool);
    doors.set(pool, door);
  }
  return door;
}
