/** The words of the shared memory. Each is a 32-bit integer. */
const BEAT = 0;
const VERSION = 1;
const DRAINING = 2;
const DEBUGGED = 3;
const WORDS = 4;

/** How often the main thread increments the beat, and how often the other thread reads it, in milliseconds. */
export const BEAT_MS = 100;

/**
 * What the main thread shows the other one without a message: a blocked thread neither sends nor reads messages. Only the
 * main thread writes it.
 */
export class SharedState {
  /** Pass it to the other thread. */
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** Increases while the main event loop runs; wraps around. */
  get beat(): number {
    return Atomics.load(this.#words, BEAT);
  }

  /** Increases whenever earlier reports become invalid; wraps around. */
  get version(): number {
    return Atomics.load(this.#words, VERSION);
  }

  get isDraining(): boolean {
    return Atomics.load(this.#words, DRAINING) === 1;
  }

  /** True while a debugger is, or could be, attached to the main thread. */
  get isDebugged(): boolean {
    return Atomics.load(this.#words, DEBUGGED) === 1;
  }

  raiseBeat(): void {
    Atomics.add(this.#words, BEAT, 1);
  }

  raiseVersion(): void {
    Atomics.add(this.#words, VERSION, 1);
  }

  setDraining(): void {
    Atomics.store(this.#words, DRAINING, 1);
  }

  setDebugged(isDebugged: boolean): void {
    Atomics.store(this.#words, DEBUGGED, isDebugged ? 1 : 0);
  }
}

/** Returns true if a version is the same as the other or later, also across the wrap-around of 32 bits. */
export function isSameOrLater(version: number, than: number): boolean {
  return ((version - than) | 0) >= 0;
}

/** Monotonic milliseconds with the same origin in every thread; `performance.now()` starts at 0 in each. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
