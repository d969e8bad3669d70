import type { Moment } from '../internal/moment.ts';
import { type Clock, inSeconds } from '../internal/time.ts';
import type { CheckSettings } from './check-options.ts';
import { type CheckFacts, checkReport } from './check-report.ts';
import { Gate } from './gate.ts';
import { History, type HistoryEntry } from './history.ts';
import type { CheckReport } from './report.ts';
import { type CheckResult, error } from './result.ts';
import type { Run } from './run.ts';
import { type Missed, missedRuns, retryDelayMs } from './schedule.ts';

/** How long a checker has to end after its signal was aborted, before it is reported as ignoring it. In milliseconds. */
const ABORT_GRACE_MS = 50;

/** How far the wall clock may be ahead of the monotonic one before a result counts as older, in milliseconds. */
const WALL_CLOCK_TOLERANCE_MS = 50;

/** The last result of a check, and how long it stays fresh. */
interface LastResult {
  readonly report: CheckReport;
  /** On the clock's `now()`, as is `freshUntil`. */
  readonly settledAt: number;
  freshUntil: number;
  /** Runs in a row that ended in an error, this one included. */
  readonly errors: number;
}

/** What is known of a check from its runs: the last result, how long it stays fresh, what it means for the check's groups. */
export class CheckRecord {
  readonly #settings: CheckSettings;
  readonly #clock: Clock;
  readonly #gate: Gate;
  #last: LastResult | undefined;
  /** Made with the first result, so that a check that never runs costs nothing. */
  #history: History | undefined;
  /** Since when an overdue run has kept others from starting, on the clock's `now()`. */
  #overdueSince: number | undefined;
  /** Failing runs that overdue runs kept from starting and that no result has counted yet. */
  #missed = 0;

  constructor(settings: CheckSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#gate = new Gate(settings.failOn, settings.failureThreshold, settings.successThreshold);
  }

  /** The last result; undefined before the first. */
  get last(): CheckReport | undefined {
    return this.#last?.report;
  }

  /** When the last result came, and until when it is fresh, on the clock's `now()`. */
  get settledAt(): number {
    return this.#last?.settledAt ?? Number.NEGATIVE_INFINITY;
  }

  get freshUntil(): number {
    return this.#last?.freshUntil ?? Number.NEGATIVE_INFINITY;
  }

  /** Runs in a row that ended in an error. */
  get errors(): number {
    return this.#last?.errors ?? 0;
  }

  /** True if the last result, or the lack of one, makes the check's groups unhealthy. */
  get isGating(): boolean {
    return this.#gate.isGating(0);
  }

  /** True once a run has stayed below `failOn`. */
  get hasPassed(): boolean {
    return this.#gate.hasPassed;
  }

  get history(): readonly HistoryEntry[] {
    return this.#history?.entries() ?? [];
  }

  /**
   * Returns true while the last result is fresh, by the monotonic clock and by the wall clock: on a suspended machine
   * the first one stops.
   *
   * @param until by the monotonic clock, if it has to stay fresh for longer
   */
  isFresh(at: Moment, until: number = at.now): boolean {
    const last = this.#last;
    if (last === undefined || until >= last.freshUntil) return false;
    return at.epochMs - last.report.checkedAtMs <= last.freshUntil - last.settledAt + WALL_CLOCK_TOLERANCE_MS;
  }

  /** Takes the result of a run. */
  add(run: Run, result: CheckResult, at: Moment, nextRunAtMs: number | undefined): CheckReport {
    const { now } = at;
    // A run under way is not one that was missed.
    const missed =
      this.#overdueSince === undefined ? this.#missed : this.missed(Math.min(now, run.startedAt)).runs;
    this.#missed = 0;
    this.#overdueSince = run.timedOut ? now : undefined;
    this.#gate.record(result.status, missed);
    const report = this.#reportOf(run, result, at, missed, nextRunAtMs);
    const { maxAgeMs } = this.#settings;
    const errors = result.status === 'error' ? this.errors + 1 : 0;
    const answersMs = errors === 0 ? maxAgeMs : retryDelayMs(errors, maxAgeMs);
    const freshUntil = now + (run.timedOut ? Math.max(answersMs, ABORT_GRACE_MS) : answersMs);
    this.#last = { report, settledAt: now, freshUntil, errors };
    this.#history ??= new History();
    this.#history.add(report.status, report.checkedAtMs, report.durationMs);
    return report;
  }

