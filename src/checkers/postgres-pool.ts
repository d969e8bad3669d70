import { failureMessage } from '../core/result.ts';

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
  readonly totalCount?: number;
  readonly idleCount?: number;
  readonly waitingCount?: number;
  readonly options?: { readonly max?: number | undefined };
}

interface Claim {
  readonly take: (client: PostgresClient) => void;
  readonly fail: (reason: unknown) => void;
}

/**
 * The one door through which checks ask a pool for a client. `pool.connect()` cannot be cancelled, so at most
 * one is ever pending: a check that comes while one is, waits for that one, and a client that arrives when
 * nobody waits any more goes straight back.
 */
export class PoolDoor {
  readonly #pool: PostgresPool;
  readonly #claims = new Set<Claim>();
  #isConnecting = false;
  /** The last error of an idle client since a check succeeded: what the application never gets to see. */
  idleError: string | undefined;

  constructor(pool: PostgresPool) {
    this.#pool = pool;
    // pg emits `error` when an idle client is cut off; without a listener that ends the process.
    pool.on?.('error', (error) => {
      this.idleError = failureMessage(error);
    });
  }

  /** A client of the pool. Rejects when the pool does, or when `signal` aborts first. */
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

  #connect(): void {
    if (this.#isConnecting) return;
    this.#isConnecting = true;
    // Inside a promise, because a wrapped pool may throw instead of rejecting.
    new Promise<PostgresClient>((resolve) => resolve(this.#pool.connect())).then(
      (client) => this.#hand(client),
      (reason: unknown) => this.#fail(reason),
    );
  }

  #hand(client: PostgresClient): void {
    this.#isConnecting = false;
    const [claim] = this.#claims;
    if (claim === undefined) {
      client.release();
      return;
    }
    this.#claims.delete(claim);
    claim.take(client);
    if (this.#claims.size > 0) this.#connect();
  }

  #fail(reason: unknown): void {
    this.#isConnecting = false;
    const claims = [...this.#claims];
    this.#claims.clear();
    for (const claim of claims) claim.fail(reason);
  }

  /** How full the pool is, in words; undefined if it does not tell, or if it has room. */
  fullness(): string | undefined {
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    if (totalCount === undefined || options?.max === undefined || !waitingCount) return undefined;
    if (totalCount < options.max) return undefined;
    return `${totalCount - (idleCount ?? 0)} of ${options.max} in use, ${waitingCount} waiting`;
  }
}

/** One door for a pool, however many checks use it; forgotten with the pool. */
const doors = new WeakMap<PostgresPool, PoolDoor>();

/** The door of a pool. */
export function doorOf(pool: PostgresPool): PoolDoor {
  let door = doors.get(pool);
  if (door === undefined) {
    door = new PoolDoor(pool);
    doors.set(pool, door);
  }
  return door;
}
