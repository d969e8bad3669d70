import type { CheckReport, Report } from '../core/report.ts';
import type { Format } from './format.ts';
import { summary } from './summary.ts';

/** Everything that is known, for `?verbose`; without permission it is the summary, byte for byte. */
export const detail: Format = {
  contentType: summary.contentType,
  render: (report, details) =>
    details ? JSON.stringify(describeReport(report)) : summary.render(report, false),
};

function describeReport(report: Report): object {
  return {
    status: report.status,
    group: report.group,
    draining: report.draining,
    at: report.at,
    service: report.service,
    checks: Object.fromEntries(
      [...report.checks.values()].map((check) => [check.name, describeCheck(check)]),
    ),
  };
}

/** The keys stand in the order in which a person reads them; what is undefined is left out by JSON. */
function describeCheck(check: CheckReport): object {
  return {
    status: check.status,
    message: check.message,
    code: check.code,
    value: check.value,
    unit: check.unit,
    details: check.details,
    durationMs: check.durationMs,
    checkedAt: check.checkedAt,
    since: check.since,
    lastOkAt: check.lastOkAt,
    consecutiveFailures: check.consecutiveFailures,
    intervalMs: check.intervalMs,
    kind: check.kind,
    groups: check.groups,
    failOn: check.failOn,
  };
}