  /** An overdue run has ended after all: its result is dropped, and the usual schedule resumes. */
  onLateEnd(): void {
    const last = this.#last as LastResult;
    this.#missed = this.missed(this.#clock.now()).runs;
    this.#overdueSince = undefined;
    last.freshUntil = last.settledAt + retryDelayMs(last.errors, this.#settings.maxAgeMs);
  }

  /** The failing runs that an overdue run has kept from starting since the last result. */
  missed(now: number): Missed {
    const { intervalMs, maxAgeMs, timeoutMs } = this.#settings;
    if (this.#overdueSince === undefined) return { runs: this.#missed, nextAtMs: Number.POSITIVE_INFINITY };
    const { runs, nextAtMs } = missedRuns(
      now - this.#overdueSince,
      this.errors,
      intervalMs ?? (maxAgeMs || timeoutMs),
    );
    return { runs, nextAtMs: this.#overdueSince + nextAtMs };
  }

  /** An error of a run that is stuck; thresholds apply to it as to every failing run. */
  stuck(message: string, now: number, nextRunAtMs: number | undefined): CheckReport {
    const missed = this.missed(now).runs;
    return this.#stated(message, 'ERR_CHECK_TIMEOUT', nextRunAtMs, {
      gating: this.#gate.isGating(missed),
      damping: this.#gate.damping(missed),
      consecutiveFailures: (this.last?.consecutiveFailures ?? 0) + missed,
    });
  }

  /** An error that comes from no run: there is no result that may be shown. It gates immediately. */
  absent(message: string, code: string, nextRunAtMs: number | undefined): CheckReport {
    return this.#stated(message, code, nextRunAtMs, {
      gating: this.#gate.gatesWithoutResult,
      damping: undefined,
      consecutiveFailures: this.last?.consecutiveFailures ?? 0,
    });
  }

  /** An error for a result that is too old to be shown. */
  stale(at: Moment, nextRunAtMs: number | undefined): CheckReport {
    const last = this.#last as LastResult;
    const age = inSeconds(Math.max(at.now - last.settledAt, at.epochMs - last.report.checkedAtMs));
    return this.absent(`last result is ${age} old`, 'ERR_CHECK_STALE', nextRunAtMs);
  }

  #reportOf(
    run: Run,
    result: CheckResult,
    at: Moment,
    missed: number,
    nextRunAtMs: number | undefined,
  ): CheckReport {
    const before = this.last;
    const checkedAtMs = at.epochMs;
    const isOk = result.status === 'ok';
    return checkReport(this.#settings, result, {
      durationMs: Math.round((at.now - run.startedAt) * 1000) / 1000,
      checkedAtMs,
      // The wall clock may have been set back.
      sinceMs: before?.status === result.status ? Math.min(before.sinceMs, checkedAtMs) : checkedAtMs,
      lastOkAtMs: isOk ? checkedAtMs : before?.lastOkAtMs && Math.min(before.lastOkAtMs, checkedAtMs),
      consecutiveFailures: isOk ? 0 : (before?.consecutiveFailures ?? 0) + missed + 1,
      timedOut: run.timedOut,
      gating: this.#gate.isGating(0),
      damping: this.#gate.damping(0),
      nextRunAtMs,
    });
  }

  #stated(
    message: string,
    code: string,
    nextRunAtMs: number | undefined,
    facts: Pick<CheckFacts, 'gating' | 'damping' | 'consecutiveFailures'>,
  ): CheckReport {
    const before = this.last;
    const checkedAtMs = before?.checkedAtMs ?? this.#clock.epochMs();
    return checkReport(this.#settings, error(message, { code }), {
      durationMs: before?.durationMs ?? 0,
      checkedAtMs,
      sinceMs: before?.status === 'error' ? before.sinceMs : checkedAtMs,
      lastOkAtMs: before?.lastOkAtMs,
      timedOut: before?.timedOut ?? false,
      nextRunAtMs,
      ...facts,
    });
  }
}
