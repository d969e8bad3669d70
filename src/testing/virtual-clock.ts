import type { Clock, TimerHandle } from '../internal/time.ts';

interface Timer extends TimerHandle {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Resolves once every promise that can settle without time or I/O has settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * A {@link Clock} that moves only when a test moves it: tests of timing take no time and assert exact milliseconds.
 *
 * @example
 * const clock = new VirtualClock();
 * const health = new HealthController({ clock }).register('slow', () => new Promise(() => {}));
 * const answer = health.report();
 * await clock.advance(800);
 * (await answer).status; // 'unhealthy'
 */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** The initial value of {@link epochMs}: the start of the year 2000, in milliseconds since 1970. */
  static readonly EPOCH_MS: number = Date.UTC(2000, 0, 1);

  /** Milliseconds since the clock was created. */
  now(): number {
    return this.#now;
  }

  /** The wall clock, which moves with {@link now}. */
  epochMs(): number {
    return VirtualClock.EPOCH_MS + this.#now;
  }

  /** Fires in {@link advance}. */
  setTimeout(callback: () => void, delayMs: number): TimerHandle {
    const timer: Timer = { at: this.#now + delayMs, order: this.#order++, callback };
    this.#timers.add(timer);
    return timer;
  }

  /** Cancels a timer; does nothing if it has already fired. */
  clearTimeout(handle: TimerHandle): void {
    this.#timers.delete(handle as Timer);
  }

  /** How many timers have neither fired nor been cleared. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves forward by whole milliseconds, firing each timer at its time and letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    await settle();
    for (let timer = this.#next(target); timer !== undefined; timer = this.#next(target)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.callback();
      await settle();
    }
    this.#now = target;
    await settle();
  }

  /** Moves forward without firing anything, like a blocked event loop. */
  block(ms: number): void {
    this.#now += ms;
  }

  #next(target: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > target) continue;
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}
