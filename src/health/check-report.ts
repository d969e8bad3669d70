import type { CheckSettings } from './check-options.ts';
import type { CheckReport } from './report.ts';
import type { CheckResult } from './result.ts';

/** What is known of a check in addition to its settings and its result. */
export interface CheckFacts {
  readonly durationMs: number;
  readonly checkedAtMs: number;
  readonly sinceMs: number;
  readonly lastOkAtMs: number | undefined;
  readonly consecutiveFailures: number;
  readonly timedOut: boolean;
  readonly gating: boolean;
  readonly damping: CheckReport['damping'] | undefined;
  readonly nextRunAtMs: number | undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Puts together what a report shows of a check. Made for every run, so it names each field: spreading objects into one
 * literal costs more than all the rest of a run.
 */
export function checkReport(settings: CheckSettings, result: CheckResult, facts: CheckFacts): CheckReport {
  const report: Writable<CheckReport> = {
    name: settings.name,
    status: result.status,
    durationMs: facts.durationMs,
    checkedAtMs: facts.checkedAtMs,
    sinceMs: facts.sinceMs,
    consecutiveFailures: facts.consecutiveFailures,
    timedOut: facts.timedOut,
    gating: facts.gating,
    failOn: settings.failOn,
    groups: settings.groups,
    kind: settings.kind,
    display: settings.display,
  };
  if (facts.lastOkAtMs !== undefined) report.lastOkAtMs = facts.lastOkAtMs;
  if (facts.damping !== undefined) report.damping = facts.damping;
  if (settings.intervalMs !== undefined) report.intervalMs = settings.intervalMs;
  if (facts.nextRunAtMs !== undefined) report.nextRunAtMs = facts.nextRunAtMs;
  if (result.message !== undefined) report.message = result.message;
  if (result.code !== undefined) report.code = result.code;
  if (result.value !== undefined) report.value = result.value;
  if (result.unit !== undefined) report.unit = result.unit;
  if (result.details !== undefined) report.details = result.details;
  return Object.freeze(report);
}
