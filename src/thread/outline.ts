import type { CheckReport, Report } from '../health/report.ts';

/**
 * The part of a report that a reply without details shows: there is less to copy to the other thread, and nothing in it is
 * confidential.
 */
export function outlineOf(report: Report): Report {
  const checks: Record<string, CheckReport> = {};
  for (const name in report.checks) {
    const { status, display, value, gating } = report.checks[name] as CheckReport;
    const shown: Partial<CheckReport> = {
      name,
      status,
      display,
      gating,
      ...(value === undefined ? {} : { value }),
    };
    checks[name] = shown as CheckReport;
  }
  return { ...report, holds: [], checks, service: {} };
}
