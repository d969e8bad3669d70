import type { CheckerKind, FailOn } from '../health/checker.ts';
import type { ReportStatus, ServiceInfo } from '../health/report.ts';
import type { CheckResult } from '../health/result.ts';

/** One check under `?verbose`. Times are ISO 8601, `…Ms` are milliseconds. */
export interface DetailCheck extends CheckResult {
  readonly durationMs: number;
  readonly checkedAt: string;
  /** Since when the check has had this status. */
  readonly since: string;
  /** Missing while no run has been ok. */
  readonly lastOkAt?: string;
  /** Runs in a row that were not ok. */
  readonly consecutiveFailures: number;
  readonly timedOut: boolean;
  /** Only of background checks, as is `nextRunAt`. */
  readonly intervalMs?: number;
  readonly nextRunAt?: string;
  readonly kind: CheckerKind;
  readonly groups: readonly string[];
  readonly failOn: FailOn;
  /** Only while a threshold holds a change back: whether the check makes its groups unhealthy, as is `damping`. */
  readonly gating?: boolean;
  /** How many runs in a row point the other way, of how many it takes. */
  readonly damping?: { readonly runs: number; readonly of: number };
}

/** The last time in which the event loop was blocked. */
export interface DetailStall {
  /** When it began. */
  readonly since: string;
  readonly durationMs: number;
  /** Where: functions, the innermost first, as `stackAfterMs` has them looked at. */
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
  /** Only while the event loop is blocked: for how many seconds. */
  readonly stalled?: number;
  /** When the report was made. */
  readonly at: string;
  /** How old it was when it was sent. */
  readonly ageMs: number;
  readonly service: ServiceInfo;
  /** Only where a thread has found the event loop blocked. */
  readonly lastStall?: DetailStall;
  readonly checks: Readonly<Record<string, DetailCheck>>;
}
