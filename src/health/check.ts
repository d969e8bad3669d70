import { outsideRequests } from '../internal/async-scope.ts';
import { Moment } from '../internal/moment.ts';
import { isThenable } from '../internal/promises.ts';
import { type Clock, inSeconds } from '../internal/time.ts';
import { TurnLimit } from '../internal/turn-limit.ts';
import type { CheckSettings } from './check-options.ts';
import { CheckRecord } from './check-record.ts';
import { contextOf } from './context.ts';
import { CheckTimeoutError } from './errors.ts';
import { OutstandingRuns } from './outstanding-runs.ts';
import type { CheckReport } from './report.ts';
import { type CheckResult, error, type Redactor, readFailure, readResult } from './result.ts';
import { Run } from './run.ts';
import { jittered, retryDelayMs } from './schedule.ts';
import { DeadlineTimer, PeriodTimer } from './timers.ts';

/** A timer later than this means that the event loop was blocked: the lost time is given back. In milliseconds. */
const TOLERATED_LATENESS_MS = 50;

/** Timers fire up to this much early: Node counts them in whole milliseconds. */
const TIMER_PRECISION_MS = 1;

/** A message with an age in it is renewed after this time, in milliseconds. */
const RESTATE_MS = 1000;

/** What a check reports to its controller. */
export interface CheckHost {
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** True while listeners are notified of a result, of this check or of another one. */
  isRecording(): boolean;
  /** A run has given a result. */
  onResult(check: Check, after: CheckReport, before: CheckReport | undefined, at: Moment): void;
  /** Something else changed what this check shows. */
  onInvalid(): void;
}

/**
 * One registered check: its runs and their time limit, and its background period. It knows nothing of groups, reports or
 * HTTP.
 */
export class Check {
  readonly settings: CheckSettings;
  readonly record: CheckRecord;
  readonly #host: CheckHost;
  readonly #runs: OutstandingRuns;
  readonly #deadline: DeadlineTimer;
  readonly #period: PeriodTimer | undefined;
  readonly #turn = new TurnLimit();
  #isStopped = false;

  constructor(settings: CheckSettings, host: CheckHost) {
    this.settings = settings;
    this.record = new CheckRecord(settings, host.clock);
    this.#host = host;
    this.#runs = new OutstandingRuns(settings.maxOutstanding);
    const isBackground = settings.intervalMs !== undefined;
    this.#deadline = new DeadlineTimer(host.clock, !isBackground, () => this.#onDeadline());
    this.#period = isBackground ? new PeriodTimer(host.clock, () => this.#onPeriod()) : undefined;
  }

