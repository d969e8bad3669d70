import type { CheckReport, Report } from '../health/report.ts';
import type { DetailCheck, DetailReport } from './detail-report.ts';
import type { Format, RenderContext } from './format.ts';
import { summarise } from './summary.ts';

/** JSON. The default: names and statuses, which is the wire contract; under `?verbose` everything that is known. */
export const json: Format = {
  name: 'json',
  mediaType: 'application/json',
  contentType: 'application/json; charset=utf-8',
  render: (report, insight) =>
    insight === undefined ? summarise(report) : JSON.stringify(describeReport(report, insight)),
};

function describeReport(report: Report, { now }: RenderContext): object {
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
