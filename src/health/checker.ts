import type { CheckResult, CheckStatus } from './result.ts';

/** What a checker receives for one run. A plain object: destructure or spread it as you like. */
export interface CheckContext {
  /** The name under which the check is registered. */
  readonly name: string;
  /** How long this run may take, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Aborted when the time is over, or the check is unregistered or closed. Its `reason` is a `CheckTimeoutError` in the
   * first case. Pass it on to `fetch` and the like: a run that ignores it stays outstanding until it settles.
   */
  readonly signal: AbortSignal;
  /**
   * Sets the message to report if the time runs out from here on, instead of "no result within 800 ms": a checker knows
   * what it waits for. The last call counts; a function is called only when it is needed.
   *
   * @example setTimeoutMessage(() => `no free connection (${pool.waitingCount} waiting)`)
   */
  readonly setTimeoutMessage: (message: string | (() => string)) => void;
}

/** What a check may return: nothing (ok) or a result. Anything else is reported as that check's error. */
export type CheckReturn = CheckResult | undefined | void;

/**
 * The body of a checker. Return nothing for ok, a result for anything else, or throw: what is thrown becomes
 * the check's `error` with its message.
 */
export type CheckFunction = (context: CheckContext) => CheckReturn | Promise<CheckReturn>;

/**
 * `process`: about this process, so a restart may help. `dependency`: about what the process needs, which a restart does
 * not fix, so it is kept out of the `live` group.
 */
export type CheckerKind = 'process' | 'dependency';

/** Something that can check: what is registered with a controller. */
export interface Checker {
  readonly kind: CheckerKind;
  /** What a body without details shows while the check is ok: its status (the default) or its `value`. */
  readonly display?: 'status' | 'value';
  /** The `failOn` of a check that is registered without one. Default `'warning'`. */
  readonly failOn?: FailOn;
  /**
   * How many runs may be outstanding at once while runs ignore their abort signal, 1 to 3. Default 3. Set it to 1 where a stuck
   * run holds something scarce, such as a connection or a thread.
   */
  readonly maxOutstanding?: 1 | 2 | 3;
  readonly check: CheckFunction;
  /** Called once, when the check is unregistered or the controller closes. */
  close?(): void | Promise<void>;
}

/** The lowest status at which a check makes the report `unhealthy`; `never` shows it without acting on it. */
export type FailOn = 'warning' | 'error' | 'never';

/** How a check is registered. Every field has a default that suits a web service. */
export interface CheckOptions {
  /**
   * The lowest status that makes the report `unhealthy`, and so the answer 503. Default: the checker's, or `'warning'`:
   * anything but ok.
   */
  readonly failOn?: FailOn;
  /** The groups this check belongs to, each with a path of its own. Default `['ready']`. The base path holds every check. */
  readonly groups?: readonly string[];
  /**
   * How long a run may take, in whole milliseconds from 1 to 2147483647. Default: the controller's. Longer
   * than the controller's only together with `intervalMs`, because no probe waits for such a check.
   */
  readonly timeoutMs?: number;
  /**
   * How long a result answers probes before the check runs again, in whole milliseconds from 0 to 2147483647. Default
   * 1000; with `intervalMs` it is 2 × interval + timeout. A dependency is checked at most once in this time, however many
   * probers there are. After an error it runs again sooner, after 1, 2, 4 … s, so that an error does not outlive its cause.
   */
  readonly maxAgeMs?: number;
  /**
   * Runs the check in the background on this period, give or take a tenth, in whole milliseconds from 1 to
   * 2147483647. Default: none, the check runs on demand. For checks that are slow or cost something. After an
   * error it runs again after 1, 2, 4 … s already.
   */
  readonly intervalMs?: number;
  /**
   * How many failing runs in a row make a check that has been good count against its groups, from 1 to 1000. Default 1.
   * The status shown is always the last run's; below the threshold the report is `degraded`.
   */
  readonly failureThreshold?: number;
  /** How many good runs in a row it then takes until the check no longer counts, from 1 to 1000. Default 1. */
  readonly successThreshold?: number;
  /** Overrides the checker's kind, such as for a bare function that checks the process itself. */
  readonly kind?: CheckerKind;
}

/** Returns true if a status is at or over a check's `failOn`. */
export function reaches(status: CheckStatus, failOn: FailOn): boolean {
  if (failOn === 'never' || status === 'ok') return false;
  return status === 'error' || failOn === 'warning';
}
