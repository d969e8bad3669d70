import { failureMessage } from '../internal/error-text.ts';
import { handleRejection } from '../internal/promises.ts';
import { cleanText } from '../internal/redact.ts';
import type { TimerHandle } from '../internal/time.ts';
import type { CheckContext } from './checker.ts';
import { CheckTimeoutError } from './errors.ts';

/** One run of a check, from its start until its promise has settled. It is also what the checker sees as its context. */
export class Run implements CheckContext {
  readonly name: string;
  readonly timeoutMs: number;
  /** On the clock's `now()`. */
  readonly startedAt: number;
  // Private, behind accessors: a checker may freeze the context that it is given, and this must go on.
  #deadline: number;
  #isExtended = false;
  #isJudged = false;
  #timer: TimerHandle | undefined;
  #promise: Promise<void> | undefined;
  #waiters: (() => void)[] | undefined;
  #abort: AbortController | undefined;
  #abortReason: Error | undefined;
  #explanation: string | (() => string) | undefined;

  constructor(name: string, timeoutMs: number, startedAt: number) {
    this.name = name;
    this.timeoutMs = timeoutMs;
    this.startedAt = startedAt;
    this.#deadline = startedAt + timeoutMs;
  }

  /** When it will be judged, on the clock's `now()`. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Whether time that a blocked event loop took was given back already. */
  get isExtended(): boolean {
    return this.#isExtended;
  }

  /** Whether it ran out of time. It is outstanding all the same until its promise settles. */
  get isJudged(): boolean {
    return this.#isJudged;
  }

  get timer(): TimerHandle | undefined {
    return this.#timer;
  }

  set timer(timer: TimerHandle | undefined) {
    this.#timer = timer;
  }

  /** The checker's promise, for those who have to wait for its real end. */
  get promise(): Promise<void> | undefined {
    return this.#promise;
  }

  set promise(promise: Promise<void>) {
    this.#promise = promise;
  }

  /** Gives time back, once. */
  extend(byMs: number): void {
    this.#isExtended = true;
    this.#deadline += byMs;
  }

  /** Says that its time is over. */
  judge(): void {
    this.#isJudged = true;
  }

  /** Calls back once there is a result. */
  wait(waiter: () => void): void {
    this.#waiters ??= [];
    this.#waiters.push(waiter);
  }

  /** Wakes those who wait: there is a result. */
  wake(): void {
    const waiters = this.#waiters;
    this.#waiters = undefined;
    if (waiters !== undefined) for (const waiter of waiters) waiter();
  }

  /** Made when it is first read: most checkers never look, and a signal costs more than a trivial check. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#abortReason !== undefined) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }

  setTimeoutMessage(message: string | (() => string)): void {
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
      const text: unknown = typeof explanation === 'function' ? explanation() : explanation;
      handleRejection(text);
      return cleanText(String(text));
    } catch (thrown) {
      return `no result within ${this.timeoutMs} ms (and no explanation: ${failureMessage(thrown)})`;
    }
  }
}
