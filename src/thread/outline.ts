import type { CheckReport, Report } from '../health/report.ts';

/**
 * A report with what a reply without details shows, and nothing else: less to copy to the other thread, and nothing that
 * strangers must not see.
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
