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
 * A {@link Clock} that stands still until a test moves it: tests of timing take no time and assert exact milliseconds.
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

  /** What {@link epochMs} returns at first: the millennium, in milliseconds since 1970. */
  static readonly EPOCH_MS: number = Date.UTC(2000, 0, 1);

  /** Milliseconds since the clock was made. */
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

  /** Cancels a timer; one that has already fired is no error. */
  clearTimeout(handle: TimerHandle): void {
    this.#timers.delete(handle as Timer);
  }

  /** How many timers have neither fired nor been cleared. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on by whole milliseconds, firing each timer at its moment and letting promises settle in between. */
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

  /** Moves on without firing anything, as a blocked event loop does. */
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
