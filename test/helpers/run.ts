import type { CheckContext, Checker } from '../../src/health/checker.ts';
import { type CheckResult, readFailure, readResult } from '../../src/health/result.ts';

/** One run of a checker without a controller. */
export interface TestRun {
  readonly result: Promise<CheckResult>;
  abort(reason?: Error): void;
  /** What would be said if the time were over now. */
  timeoutMessage(): string;
}

/** Begins a run; its time is over when the test aborts it. */
export function begin(checker: Checker, timeoutMs = 800): TestRun {
  const abort = new AbortController();
  let message: string | (() => string) = '';
  const context: CheckContext = {
    name: 'subject',
    timeoutMs,
    signal: abort.signal,
    setTimeoutMessage(given) {
      message = given;
    },
  };
  const call = async () => checker.check(context);
  return {
    result: call().then(readResult, readFailure),
    abort: (reason = new Error('the time is over')) => abort.abort(reason),
    timeoutMessage: () => (typeof message === 'function' ? message() : message),
  };
}

/** The result of one run that needs no abort. */
export function resultOf(checker: Checker): Promise<CheckResult> {
  return begin(checker).result;
}
