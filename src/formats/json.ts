import type { CheckReport, Report } from '../health/report.ts';
import type { Stall } from '../health/stalls.ts';
import type { DetailCheck, DetailReport, DetailStall } from './detail-report.ts';
import type { Format, RenderContext } from './format.ts';
import { isoTime } from './iso-time.ts';
import { summarise } from './summary.ts';

/** JSON, the default: names and statuses, which is the wire contract; under `?verbose` everything that is known. */
export const json: Format = {
  name: 'json',
  mediaType: 'application/json',
  contentType: 'application/json; charset=utf-8',
  render: (report, context) =>
    context === undefined ? summarise(report) : JSON.stringify(describeReport(report, context)),
};

function describeReport(report: Report, { nowMs, lastStall }: RenderContext): object {
  const checks = Object.values(report.checks).map((check) => [check.name, describeCheck(check)] as const);
  const described: Sparse<Omit<DetailReport, 'checks'>> = {
    status: report.status,
    group: report.group,
    draining: report.draining,
    held: report.held || undefined,
    holds: report.held ? report.holds : undefined,
    stalled: report.stalled,
    at: isoTime(report.atMs),
    // The wall clock may have been set back in between.
    ageMs: Math.max(0, nowMs - report.atMs),
    service: report.service,
    lastStall: lastStall && describeStall(lastStall),
  };
  return { ...described, checks: Object.fromEntries(checks) };
}

function describeStall({ sinceMs, durationMs, stack }: Stall): DetailStall {
  return { since: isoTime(sinceMs), durationMs, ...(stack === undefined ? {} : { stack }) };
}

/** Input for JSON.stringify, which leaves out what is undefined. */
type Sparse<T> = { readonly [K in keyof T]-?: T[K] | undefined };

/** The keys are in the order in which a person reads them. */
function describeCheck(check: CheckReport): Sparse<DetailCheck> {
  return {
    status: check.status,
    message: check.message,
    code: check.code,
    value: check.value,
    unit: check.unit,
    details: check.details,
    durationMs: check.durationMs,
    checkedAt: isoTime(check.checkedAtMs),
    since: isoTime(check.sinceMs),
    lastOkAt: check.lastOkAtMs === undefined ? undefined : isoTime(check.lastOkAtMs),
    consecutiveFailures: check.consecutiveFailures,
    timedOut: check.timedOut,
    intervalMs: check.intervalMs,
    nextRunAt: check.nextRunAtMs === undefined ? undefined : isoTime(check.nextRunAtMs),
    kind: check.kind,
    groups: check.groups,
    failOn: check.failOn,
    // Unless a threshold delays it, `gating` follows from status and `failOn`.
    gating: check.damping === undefined ? undefined : check.gating,
    damping: check.damping,
  };
}
