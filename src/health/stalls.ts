import type { HealthSource } from './source.ts';

/** A time during which the event loop was blocked. */
export interface Stall {
  /** How long it was, in milliseconds. */
  readonly durationMs: number;
  /** When it began, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** Where the main thread was: functions, the innermost first. Absent if it was not captured. */
  readonly stack?: string;
}

/** Two reports that begin within this time of each other are about the same stall. In milliseconds. */
const SAME_STALL_MS = 500;

/** The stalls of the event loop: a thread reports them, metrics and pages show them. */
export class Stalls {
  readonly #listeners = new Set<(stall: Stall) => void>();
  #watchers = 0;
  /** The last one. */
  last: Stall | undefined;

  /** True while a thread watches for stalls. */
  get isWatched(): boolean {
    return this.#watchers > 0;
  }

  /** Called by a thread that watches for stalls. @returns a function to call when it stops */
  watch(): () => void {
    this.#watchers++;
    return () => {
      this.#watchers--;
    };
  }

  /** Adds a stall that is over. Returns false if another thread has reported it already. */
  add(stall: Stall): boolean {
    const { last } = this;
    if (this.#watchers > 1 && last !== undefined && Math.abs(stall.sinceMs - last.sinceMs) < SAME_STALL_MS)
      return false;
    this.last = stall;
    for (const listener of this.#listeners) listener(stall);
    return true;
  }

  onStall(listener: (stall: Stall) => void): void {
    this.#listeners.add(listener);
  }
}

const stalls = new WeakMap<object, Stalls>();

/** The stalls that the threaded listeners of a source have found. */
export function stallsOf(health: HealthSource): Stalls {
  let known = stalls.get(health);
  if (known === undefined) {
    known = new Stalls();
    stalls.set(health, known);
  }
  return known;
}
