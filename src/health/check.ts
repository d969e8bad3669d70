import { isThenable } from '../internal/promises.ts';
import type { Clock, TimerHandle } from '../internal/time.ts';
import { inSeconds, MAX_TIMER_MS } from '../internal/time.ts';
import { checkReport } from './check-report.ts';
import { reaches } from './checker.ts';
import { CheckTimeoutError } from './errors.ts';
import { History, type HistoryEntry } from './history.ts';
import type { CheckSettings } from './options.ts';
import type { CheckReport } from './report.ts';
import { type CheckResult, error, readFailure, readResult } from './result.ts';
import { Run } from './run.ts';

/** A timer later than this means that the event loop was blocked: the lost time is given back. In milliseconds. */
const TOLERATED_LATENESS_MS = 50;

/** How long a checker has to end after its signal was aborted, before it is said to ignore it. In milliseconds. */
const ABORT_GRACE_MS = 50;

/** A sentence with an age in it is said anew after this time, in milliseconds. */
const RESTATE_MS = 1000;

/** The period of a background check varies by this part of it, so that a fleet does not ask in step. */
const JITTER = 0.1;

/** What a runner tells its controller. */
export interface RunnerHost {
  readonly clock: Clock;
  /** A run has given a result; `changed` says whether the check's status is another one now. */
  onResult(runner: Runner, report: CheckReport, changed: boolean): void;
  /** Something else changed what this runner shows: a run that had run out of time has ended, or the check was stopped. */
  onVoid(): void;
}

/**
 * One registered check: at most one run outstanding, its time limit, the age of its last result, its
 * background period. It knows nothing of groups, reports or HTTP.
 */
export class Runner {
  readonly settings: CheckSettings;
  /** Whether a result has once not reached `failOn`: what the startup group waits for. */
  hasPassed = false;
  /** When the last result came, on the clock's `now()`. */
  settledAt: number = Number.NEGATIVE_INFINITY;
  #latest: CheckReport | undefined;
  /** Until when the last result may be shown, on the clock's `now()`. */
  #freshUntil = Number.NEGATIVE_INFINITY;
  #run: Run | undefined;
  #intervalTimer: TimerHandle | undefined;
  /** When the background period comes round next, in milliseconds since 1970. */
  #nextRunAtMs: number | undefined;
  /** Made with the first result, so that a check that nobody asks for costs nothing. */
  #history: History | undefined;
  #isStopped = false;
  readonly #host: RunnerHost;

  constructor(settings: CheckSettings, host: RunnerHost) {
    this.settings = settings;
    this.#host = host;
  }

  /** Starts the background period, with a first run at once, if the check has one. */
  begin(): void {
    if (this.settings.intervalMs !== undefined) this.#tick(this.settings.intervalMs);
  }

  /** Whether a run has ever given a result. */
  get hasResult(): boolean {
    return this.#latest !== undefined;
  }

  /** The last results, oldest first. */
  get history(): readonly HistoryEntry[] {
    return this.#history?.entries() ?? [];
  }

  /** The run that an answer has to wait for, if there is one. Nobody waits for background runs or for one that is overdue. */
  get awaited(): Run | undefined {
    const run = this.#run;
    return run === undefined || run.isJudged || this.settings.intervalMs !== undefined ? undefined : run;
  }