  /** Starts the background period, with an immediate first run, if the check has one. */
  begin(): void {
    // A listener that was notified of the check may have unregistered it.
    if (this.#period !== undefined && !this.#isStopped) outsideRequests(this.#onPeriod, this, undefined);
  }

  /** The run that an answer has to wait for, if there is one. A background check is awaited only if it has no fresh result. */
  awaited(at: Moment): Run | undefined {
    const run = this.#runs.inTime;
    const isWaitedFor = this.#period === undefined || !this.record.isFresh(at);
    return isWaitedFor ? run : undefined;
  }

  /**
   * Starts a run if an answer needs one: if the last result does not stay fresh until `until`, which is now or later.
   * @returns true if it started one
   */
  refresh(at: Moment, until: number): boolean {
    if (this.#isStopped || this.#runs.inTime !== undefined) return false;
    if (this.#runs.overdue !== undefined) {
      if (this.#period !== undefined || at.now < this.#runs.nextAttemptAt()) return false;
      this.#start(at.now);
    } else if (this.#period === undefined) {
      if (this.record.isFresh(at, until)) return false;
      this.#start(at.now);
    } else {
      if (this.record.isFresh(at) || !this.#period.wasMissed(at)) return false;
      outsideRequests(this.#onPeriod, this, undefined);
    }
    return true;
  }

  /** What a report shows of this check. */
  shown(at: Moment): CheckReport {
    const { record } = this;
    if (this.#isStopped)
      return record.absent('the check is closed and no longer runs', 'ERR_CHECK_CLOSED', undefined);
    const { last } = record;
    if (last !== undefined && record.isFresh(at)) return last;
    const nextRunAtMs = this.#period?.dueAtEpochMs;
    const { stuckSince } = this.#runs;
    if (stuckSince !== undefined)
      return record.stuck(this.#stuckMessage(at.now, stuckSince), at.now, nextRunAtMs);
    if (last === undefined) return record.absent('no result yet', 'ERR_NO_RESULT', nextRunAtMs);
    return this.#period === undefined ? last : record.stale(at, nextRunAtMs);
  }

  /** Until when {@link shown} stays the same if no run settles, on the clock's `now()`. */
  shownUntil(now: number): number {
    const { freshUntil } = this.record;
    const isStuck = this.#runs.overdue !== undefined;
    const isRestated = now >= freshUntil && (isStuck || this.#period !== undefined);
    const until = isRestated ? now + RESTATE_MS : freshUntil;
    if (!isStuck) return until;
    return Math.min(until, this.record.missed(now).nextAtMs, Math.max(now, this.#runs.nextAttemptAt()));
  }

  /** Ends the runs and the period, wakes all waiters, and resolves when outstanding runs have really ended. */
  stop(reason: string): Promise<unknown> {
    const runs = this.#runs.all;
    this.#isStopped = true;
    this.#runs.clear();
    this.#period?.stop();
    this.#deadline.stop();
    for (const run of runs) run.abort(new Error(reason));
    this.#host.onInvalid();
    for (const run of runs) run.wake();
    return Promise.all(runs.map((run) => run.promise));
  }

  #onPeriod(): void {
    const period = this.#period as PeriodTimer;
    const now = this.#host.clock.now();
    const isHeldBack = this.#runs.overdue !== undefined && now < this.#runs.nextAttemptAt();
    period.arm(isHeldBack ? this.#runs.nextAttemptAt() - now : jittered(this.settings.intervalMs as number));
    if (!isHeldBack && this.#runs.inTime === undefined) this.#start(now);
  }

  #start(now: number): void {
    const run = new Run(this.settings.name, this.settings.timeoutMs, now);
    // Counted before the checker is called: a checker that asks for a report must find itself running.
    this.#runs.add(run);
    if (!this.#turn.admits()) setImmediate(() => this.#call(run));
    // A listener that asks for a report must not recurse deeper with each result.
    else if (this.#host.isRecording()) queueMicrotask(() => this.#call(run));
    else this.#call(run);
  }

  #call(run: Run): void {
    if (this.#runs.has(run)) outsideRequests(this.#callChecker, this, run);
  }

  #callChecker(run: Run): void {
    try {
      const returned = this.settings.check(contextOf(run));
      if (!isThenable(returned)) {
        this.#settle(run, readResult(returned, this.#host.redactor));
        return;
      }
      run.promise = Promise.resolve(returned).then(
        (value) => this.#settle(run, readResult(value, this.#host.redactor)),
        (thrown) => this.#settle(run, readFailure(thrown, this.#host.redactor)),
      );
    } catch (thrown) {
      this.#settle(run, readFailure(thrown, this.#host.redactor));
      return;
    }
    if (this.#runs.has(run)) this.#deadline.arm(run.deadline, run.startedAt);
  }

  #onDeadline(): void {
    const run = this.#runs.inTime;
    if (run === undefined) return;
    const now = this.#host.clock.now();
    const lateMs = now - run.deadline;
    // The loop was blocked, and the answer may be waiting in the socket: timers come before I/O.
    const isBlocked = lateMs > TOLERATED_LATENESS_MS && !run.isExtended;
    if (isBlocked) run.extend(lateMs + Math.min(lateMs, run.timeoutMs));
    if (isBlocked || lateMs < -TIMER_PRECISION_MS) {
      this.#deadline.arm(run.deadline, now);
      return;
    }
    run.timedOut = true;
    const message = run.timeoutMessage(this.#host.redactor);
    run.abort(new CheckTimeoutError(run.name, run.timeoutMs));
    // The checker's abort listener may have unregistered the check.
    if (!this.#runs.has(run)) return;
    this.#runs.onOverdue();
    this.#add(run, error(message, { code: 'ERR_CHECK_TIMEOUT' }));
  }

  #settle(run: Run, result: CheckResult): void {
    // The end of a run that was written off or stopped does not matter.
    if (!this.#runs.remove(run)) return;
    this.#deadline.rest();
    if (!run.timedOut) {
      this.#add(run, result);
      return;
    }
    this.record.onLateEnd();
    this.#hasten(this.record.errors);
    this.#host.onInvalid();
  }

  #add(run: Run, result: CheckResult): void {
    const before = this.record.last;
    if (result.status === 'error') this.#hasten(this.record.errors + 1);
    const at = new Moment(this.#host.clock);
    const after = this.record.add(run, result, at, this.#period?.dueAtEpochMs);
    this.#host.onResult(this, after, before, at);
    run.wake();
  }

  /** Lets the next background run come soon after an error; after an overdue run, when the next attempt is due. */
  #hasten(errors: number): void {
    if (this.#period === undefined) return;
    const intervalMs = this.settings.intervalMs as number;
    const delayMs = retryDelayMs(errors, intervalMs);
    if (this.#runs.overdue !== undefined)
      this.#period.arm(this.#runs.nextAttemptAt() - this.#host.clock.now());
    else if (delayMs < intervalMs) this.#period.arm(delayMs);
  }

  #stuckMessage(now: number, since: number): string {
    const waitMs = this.#runs.nextAttemptAt() - now;
    const next = waitMs > 0 ? `in ${Math.ceil(waitMs / 1000)} s` : 'with the next probe';
    return `still running after ${inSeconds(now - since)} and ignoring its abort signal; next attempt ${next}`;
  }
}
