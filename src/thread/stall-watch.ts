import { BEAT_MS } from './memory.ts';

/** So many ticks without a beat, 1 s, and the main event loop counts as blocked. */
const STALL_TICKS = 10;

/** What a {@link StallWatch} reports. */
export interface StallListener {
  /** The main event loop does not turn; called once a stall. */
  onStall(durationMs: number): void;
  /** Called on each tick of a stall, the first included. */
  onStalled(durationMs: number): void;
  /** It turns again. */
  onEnd(durationMs: number): void;
}

/**
 * Finds out whether the main event loop turns, from a beat that it raises. It counts its own ticks and no clock: a tick that
 * comes late counts once, so a process that was stopped as a whole, or a suspended machine, has no stall.
 */
export class StallWatch {
  readonly #read: () => number;
  readonly #listener: StallListener;
  #last: number;
  #ticks = 0;

  /** @param read the beat */
  constructor(read: () => number, listener: StallListener) {
    this.#read = read;
    this.#listener = listener;
    this.#last = read();
  }

  /** For how long there was no beat, in milliseconds. */
  get silentMs(): number {
    this.#look();
    return this.#ticks * BEAT_MS;
  }

  get isStalled(): boolean {
    this.#look();
    return this.#ticks >= STALL_TICKS;
  }

  /** To be called every `BEAT_MS`. */
  tick(): void {
    if (this.#look()) return;
    this.#ticks++;
    const durationMs = this.#ticks * BEAT_MS;
    if (this.#ticks === STALL_TICKS) this.#listener.onStall(durationMs);
    // The listener may have looked, and found that it is over.
    if (this.#ticks >= STALL_TICKS) this.#listener.onStalled(durationMs);
  }

  /** Ends a stall as soon as there is a beat, not only with the next tick. Returns true if there was one. */
  #look(): boolean {
    const beat = this.#read();
    if (beat === this.#last) return false;
    const ticks = this.#ticks;
    this.#last = beat;
    this.#ticks = 0;
    if (ticks >= STALL_TICKS) this.#listener.onEnd(ticks * BEAT_MS);
    return true;
  }
}
