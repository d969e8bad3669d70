import type { CheckContext } from './checker.ts';
import type { TimerHandle } from './clock.ts';
import { CheckTimeoutError } from './errors.ts';
import { cleanText } from './redact.ts';
import { failureMessage } from './result.ts';

/** One run of a check, from its start until its promise has settled. It is also what the checker sees as its context. */
export class Run implements CheckContext {
  readonly name: string;
  readonly timeoutMs: number;
  /** On the clock's `now()`. */
  readonly startedAt: number;
  /** When it will be judged, on the clock's `now()`. */
  deadline: number;
  /** Whether time that a blocked event loop took was given back already. */
  isExtended = false;
  /** Whether it ran out of time. It is outstanding all the same until its promise settles. */
  isJudged = false;
  timer: TimerHandle | undefined;
  /** The checker's promise, for those who have to wait for its real end. */
  promise: Promise<void> | undefined;
  /** Called once there is a result; undefined while nobody waits. */
  waiters: (() => void)[] | undefined;
  #abort: AbortController | undefined;
  #abortReason: Error | undefined;
  #explanation: string | (() => string) | undefined;

  constructor(name: string, timeoutMs: number, startedAt: number) {
    this.name = name;
    this.timeoutMs = timeoutMs;
    this.startedAt = startedAt;
    this.deadline = startedAt + timeoutMs;
  }

  /** Made when it is first read: most checkers never look, and a signal costs more than a trivial check. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#abortReason !== undefined) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }

  explainTimeout(message: string | (() => string)): void {
    this.#explanation = message;
  }

  abort(reason: Error): void {
    this.#abortReason = reason;
    this.#abort?.abort(reason);
  }

  /** What to say of a run whose time is over. */
  timeoutMessage(): string {
    const explanation = this.#explanation;
    if (explanation === undefined) return new CheckTimeoutError(this.name, this.timeoutMs).message;
    try {
      return cleanText(String(typeof explanation === 'function' ? explanation() : explanation));
    } catch (thrown) {
      return `no result within ${this.timeoutMs} ms (and no explanation: ${failureMessage(thrown)})`;
    }
  }
}
