import type { CheckReport, Report, ReportStatus } from '../health/report.ts';
import type { CheckStatus, Unit } from '../health/result.ts';
import type { Format } from './format.ts';
import { isoTime } from './iso-time.ts';

type Verdict = 'pass' | 'warn' | 'fail';

const ROOT: Readonly<Record<ReportStatus, Verdict>> = {
  healthy: 'pass',
  degraded: 'warn',
  unhealthy: 'fail',
};
const ELEMENT: Readonly<Record<CheckStatus, Verdict>> = { ok: 'pass', warning: 'warn', error: 'fail' };

/** The draft asks for terms from a well-known source; these are SI symbols, and UCUM's `1` for a plain number. */
const UNITS: Readonly<Record<Unit, string>> = {
  bytes: 'B',
  seconds: 's',
  milliseconds: 'ms',
  ratio: '1',
  count: '1',
};

/**
 * `application/health+json`, draft-inadarei-api-health-check-06. Each check is one component under its bare name;
 * the keys are the same with and without details. `warn` is always a 200, because the draft wants 2xx or 3xx.
 */
export const healthJson: Format = {
  name: 'health+json',
  mediaType: 'application/health+json',
  contentType: 'application/health+json',
  // The draft wants an explicit freshness lifetime. It is 0, because nobody should cache an answer.
  cacheControl: 'max-age=0, no-store',
  degradedStatusCode: 200,
  render: (report, context) => JSON.stringify(context === undefined ? outline(report) : described(report)),
};

function outline(report: Report): object {
  const checks = Object.values(report.checks).map(({ name, status }) => [
    name,
    [{ status: ELEMENT[status] }],
  ]);
  return {
    status: ROOT[report.status],
    ...notes(report, report.held ? ['held'] : []),
    stalled: report.stalled,
    checks: Object.fromEntries(checks),
  };
}

function described(report: Report): object {
  const { version, releaseId, serviceId, description } = report.service;
  const checks = Object.values(report.checks).map((check) => [check.name, [component(check)]]);
  return {
    status: ROOT[report.status],
    version,
    releaseId,
    serviceId,
    description,
    ...notes(
      report,
      report.holds.map((reason) => `held: ${reason}`),
    ),
    output: report.status === 'healthy' ? undefined : reasons(report),
    checks: Object.fromEntries(checks),
  };
}

function notes(report: Report, holds: readonly string[]): object {
  const { stalled } = report;
  const all = [
    ...(report.draining ? ['draining'] : []),
    ...holds,
    ...(stalled === undefined ? [] : [`stalled: the event loop has been blocked for ${stalled} s`]),
  ];
  return all.length > 0 ? { notes: all } : {};
}

/** Undefined, and so omitted, for a service that drains with nothing wrong. */
function reasons(report: Report): string | undefined {
  const failing = Object.values(report.checks).filter((check) => check.status !== 'ok');
  if (failing.length === 0) return undefined;
  return failing.map((check) => `${check.name}: ${check.message ?? check.status}`).join('; ');
}

function component(check: CheckReport): object {
  const { status, message, value, unit } = check;
  return {
    // The draft counts memory, CPU and uptime as the system.
    componentType: check.kind === 'process' ? 'system' : 'component',
    observedValue: value,
    observedUnit: value === undefined ? undefined : UNITS[unit ?? 'count'],
    status: ELEMENT[status],
    time: isoTime(check.checkedAtMs),
    output: status === 'ok' ? undefined : message,
    code: check.code,
    durationMs: check.durationMs,
    since: isoTime(check.sinceMs),
    consecutiveFailures: check.consecutiveFailures,
  };
}
