import { writeSync } from 'node:fs';
import { inSeconds } from '../internal/time.ts';
import type { SharedState } from './memory.ts';
import { type CapturedStack, captureStack, type DebugSession } from './stack-capture.ts';

/** How long the main thread may need to clean up an ended session; this thread must not end earlier. In milliseconds. */
const SETTLE_MS = 1000;

const NATIVE = 'native code, no stack available';

/** What a capture found, kept until the stall has outlasted it. */
interface Found {
  readonly stack: CapturedStack;
  /** How long the stall had lasted at the capture, in milliseconds. */
  readonly durationMs: number;
}

/**
 * Finds out once per stall where the main thread is blocked, and writes one line about it.
 *
 * If a call into native code returns during the capture, the pause hits whatever runs next, perhaps in another turn of the event
 * loop. So a stack is shown only if the stall continues after the capture.
 */
export class StackWatch {
  readonly #state: SharedState;
  readonly #afterMs: number;
  #isCapturing = false;
  #endedAt = Number.NEGATIVE_INFINITY;
  #isTaken = false;
  /** The number of the current stall. */
  #stall = 0;
  #found: Found | undefined;
  /** Where the main thread is, or was, as text. */
  stack: string | undefined;

  /** @param afterMs how long a stall must last before its stack is captured, in milliseconds; 0 turns that off */
  constructor(state: SharedState, afterMs: number) {
    this.#state = state;
    this.#afterMs = afterMs;
  }

  /**
   * Calls back once this thread may end: Node aborts the process if a thread ends while the main one is cleaning up an inspector
   * session with it.
   */
  whenSettled(done: () => void): void {
    const leftMs = this.#isCapturing ? SETTLE_MS : this.#endedAt + SETTLE_MS - performance.now();
    if (leftMs > 0) setTimeout(() => this.whenSettled(done), leftMs);
    else done();
  }

  onStall(): void {
    this.#stall++;
    this.#isTaken = false;
    this.#found = undefined;
    this.stack = undefined;
  }

  onStalled(durationMs: number): void {
    this.#show();
    const isDue = this.#afterMs > 0 && durationMs >= this.#afterMs && !this.#isTaken && !this.#isCapturing;
    // A pause under a debugger is intended.
    if (!isDue || this.#state.isDebugged) return;
    this.#isTaken = true;
    const session = openSession();
    if (session === undefined) return;
    this.#isCapturing = true;
    const stall = this.#stall;
    captureStack(session, (stack) => {
      this.#isCapturing = false;
      this.#endedAt = performance.now();
      if (stall === this.#stall) this.#found = { stack, durationMs };
    });
  }

  onEnd(): void {
    this.#stall++;
    this.#found = undefined;
  }

  #show(): void {
    if (this.#found === undefined) return;
    const { stack, durationMs } = this.#found;
    this.#found = undefined;
    this.stack = stack ?? NATIVE;
    writeLine(`event loop blocked for ${inSeconds(durationMs)} in ${this.stack}`);
  }
}

/** Undefined if the runtime has no inspector. */
function openSession(): DebugSession | undefined {
  try {
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session() as unknown as DebugSession;
    return typeof session.connectToMainThread === 'function' ? session : undefined;
  } catch {
    return undefined;
  }
}

/** Writes to the file descriptor: `process.stderr` of a thread needs the event loop of the main thread, which is blocked. */
function writeLine(line: string): void {
  try {
    writeSync(2, `allswell: ${line}\n`);
  } catch {
    // A full or closed pipe.
  }
}
