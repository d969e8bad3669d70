import type { CheckerKind, FailOn } from './checker.ts';
import type { CheckResult, CheckStatus } from './result.ts';

/**
 * `healthy`: every check is ok. `degraded`: some are not, none counts against the group. `unhealthy`: one does, or the
 * service is held or draining.
 */
export type ReportStatus = 'healthy' | 'degraded' | 'unhealthy';

/** Who answers, for reports that people read. None of it is required. */
export interface ServiceInfo {
  /** What people call the service. */
  readonly name?: string;
  /** The public version of its interface. */
  readonly version?: string;
  /** The build or commit that runs. */
  readonly releaseId?: string;
  /** A unique id of the service. */
  readonly serviceId?: string;
  /** One sentence about it. */
  readonly description?: string;
}

/** One check as a report shows it: its last result and what is known of it. Times are milliseconds since 1970. */
export interface CheckReport extends CheckResult {
  readonly name: string;
  /** How long the run took, in milliseconds. */
  readonly durationMs: number;
  /** When the run settled. */
  readonly checkedAtMs: number;
  /** Since when the check has had this status. Never after `checkedAtMs`. */
  readonly sinceMs: number;
  /** When a run last returned `ok`. Absent if none has. */
  readonly lastOkAtMs?: number;
  /** How many runs in a row were not ok. */
  readonly consecutiveFailures: number;
  /** True if the last run ran out of time. */
  readonly timedOut: boolean;
  /** True if the check makes its groups unhealthy. */
  readonly gating: boolean;
  /** While a threshold holds a change of `gating` back: how many runs in a row point that way, of how many it takes. */
  readonly damping?: { readonly runs: number; readonly of: number };
  readonly failOn: FailOn;
  readonly groups: readonly string[];
  readonly kind: CheckerKind;
  /** What a body without details shows while the check is ok. */
  readonly display: 'status' | 'value';
  /** The period of a background check, in milliseconds. Absent for a check that runs on demand. */
  readonly intervalMs?: number;
  /** When the background check is due next; in the past while it is running. */
  readonly nextRunAtMs?: number;
}

/** The checks of a group at one moment: frozen plain data, the same object for everyone who asks. */
export interface Report {
  readonly status: ReportStatus;
  /** The group's name; `all` for the base path, `checks/<name>` for a single check. */
  readonly group: string;
  /** True if the service is leaving and this group shows it. */
  readonly draining: boolean;
  /** True if a hold keeps traffic away and this group shows it. */
  readonly held: boolean;
  /** The reasons of the holds that this group shows, oldest first. */
  readonly holds: readonly string[];
  /** By name, in the order of registration. Without a prototype. */
  readonly checks: Readonly<Record<string, CheckReport>>;
  /** When the report was made, in milliseconds since 1970. */
  readonly atMs: number;
  /**
   * How long the event loop has been blocked, in seconds. Only in answers that `listen(…, { thread: true })` gives during that
   * time, with the last known state of the checks.
   */
  readonly stalled?: number;
  /** Who answers. */
  readonly service: ServiceInfo;
}

/** The status of a group once one more of its checks is counted; `healthy` before the first. The order does not matter. */
export function worse(
  status: ReportStatus,
  check: { readonly status: CheckStatus; readonly gating: boolean },
): ReportStatus {
  if (status === 'unhealthy' || check.gating) return 'unhealthy';
  return check.status === 'ok' ? status : 'degraded';
}
