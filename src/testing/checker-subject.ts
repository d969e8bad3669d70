import type { Checker } from '../health/checker.ts';
import { CheckTimeoutError } from '../health/errors.ts';
import { type CheckResult, error, readFailure, readResult } from '../health/result.ts';
import { isThenable } from '../internal/promises.ts';
import type { TcpProxy } from './tcp-proxy.ts';

/** Something with listeners, as every client and pool in Node has. */
export interface Emitter {
  eventNames(): (string | symbol)[];
  listenerCount(event: string | symbol): number;
}

/** A checker under test, with what belongs to it. */
export interface CheckerSubject {
  readonly checker: Checker;
  /** The application's client or pool: its listeners must not grow. */
  readonly client?: Emitter;
  /** Waits until the application's client has reconnected by itself. Default: it needs no time. */
  reconnected?(): Promise<unknown>;
  /** Ends the application's client or pool. */
  close?(): unknown;
}

/** One run, as an engine sees it. */
export interface Probe {
  readonly result: CheckResult;
  readonly timedOut: boolean;
  readonly tookMs: number;
  /** True if anything arrived from the server meanwhile. */
  readonly heardServer: boolean;
}

/** A run that has begun. */
export interface StartedRun {
  /** The result, once the run has settled. */
  readonly settled: Promise<CheckResult>;
  abort(reason: Error): void;
  /** The run's message for a timeout. */
  timeoutMessage(): string;
}

const NAME = 'subject';

/** How many overdue runs may be outstanding unless the checker sets it: the engine's own default. */
const MAX_OUTSTANDING = 3;

/** Runs a checker by the rules of the engine, on the machine's clock. */
export class CheckerRunner {
  readonly subject: CheckerSubject;
  readonly timeoutMs: number;
  readonly maxOutstanding: number;
  readonly #proxy: TcpProxy;
  readonly #outstanding = new Set<Promise<CheckResult>>();

  constructor(subject: CheckerSubject, proxy: TcpProxy, timeoutMs: number) {
    this.subject = subject;
    this.timeoutMs = timeoutMs;
    this.maxOutstanding = subject.checker.maxOutstanding ?? MAX_OUTSTANDING;
    this.#proxy = proxy;
  }

  /** How many runs have begun but not settled. */
  get outstanding(): number {
    return this.#outstanding.size;
  }

  /** One run within its time limit. While too many others are stuck it starts none and returns an error. */
  async probe(): Promise<Probe> {
    const startedAt = performance.now();
    const heard = this.#proxy.bytesFromServer;
    const end = (result: CheckResult, timedOut: boolean): Probe => ({
      result,
      timedOut,
      tookMs: performance.now() - startedAt,
      heardServer: this.#proxy.bytesFromServer > heard,
    });
    if (this.#outstanding.size >= this.maxOutstanding) {
      const freed = await within(this.timeoutMs, Promise.race(this.#outstanding));
      if (freed === undefined) return end(error('still running and ignoring its abort signal'), true);
    }
    const run = this.start();
    const result = await within(this.timeoutMs, run.settled);
    if (result !== undefined) return end(result, false);
    const message = run.timeoutMessage();
    run.abort(new CheckTimeoutError(NAME, this.timeoutMs));
    return end(error(message, { code: 'ERR_CHECK_TIMEOUT' }), true);
  }

  /** Begins a run that only its caller ends. */
  start(signal?: AbortSignal): StartedRun {
    const abort = new AbortController();
    let message: string | (() => string) = `no result within ${this.timeoutMs} ms`;
    const context = Object.freeze({
      name: NAME,
      timeoutMs: this.timeoutMs,
      signal: signal ?? abort.signal,
      setTimeoutMessage(given: string | (() => string)) {
        message = given;
      },
    });
    const settled = this.#call(context);
    this.#outstanding.add(settled);
    void settled.then(() => this.#outstanding.delete(settled));
    return {
      settled,
      abort: (reason) => abort.abort(reason),
      timeoutMessage: () => (typeof message === 'function' ? message() : message),
    };
  }

  async #call(context: Parameters<Checker['check']>[0]): Promise<CheckResult> {
    try {
      const returned = this.subject.checker.check(context);
      return readResult(isThenable(returned) ? await returned : returned);
    } catch (thrown) {
      return readFailure(thrown);
    }
  }
}

/** What the promise resolves with, or undefined if it takes longer. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
