import { failureCode, failureMessage } from './error-text.ts';
import { unlessAborted } from './promises.ts';
import { type Clock, inSeconds, systemClock } from './time.ts';

/** The pause after a first failure in milliseconds; it doubles with each further one. */
const FIRST_PAUSE_MS = 250;

/** The longest pause between two attempts, in milliseconds; a run with a shorter timeout waits no longer than that. */
const LONGEST_PAUSE_MS = 5_000;

/** How to open and end connections of one driver. */
export interface Connector<C> {
  /**
   * Makes a client that has not connected yet. It listens to the client's `error` event and calls `lost` when an open
   * connection breaks; without a listener that event would end the process. May throw.
   */
  make(lost: (reason: unknown) => void, timeoutMs: number): C;
  connect(client: C): PromiseLike<unknown>;
  /** Called once the connection is open, for example to unref it. */
  opened(client: C): void;
  /** Ends a client in any state and resolves when its socket is closed. Never rejects. */
  dispose(client: C): Promise<void>;
}

/** One attempt to connect. */
interface Attempt<C> {
  readonly startedAt: number;
  readonly client: C | undefined;
  readonly opened: Promise<C>;
}

/**
 * One connection for a check alone, opened when first needed and reopened when it breaks, with growing pauses between
 * failures. At most one attempt is ever in progress; one that outlasts its run serves the next, and is abandoned when it
 * has taken twice the timeout of the run that finds it.
 */
export class OwnConnection<C> {
  readonly #connector: Connector<C>;
  readonly #clock: Clock;
  /** The attempt in progress. */
  #attempt: Attempt<C> | undefined;
  /** The open connection. */
  #client: C | undefined;
  /** Failures since a query was last answered. */
  #failures = 0;
  #lastFailure: unknown;
  /** When the last failure occurred, on the clock's `now()`. */
  #failedAt = Number.NEGATIVE_INFINITY;
  #pauseMs = 0;
  /** The error of the last idle connection that broke since a check last succeeded. */
  lastLoss: string | undefined;

  constructor(connector: Connector<C>, clock: Clock = systemClock) {
    this.#connector = connector;
    this.#clock = clock;
  }

  /** Returns the open client. Rejects if none can be opened, during a pause, or if `signal` aborts first. */
  async acquire(signal: AbortSignal, timeoutMs: number): Promise<C> {
    signal.throwIfAborted();
    return this.#client ?? unlessAborted(this.#attemptNow(timeoutMs).opened, signal);
  }

  /** Called when the connection gave a good answer. */
  confirm(): void {
    this.#failures = 0;
  }

  /** Called when the connection is unusable: it hung, broke, or leads to the wrong server. */
  discard(client: C): void {
    void this.#connector.dispose(client);
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#pause(new Error('the last connection was closed because it gave no good answer'));
  }

  /** What {@link acquire} is waiting for, in words. */
  waitingFor(timeoutMs: number): string {
    const since = this.#attempt?.startedAt ?? this.#clock.now();
    const pendingMs = Math.round(this.#clock.now() - since);
    const pending = pendingMs > timeoutMs + 100 ? ` (the attempt began ${inSeconds(pendingMs)} ago)` : '';
    return `no connection within ${timeoutMs} ms${pending}`;
  }

  /** Closes the connection, or the attempt to open one. Resolves when the socket is closed. */
  async close(): Promise<void> {
    const client = this.#client ?? this.#attempt?.client;
    this.#client = undefined;
    this.#attempt = undefined;
    if (client !== undefined) await this.#connector.dispose(client);
  }

  /** @throws Error while the pause after a failure lasts */
  #attemptNow(timeoutMs: number): Attempt<C> {
    const now = this.#clock.now();
    if (this.#attempt !== undefined) {
      if (now - this.#attempt.startedAt < 2 * timeoutMs) return this.#attempt;
      this.#giveUp(this.#attempt);
    }
    const pauseMs = this.#failedAt + Math.min(this.#pauseMs, timeoutMs) - now;
    if (pauseMs > 0) throw this.#pausing(pauseMs);
    const attempt = this.#start(now, timeoutMs);
    this.#attempt = attempt;
    attempt.opened.then(
      (client) => this.#onOpened(attempt, client),
      (reason: unknown) => this.#onRefused(attempt, reason),
    );
    return attempt;
  }

  #start(startedAt: number, timeoutMs: number): Attempt<C> {
    let made: C;
    let trouble: unknown;
    try {
      const lost = (reason: unknown) => {
        trouble ??= reason;
        this.#onLost(made, reason);
      };
      made = this.#connector.make(lost, timeoutMs);
    } catch (thrown) {
      return { startedAt, client: undefined, opened: Promise.reject(thrown) };
    }
    const connecting = async () => {
      try {
        await this.#connector.connect(made);
      } catch (thrown) {
        // ioredis always rejects with "Connection is closed."; the reason comes in an event.
        throw trouble ?? thrown;
      }
      return made;
    };
    return { startedAt, client: made, opened: connecting() };
  }

  /** The peer accepts but never answers: the next attempt may reach one that does. */
  #giveUp(attempt: Attempt<C>): void {
    this.#attempt = undefined;
    if (attempt.client !== undefined) void this.#connector.dispose(attempt.client);
  }

  #pausing(pauseMs: number): Error {
    const code = failureCode(this.#lastFailure);
    const message = `${failureMessage(this.#lastFailure)}; the next attempt is due in ${inSeconds(pauseMs)}`;
    return Object.assign(new Error(message), code === undefined ? {} : { code });
  }

  #onOpened(attempt: Attempt<C>, client: C): void {
    if (this.#attempt !== attempt) {
      void this.#connector.dispose(client);
      return;
    }
    this.#attempt = undefined;
    this.#client = client;
    this.#connector.opened(client);
  }

  #onRefused(attempt: Attempt<C>, reason: unknown): void {
    // One that is no longer current has been disposed of.
    if (this.#attempt !== attempt) return;
    this.#attempt = undefined;
    if (attempt.client !== undefined) void this.#connector.dispose(attempt.client);
    this.#pause(reason);
  }

  /** The server, or something in between, cut the idle connection. */
  #onLost(client: C, reason: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.lastLoss = failureMessage(reason);
    void this.#connector.dispose(client);
  }

  #pause(reason: unknown): void {
    this.#lastFailure = reason;
    const longestMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 30), LONGEST_PAUSE_MS);
    this.#failures++;
    // Up to half less, so that a fleet does not reconnect in step.
    this.#pauseMs = longestMs * (1 - Math.random() / 2);
    this.#failedAt = this.#clock.now();
  }
}
