import { failureMessage } from '../../internal/error-text.ts';
import { SharedAcquire } from '../../internal/shared-acquire.ts';

/** The part of a `pg` client that is used here. Structural, so that no types of `pg` are needed. */
export interface PostgresClient {
  query(text: string): Promise<unknown>;
  release(destroy?: boolean | Error): void;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  removeListener?(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of a `pg` pool that is used here; `pg.Pool` and its wrappers have it. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  on?(event: 'acquire', listener: (client: PostgresClient) => void): unknown;
  readonly totalCount?: number;
  readonly idleCount?: number;
  readonly waitingCount?: number;
  readonly options?: { readonly max?: number | undefined };
}

/** Where a check gets its connection: from the pool, or a dedicated one. */
export interface ConnectionSource {
  /** The error of the last idle connection that broke since a check last succeeded. */
  lastLoss: string | undefined;
  /** Returns a client; its `release(true)` closes it. Rejects if none is available, or if `signal` aborts first. */
  acquire(signal: AbortSignal, timeoutMs: number): Promise<PostgresClient>;
  /** What {@link acquire} is waiting for, in words. */
  waitingFor(timeoutMs: number): string;
}

/** An attempt this old, in milliseconds, will most likely never end. */
const SUSPICIOUS_MS = 10_000;

/** The pool's own connections, as checks get them: see {@link SharedAcquire}. */
export class PoolConnectionSource implements ConnectionSource {
  readonly #pool: PostgresPool;
  readonly #shared: SharedAcquire<PostgresClient>;
  /** The last error of an idle client since a check last succeeded; the application never sees it. */
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

  /** How full the pool is, in words; undefined if it does not expose that, or if it has room. */
  #fullness(): string | undefined {
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    if (totalCount === undefined || options?.max === undefined || !waitingCount) return undefined;
    if (totalCount < options.max) return undefined;
    return `${totalCount - (idleCount ?? 0)} of ${options.max} in use, ${waitingCount} waiting`;
  }
}

/**
 * If a server accepts a client and ends the connection at once, both arrive in one read: the client emits `error` after
 * the pool has removed its listener and before the promise for the client has resolved. Without a listener that ends the
 * process, so this one listens until the promise has resolved.
 */
function shield(client: PostgresClient): void {
  client.on?.('error', ignore);
  setImmediate(() => client.removeListener?.('error', ignore));
}

function ignore(): void {
  // The next query fails with the reason.
}

/** How full a pool is, for `details`; empty if it does not expose that. */
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
