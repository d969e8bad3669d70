import { systemClock } from './time.ts';

/** A pool as {@link SharedAcquire} needs it. */
export interface Acquirable<T> {
  /** Asks the pool for a connection. May throw. */
  connect(): T | PromiseLike<T>;
  /** Returns a connection that nobody waits for any more. May throw. */
  giveBack(connection: T): void;
  /** Whether the pool has an idle connection, which it would hand out immediately. */
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
 * The one door through which checks ask a pool for a connection. Such a request cannot be cancelled, so at most
 * one is ever pending: a check that comes while one is, waits for that one, and a connection that arrives when
 * nobody waits any more goes straight back. A second is asked for only while the pool has an idle connection: that
 * one comes at once, while the first may be opening a connection to a peer that will never answer.
 */
export class SharedAcquire<T> {
  readonly #pool: Acquirable<T>;
  readonly #claims = new Set<Claim<T>>();
  readonly #attempts = new Set<Attempt>();

  constructor(pool: Acquirable<T>) {
    this.#pool = pool;
  }

  /** Whether a request to the pool is pending. */
  get isPending(): boolean {
    return this.#attempts.size > 0;
  }

  /** How long the oldest pending request has been out, in milliseconds; negative infinity without one. */
  get pendingMs(): number {
    const [oldest] = this.#attempts;
    return systemClock.now() - (oldest?.since ?? Number.POSITIVE_INFINITY);
  }

  /** A connection. Rejects when there is none to be had, or when `signal` aborts first. */
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
      // A pool that hands out what it does not take back: no check is left to report it, and it is no reason to end the process.
    }
  }

  #fail(reason: unknown): void {
    // The other one may still serve those who wait.
    if (this.#attempts.size > 0) return;
    const claims = [...this.#claims];
    this.#claims.clear();
    for (const claim of claims) claim.fail(reason);
  }
}
