import { BEAT_MS } from './memory.ts';

/** After this many ticks without a beat, 1 s, the main event loop counts as blocked. */
const STALL_TICKS = 10;

/** What a {@link StallWatch} reports. */
export interface StallListener {
  /** The main event loop is blocked; called once per stall. */
  onStall(durationMs: number): void;
  /** Called on each tick of a stall, including the first. */
  onStalled(durationMs: number): void;
  /** The event loop runs again. */
  onEnd(durationMs: number): void;
}

/**
 * Finds out from its beat whether the main event loop runs. It counts its own ticks, not time: a late tick counts once, so a
 * stopped process or a suspended machine causes no stall.
 */
export class StallWatch {
  readonly #read: () => number;
  readonly #listener: StallListener;
  #last: number;
  #ticks = 0;

  /** @param read returns the beat */
  constructor(read: () => number, listener: StallListener) {
    this.#read = read;
    this.#listener = listener;
    this.#last = read();
  }

  /** How long there has been no beat, in milliseconds. */
  get silentMs(): number {
    this.#look();
    return this.#ticks * BEAT_MS;
  }

  get isStalled(): boolean {
    this.#look();
    return this.#ticks >= STALL_TICKS;
  }

  /** Call it every `BEAT_MS`. */
  tick(): void {
    if (this.#look()) return;
    this.#ticks++;
    const durationMs = this.#ticks * BEAT_MS;
    if (this.#ticks === STALL_TICKS) this.#listener.onStall(durationMs);
    // The listener may have read the beat, and found that the stall is over.
    if (this.#ticks >= STALL_TICKS) this.#listener.onStalled(durationMs);
  }

  /** Ends a stall at the first beat, without waiting for the next tick. Returns true if there was a beat. */
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
