import type { Clock } from './time.ts';

/**
 * One moment by both clocks, each read when it is first asked for: reading a clock is a good part of what a run costs.
 */
export class Moment {
  readonly #clock: Clock;
  #now: number | undefined;
  #epochMs: number | undefined;

  /** @param now what the monotonic clock has just said, if it was read */
  constructor(clock: Clock, now?: number) {
    this.#clock = clock;
    this.#now = now;
  }

  /** Monotonic milliseconds. */
  get now(): number {
    this.#now ??= this.#clock.now();
    return this.#now;
  }

  /** Milliseconds since 1970. */
  get epochMs(): number {
    this.#epochMs ??= this.#clock.epochMs();
    return this.#epochMs;
  }
}
