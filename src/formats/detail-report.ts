import type { CheckerKind, FailOn } from '../health/checker.ts';
import type { ReportStatus, ServiceInfo } from '../health/report.ts';
import type { CheckResult } from '../health/result.ts';

/** One check under `?verbose`. Times are ISO 8601, `…Ms` are milliseconds. */
export interface DetailCheck extends CheckResult {
  readonly durationMs: number;
  readonly checkedAt: string;
  /** Since when the check has had this status. */
  readonly since: string;
  /** Missing until a run has been ok. */
  readonly lastOkAt?: string;
  /** Runs in a row that were not ok. */
  readonly consecutiveFailures: number;
  readonly timedOut: boolean;
  /** Only for background checks, as is `nextRunAt`. */
  readonly intervalMs?: number;
  readonly nextRunAt?: string;
  readonly kind: CheckerKind;
  readonly groups: readonly string[];
  readonly failOn: FailOn;
  /** Only while a threshold delays a change, as is `damping`: true if the check makes its groups unhealthy. */
  readonly gating?: boolean;
  /** How many runs in a row had the opposite result, and how many it takes. */
  readonly damping?: { readonly runs: number; readonly of: number };
}

/** The last time that the event loop was blocked. */
export interface DetailStall {
  /** When it began. */
  readonly since: string;
  readonly durationMs: number;
  /** Where: functions, the innermost first, if `stackAfterMs` is set. */
  readonly stack?: string;
}

/** The body of `?verbose` for those who may see it; `allswell/schema.json` is the same as a JSON Schema. */
export interface DetailReport {
  readonly status: ReportStatus;
  readonly group: string;
  readonly draining: boolean;
  /** Only while a hold keeps traffic away, as is `holds`. */
  readonly held?: true;
  /** The reasons of the holds. */
  readonly holds?: readonly string[];
  /** Only while the event loop is blocked: for how many seconds so far. */
  readonly stalled?: number;
  /** When the report was made. */
  readonly at: string;
  /** How old it was when it was sent. */
  readonly ageMs: number;
  readonly service: ServiceInfo;
  /** Only if a thread has detected a blocked event loop. */
  readonly lastStall?: DetailStall;
  readonly checks: Readonly<Record<string, DetailCheck>>;
}
