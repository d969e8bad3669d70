import { writeSync } from 'node:fs';
import { inSeconds } from '../internal/time.ts';
import type { SharedState } from './memory.ts';
import { captureStack, type DebugSession } from './stack-capture.ts';

/** A session that has ended takes the main thread a moment to put away; this thread must not end before. In milliseconds. */
const SETTLE_MS = 1000;

const NATIVE = 'native code, no stack available';

/** Finds out, once a stall, where the main thread is blocked, and writes one line about it. */
export class StackWatch {
  readonly #state: SharedState;
  readonly #afterMs: number;
  #isCapturing = false;
  #endedAt = Number.NEGATIVE_INFINITY;
  #isTaken = false;
  /** Where the main thread is, or was, in words. */
  stack: string | undefined;

  /** @param afterMs how long a stall has to be, in milliseconds; 0: never look */
  constructor(state: SharedState, afterMs: number) {
    this.#state = state;
    this.#afterMs = afterMs;
  }

  /** How long this thread has to live at least, in milliseconds: the main thread is still ending a session with it. */
  get busyMs(): number {
    if (this.#isCapturing) return SETTLE_MS;
    return Math.max(0, this.#endedAt + SETTLE_MS - performance.now());
  }

  onStall(): void {
    this.#isTaken = false;
    this.stack = undefined;
  }

  onStalled(durationMs: number): void {
    const isDue = this.#afterMs > 0 && durationMs >= this.#afterMs && !this.#isTaken && !this.#isCapturing;
    // With a debugger attached, a pause is the person's business.
    if (!isDue || this.#state.isDebugged) return;
    this.#isTaken = true;
    const session = openSession();
    if (session === undefined) return;
    this.#isCapturing = true;
    captureStack(session, (stack) => {
      this.#isCapturing = false;
      this.#endedAt = performance.now();
      this.stack = stack ?? NATIVE;
      writeLine(`event loop blocked for ${inSeconds(durationMs)} in ${this.stack}`);
    });
  }
}

/** Undefined where the runtime has no inspector. */
function openSession(): DebugSession | undefined {
  try {
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session() as unknown as DebugSession;
    return typeof session.connectToMainThread === 'function' ? session : undefined;
  } catch {
    return undefined;
  }
}

/** Straight to the file: `process.stderr` of a thread goes through the event loop of the main thread, which is blocked. */
function writeLine(line: string): void {
  try {
    writeSync(2, `allswell: ${line}\n`);
  } catch {
    // A full or closed pipe.
  }
}
