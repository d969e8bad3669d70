import type { Moment } from '../internal/moment.ts';
import { type Clock, MAX_TIMER_MS, type TimerHandle } from '../internal/time.ts';

/**
 * A timer for deadlines that are nearly always met. It keeps running when a deadline is met and serves the next one,
 * because setting and clearing a timer for every run would cost as much as the run.
 */
export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #keepsAlive: boolean;
  readonly #onFire: () => void;
  #handle: TimerHandle | undefined;
  #firesAt = 0;

  /** @param keepsAlive true if the process must not end before a deadline that is awaited */
  constructor(clock: Clock, keepsAlive: boolean, onFire: () => void) {
    this.#clock = clock;
    this.#keepsAlive = keepsAlive;
    this.#onFire = onFire;
  }

  /** Fires at the deadline, or earlier if an earlier one was awaited: the receiver checks the clock. */
  arm(deadline: number, now: number): void {
    if (this.#handle !== undefined && this.#firesAt <= deadline) {
      if (this.#keepsAlive) this.#handle.ref?.();
      return;
    }
    this.stop();
    this.#firesAt = deadline;
    this.#handle = this.#clock.setTimeout(this.#fire, Math.max(0, deadline - now));
    if (!this.#keepsAlive) this.#handle.unref?.();
  }

  /** Nothing is awaited, so the process may end. */
  rest(): void {
    if (this.#keepsAlive) this.#handle?.unref?.();
  }

  stop(): void {
    if (this.#handle !== undefined) this.#clock.clearTimeout(this.#handle);
    this.#handle = undefined;
  }

  readonly #fire = (): void => {
    this.#handle = undefined;
    this.#onFire();
  };
}

/** When a background check runs next. It never keeps the process alive. */
export class PeriodTimer {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #handle: TimerHandle | undefined;
  /** On the clock's `now()`. */
  dueAt: number = Number.POSITIVE_INFINITY;
  /** The same in milliseconds since 1970; in the past while the check runs. */
  dueAtEpochMs: number | undefined;

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Schedules the next run and replaces the one scheduled before. */
  arm(delayMs: number): void {
    const delay = Math.max(1, Math.round(Math.min(delayMs, MAX_TIMER_MS)));
    if (this.#handle !== undefined) this.#clock.clearTimeout(this.#handle);
    this.#handle = this.#clock.setTimeout(this.#onDue, delay);
    this.#handle.unref?.();
    this.dueAt = this.#clock.now() + delay;
    this.dueAtEpochMs = this.#clock.epochMs() + delay;
  }

  /** Returns true if the next run is overdue by either clock: the process was stopped or blocked. */
  wasMissed(at: Moment): boolean {
    return at.now > this.dueAt || at.epochMs > (this.dueAtEpochMs ?? Number.POSITIVE_INFINITY);
  }

  stop(): void {
    if (this.#handle !== undefined) this.#clock.clearTimeout(this.#handle);
    this.#handle = undefined;
    this.dueAt = Number.POSITIVE_INFINITY;
    this.dueAtEpochMs = undefined;
  }
}
