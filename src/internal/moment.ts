import type { Clock } from './time.ts';

/**
 * One moment on both clocks, each read when first needed: reading a clock is a good part of the cost of a run.
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