  /** Runs an on-demand check whose result will not be fresh until `moment`, unless a run is outstanding. */
  refresh(moment: number): void {
    if (moment < this.#freshUntil || this.#run !== undefined || this.settings.intervalMs !== undefined)
      return;
    if (!this.#isStopped) this.#start();
  }

  /** What a report shows of this check at `now`. */
  shown(now: number): CheckReport {
    const { intervalMs } = this.settings;
    if (this.#isStopped) return this.#stated('the check is closed and runs no more', 'ERR_CHECK_CLOSED');
    if (now < this.#freshUntil && this.#latest !== undefined) return this.#latest;
    if (this.#run?.isJudged)
      return this.#stated(stillRunning(now - this.#run.startedAt), 'ERR_CHECK_TIMEOUT');
    if (this.#latest === undefined) return this.#stated('no result yet', 'ERR_NO_RESULT');
    if (intervalMs === undefined) return this.#latest;
    return this.#stated(`last result is ${inSeconds(now - this.settledAt)} old`, 'ERR_CHECK_STALE');
  }

  /** Until when {@link shown} says the same if no run settles, on the clock's `now()`. */
  shownUntil(now: number): number {
    if (now < this.#freshUntil) return this.#freshUntil;
    if (this.#run?.isJudged || this.settings.intervalMs !== undefined) return now + RESTATE_MS;
    return this.#freshUntil;
  }

  /** Ends runs and period, wakes those who wait, and resolves when an outstanding run has really ended. */
  stop(reason: string): Promise<void> {
    const run = this.#run;
    this.#isStopped = true;
    this.#run = undefined;
    if (this.#intervalTimer !== undefined) this.#host.clock.clearTimeout(this.#intervalTimer);
    if (run === undefined) return Promise.resolve();
    if (run.timer !== undefined) this.#host.clock.clearTimeout(run.timer);
    run.abort(new Error(reason));
    this.#host.onVoid();
    run.wake();
    return run.promise ?? Promise.resolve();
  }

  #tick(intervalMs: number): void {
    const { clock } = this.#host;
    const period = intervalMs * (1 - JITTER + 2 * JITTER * Math.random());
    const delayMs = Math.max(1, Math.round(Math.min(period, MAX_TIMER_MS)));
    this.#intervalTimer = clock.setTimeout(() => this.#tick(intervalMs), delayMs);
    this.#intervalTimer.unref?.();
    this.#nextRunAtMs = clock.epochMs() + delayMs;
    if (this.#run === undefined) this.#start();
  }

  #start(): void {
    const { clock } = this.#host;
    const run = new Run(this.settings.name, this.settings.timeoutMs, clock.now());
    // Set before the checker is called: a checker that asks for a report must find itself running.
    this.#run = run;
    try {
      const returned = this.settings.check(run);
      if (!isThenable(returned)) {
        this.#settle(run, readResult(returned));
        return;
      }
      run.promise = Promise.resolve(returned).then(
        (value) => this.#settle(run, readResult(value)),
        (thrown) => this.#settle(run, readFailure(thrown)),
      );
    } catch (thrown) {
      this.#settle(run, readFailure(thrown));
    }
    if (this.#run === run) this.#arm(run);
  }

  #arm(run: Run): void {
    const { clock } = this.#host;
    run.timer = clock.setTimeout(() => this.#onDeadline(run), Math.max(0, run.deadline - clock.now()));
    if (this.settings.intervalMs !== undefined) run.timer.unref?.();
  }

  #onDeadline(run: Run): void {
    const lateMs = this.#host.clock.now() - run.deadline;
    if (lateMs > TOLERATED_LATENESS_MS && !run.isExtended) {
      // The loop was blocked, and the answer may be waiting in the socket: timers come before I/O.
      run.extend(lateMs + Math.min(lateMs, run.timeoutMs));
      this.#arm(run);
      return;
    }
    run.judge();
    const message = run.timeoutMessage();
    run.abort(new CheckTimeoutError(run.name, run.timeoutMs));
    // A checker that listens may have unregistered its check.
    if (this.#run !== run) return;
    this.#record(run, error(message, { code: 'ERR_CHECK_TIMEOUT' }));
  }

  #settle(run: Run, result: CheckResult): void {
    if (this.#run !== run) return;
    this.#run = undefined;
    if (run.timer !== undefined) this.#host.clock.clearTimeout(run.timer);
    if (run.isJudged) {
      this.#freshUntil = this.settledAt + this.settings.maxAgeMs;
      this.#host.onVoid();
    } else {
      this.#record(run, result);
    }
  }

  #record(run: Run, result: CheckResult): void {
    const now = this.#host.clock.now();
    const before = this.#latest;
    const report = this.#reportOf(result, run.isJudged, now - run.startedAt);
    this.#latest = report;
    this.settledAt = now;
    const { maxAgeMs } = this.settings;
    this.#freshUntil = now + (run.isJudged ? Math.max(maxAgeMs, ABORT_GRACE_MS) : maxAgeMs);
    this.#history ??= new History();
    this.#history.add(report.status, report.checkedAt.getTime(), report.durationMs);
    if (!reaches(result.status, this.settings.failOn)) this.hasPassed = true;
    this.#host.onResult(this, report, before?.status !== report.status);
    run.wake();
  }

  #reportOf(result: CheckResult, timedOut: boolean, durationMs: number): CheckReport {
    const before = this.#latest;
    const checkedAt = new Date(this.#host.clock.epochMs());
    const isOk = result.status === 'ok';
    return checkReport(this.settings, result, {
      durationMs: Math.round(durationMs * 1000) / 1000,
      checkedAt,
      since: before?.status === result.status ? before.since : checkedAt,
      lastOkAt: isOk ? checkedAt : before?.lastOkAt,
      consecutiveFailures: isOk ? 0 : (before?.consecutiveFailures ?? 0) + 1,
      timedOut,
      nextRunAt: this.#nextRunAt(),
    });
  }

  /** An error that no run gave: the lack of a result that may be shown. */
  #stated(message: string, code: string): CheckReport {
    const before = this.#latest;
    const at = before?.checkedAt ?? new Date(this.#host.clock.epochMs());
    return checkReport(this.settings, error(message, { code }), {
      durationMs: before?.durationMs ?? 0,
      checkedAt: at,
      since: before?.status === 'error' ? before.since : new Date(this.#host.clock.epochMs()),
      lastOkAt: before?.lastOkAt,
      consecutiveFailures: before?.consecutiveFailures ?? 0,
      timedOut: before?.timedOut ?? false,
      nextRunAt: this.#nextRunAt(),
    });
  }

  #nextRunAt(): Date | undefined {
    return this.#nextRunAtMs === undefined || this.#isStopped ? undefined : new Date(this.#nextRunAtMs);
  }
}

function stillRunning(elapsedMs: number): string {
  return (
    `still running after ${inSeconds(elapsedMs)}: the checker does not heed its abort signal; no new run starts until ` +
    'this one settles or the check is registered anew'
  );
}
