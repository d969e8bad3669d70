import { failureMessage } from '../../internal/error-text.ts';
import { systemClock } from '../../internal/time.ts';

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
  acquire(signal: AbortSignal): Promise<PostgresClient>;
  /** What {@link acquire} is waiting for, in words. */
  waitingFor(timeoutMs: number): string;
}

interface Claim {
  readonly take: (client: PostgresClient) => void;
  readonly fail: (reason: unknown) => void;
}

/** An attempt this old, in milliseconds, is most likely one that nothing will ever end. */
const SUSPICIOUS_MS = 10_000;

/** A `pool.connect()` that has not settled. */
interface Attempt {
  /** On the machine's clock. */
  readonly since: number;
}

/**
 * The one door through which checks ask a pool for a client. `pool.connect()` cannot be cancelled, so at most
 * one is ever pending: a check that comes while one is, waits for that one, and a client that arrives when
 * nobody waits any more goes straight back. A second is asked for only while the pool has an idle client: that
 * one comes at once, while the first may be opening a connection to a peer that will never answer.
 */
export class PoolConnectionSource implements ConnectionSource {
  readonly #pool: PostgresPool;
  readonly #claims = new Set<Claim>();
  readonly #attempts = new Set<Attempt>();
  /** The last error of an idle client since a check succeeded: what the application never gets to see. */
  lastLoss: string | undefined;

  constructor(pool: PostgresPool) {
    this.#pool = pool;
    // pg emits `error` when an idle client is cut off; without a listener that ends the process.
    pool.on?.('error', (error) => {
      this.lastLoss = failureMessage(error);
    });
    pool.on?.('acquire', (client) => {
      if (this.#attempts.size > 0) shield(client);
    });
  }

  acquire(signal: AbortSignal): Promise<PostgresClient> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#claims.delete(claim);
        reject(signal.reason);
      };
      const claim: Claim = {
        take: (client) => {
          signal.removeEventListener('abort', leave);
          resolve(client);
        },
        fail: (reason) => {
          signal.removeEventListener('abort', leave);
          reject(reason);
        },
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      this.#claims.add(claim);
      this.#connect();
    });
  }

  waitingFor(timeoutMs: number): string {
    const fullness = this.#fullness();
    if (fullness !== undefined) return `no free connection (${fullness})`;
    const [oldest] = this.#attempts;
    const pendingMs = systemClock.now() - (oldest?.since ?? Number.POSITIVE_INFINITY);
    if (pendingMs < SUSPICIOUS_MS) return `no connection within ${timeoutMs} ms`;
    return (
      `no connection within ${timeoutMs} ms: one that was asked for ${(pendingMs / 1000).toFixed(0)} s ago neither ` +
      'opens nor fails; give the pool a `connectionTimeoutMillis`, so that such attempts end'
    );
  }

  #connect(): void {
    const most = this.#pool.idleCount ? 2 : 1;
    if (this.#attempts.size >= most) return;
    const attempt: Attempt = { since: systemClock.now() };
    this.#attempts.add(attempt);
    // Inside a promise, because a wrapped pool may throw instead of rejecting.
    new Promise<PostgresClient>((resolve) => resolve(this.#pool.connect()))
      .finally(() => this.#attempts.delete(attempt))
      .then(
        (client) => this.#hand(client),
        (reason: unknown) => this.#fail(reason),
      );
  }

  #hand(client: PostgresClient): void {
    const [claim] = this.#claims;
    if (claim === undefined) {
      giveBackUnused(client);
      return;
    }
    this.#claims.delete(claim);
    claim.take(client);
    if (this.#claims.size > 0) this.#connect();
  }

  #fail(reason: unknown): void {
    // The other one may still serve those who wait.
    if (this.#attempts.size > 0) return;
    const claims = [...this.#claims];
    this.#claims.clear();
    for (const claim of claims) claim.fail(reason);
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
 * `error` after the pool has let go of it and before a promise can tell us that we have it, and without a
 * listener that ends the process. Until the promise has told us, this is the listener.
 */
function shield(client: PostgresClient): void {
  client.on?.('error', ignore);
  setImmediate(() => client.removeListener?.('error', ignore));
}

function ignore(): void {
  // The query that comes next fails with the reason.
}

function giveBackUnused(client: PostgresClient): void {
  try {
    client.release();
  } catch {
    // A pool that hands out what it does not take back: there is no check left to tell, and no reason to end the process.
  }
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
