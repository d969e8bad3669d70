import { systemClock } from './time.ts';

/** A pool as {@link SharedAcquire} needs it. */
export interface Acquirable<T> {
  /** Requests a connection from the pool. May throw. */
  connect(): T | PromiseLike<T>;
  /** Returns a connection that is no longer wanted. May throw. */
  giveBack(connection: T): void;
  /** Returns true if the pool has an idle connection, which it would hand out immediately. */
  hasIdle(): boolean;
}

interface Claim<T> {
  readonly take: (connection: T) => void;
  readonly fail: (reason: unknown) => void;
}

/** A request to the pool that has not settled. */
interface Attempt {
  /** On the machine's clock. */
  readonly since: number;
}

/**
 * The only place where checks request connections from a pool. Such a request cannot be cancelled, so normally only one
 * is pending: further checks wait for that one, and a connection that arrives when none waits any more goes straight back.
 * A second is requested only while the pool has an idle connection: that one comes at once, while the first may be opening
 * a connection to a peer that will never answer.
 */
export class SharedAcquire<T> {
  readonly #pool: Acquirable<T>;
  readonly #claims = new Set<Claim<T>>();
  readonly #attempts = new Set<Attempt>();

  constructor(pool: Acquirable<T>) {
    this.#pool = pool;
  }

  /** True while a request to the pool is pending. */
  get isPending(): boolean {
    return this.#attempts.size > 0;
  }

  /** How long the oldest request has been pending, in milliseconds; negative infinity without one. */
  get pendingMs(): number {
    const [oldest] = this.#attempts;
    return systemClock.now() - (oldest?.since ?? Number.POSITIVE_INFINITY);
  }

  /** Returns a connection. Rejects if none is available, or if `signal` aborts first. */
  acquire(signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#claims.delete(claim);
        reject(signal.reason);
      };
      const claim: Claim<T> = {
        take: (connection) => {
          signal.removeEventListener('abort', leave);
          resolve(connection);
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
    const most = this.#pool.hasIdle() ? 2 : 1;
    if (this.#attempts.size >= most) return;
    const attempt: Attempt = { since: systemClock.now() };
    this.#attempts.add(attempt);
    // Inside a promise, because a wrapped pool may throw instead of rejecting.
    new Promise<T>((resolve) => resolve(this.#pool.connect()))
      .finally(() => this.#attempts.delete(attempt))
      .then(
        (connection) => this.#hand(connection),
        (reason: unknown) => this.#fail(reason),
      );
  }

  #hand(connection: T): void {
    const [claim] = this.#claims;
    if (claim === undefined) {
      this.#giveBack(connection);
      return;
    }
    this.#claims.delete(claim);
    claim.take(connection);
    if (this.#claims.size > 0) this.#connect();
  }

  #giveBack(connection: T): void {
    try {
      this.#pool.giveBack(connection);
    } catch {
      // A pool that does not take back what it handed out: no check is left to report it, and it must not end the process.
    }
  }

  #fail(reason: unknown): void {
    // The other request may still serve the waiting checks.
    if (this.#attempts.size > 0) return;
    const claims = [...this.#claims];
    this.#claims.clear();
    for (const claim of claims) claim.fail(reason);
  }
}
