import type { CheckerKind, FailOn } from '../core/checker.ts';
import type { ServiceInfo } from '../core/options.ts';
import type { CheckReport, Report, ReportStatus } from '../core/report.ts';
import type { CheckStatus, Unit } from '../core/result.ts';
import type { Format, Insight } from './format.ts';
import { summarise } from './summary.ts';

/** One check under `?verbose`. Times are ISO 8601, `…Ms` are milliseconds. */
export interface DetailCheck {
  readonly status: CheckStatus;
  readonly message?: string;
  readonly code?: string;
  readonly value?: number;
  readonly unit?: Unit;
  readonly details?: Readonly<Record<string, unknown>>;
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
}

/** The body of `?verbose` for those who may see it; `allswell/schema.json` says the same as a JSON Schema. */
export interface DetailReport {
  readonly status: ReportStatus;
  readonly group: string;
  readonly draining: boolean;
  /** When the report was made. */
  readonly at: string;
  /** How old it was when it was sent. */
  readonly ageMs: number;
  readonly service: ServiceInfo;
  readonly checks: Readonly<Record<string, DetailCheck>>;
}

/** JSON. The default: names and statuses, which is the wire contract; under `?verbose` everything that is known. */
export const json: Format = {
  name: 'json',
  mediaType: 'application/json',
  contentType: 'application/json; charset=utf-8',
  render: (report, insight) =>
    insight === undefined ? summarise(report) : JSON.stringify(describeReport(report, insight)),
};

function describeReport(report: Report, { now }: Insight): object {
  const checks = Array.from(report.checks, ([name, check]) => [name, describeCheck(check)] as const);
  const described: Sparse<Omit<DetailReport, 'checks'>> = {
    status: report.status,
    group: report.group,
    draining: report.draining,
    at: report.at.toISOString(),
    // The wall clock may be set back between the two.
    ageMs: Math.max(0, now.getTime() - report.at.getTime()),
    service: report.service,
  };
  return { ...described, checks: Object.fromEntries(checks) };
}

/** As JSON is given it: what is undefined is left out. */
type Sparse<T> = { readonly [K in keyof T]-?: T[K] | undefined };

/** The keys stand in the order in which a person reads them. */
function describeCheck(check: CheckReport): Sparse<DetailCheck> {
  return {
    status: check.status,
    message: check.message,
    code: check.code,
    value: check.value,
    unit: check.unit,
    details: check.details,
    durationMs: check.durationMs,
    checkedAt: check.checkedAt.toISOString(),
    since: check.since.toISOString(),
    lastOkAt: check.lastOkAt?.toISOString(),
    consecutiveFailures: check.consecutiveFailures,
    timedOut: check.timedOut,
    intervalMs: check.intervalMs,
    nextRunAt: check.nextRunAt?.toISOString(),
    kind: check.kind,
    groups: check.groups,
    failOn: check.failOn,
  };
}
