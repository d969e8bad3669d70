import { failureMessage } from '../internal/error-text.ts';
import { handleRejection } from '../internal/promises.ts';
import { cleanText } from '../internal/redact/clean-text.ts';
import { CheckTimeoutError } from './errors.ts';
import type { Redactor } from './result.ts';

/** One run of a check, from its start until its promise has settled. */
export class Run {
  readonly name: string;
  readonly timeoutMs: number;
  /** On the clock's `now()`, as is `deadline`. */
  startedAt: number;
  deadline: number;
  /** True once it got back the time that a blocked event loop took. */
  isExtended = false;
  /** True once it ran out of time. It is outstanding all the same until its promise settles. */
  timedOut = false;
  /** The checker's promise, for those who wait for its real end. */
  promise: Promise<void> | undefined;
  /** What the checker wants reported if its time runs out. */
  explanation: string | (() => string) | undefined;
  #waiters: (() => void)[] | undefined;
  #abort: AbortController | undefined;
  #abortReason: Error | undefined;

  constructor(name: string, timeoutMs: number, startedAt: number) {
    this.name = name;
    this.timeoutMs = timeoutMs;
    this.startedAt = startedAt;
    this.deadline = startedAt + timeoutMs;
  }

  /** Gives time back, once. */
  extend(byMs: number): void {
    this.isExtended = true;
    this.deadline += byMs;
  }

  /** Calls back once there is a result. */
  wait(waiter: () => void): void {
    if (this.#waiters === undefined) this.#waiters = [waiter];
    else this.#waiters.push(waiter);
  }

  /** Wakes those who wait: there is a result. */
  wake(): void {
    const waiters = this.#waiters;
    if (waiters === undefined) return;
    this.#waiters = undefined;
    for (const waiter of waiters) waiter();
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#abortReason !== undefined) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }

  abort(reason: Error): void {
    this.#abortReason = reason;
    this.#abort?.abort(reason);
  }

  /** The message of a run that ran out of time. */
  timeoutMessage(redactor: Redactor): string {
    const { explanation } = this;
    if (explanation === undefined) return new CheckTimeoutError(this.name, this.timeoutMs).message;
    try {
      const text: unknown = typeof explanation === 'function' ? explanation() : explanation;
      handleRejection(text);
      return cleanText(String(text), redactor);
    } catch (thrown) {
      return `no result within ${this.timeoutMs} ms (and no explanation: ${failureMessage(thrown, 'the timeout message')})`;
    }
  }
}
