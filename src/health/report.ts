import { type CheckerKind, type FailOn, reaches } from './checker.ts';
import type { ServiceInfo } from './options.ts';
import type { CheckResult, CheckStatus } from './result.ts';

/** `healthy`: every check is ok. `degraded`: some are not, none reaches its `failOn`. `unhealthy`: one does, or the service drains. */
export type ReportStatus = 'healthy' | 'degraded' | 'unhealthy';

/** One check as a report shows it: its last result and what is known of it. */
export interface CheckReport extends CheckResult {
  readonly name: string;
  /** How long the run took, in milliseconds. */
  readonly durationMs: number;
  /** When the run settled. */
  readonly checkedAt: Date;
  /** Since when the check has had this status. */
  readonly since: Date;
  /** When a run last gave `ok`; undefined if none has. */
  readonly lastOkAt: Date | undefined;
  /** How many runs in a row were not ok. */
  readonly consecutiveFailures: number;
  /** Whether the last run ran out of time. */
  readonly timedOut: boolean;
  readonly failOn: FailOn;
  readonly groups: readonly string[];
  readonly kind: CheckerKind;
  /** What a body without details shows while the check is ok. */
  readonly display: 'status' | 'value';
  /** The period of a background check, in milliseconds; undefined for a check that runs when it is asked for. */
  readonly intervalMs: number | undefined;
  /** When the background check is due next; in the past while it is running. Undefined for a check that runs when it is asked for. */
  readonly nextRunAt: Date | undefined;
}

/** The checks of a group at one moment. It never changes, and everybody who asks is given the same one. */
export interface Report {
  readonly status: ReportStatus;
  /** The group's name; `all` for the base path, `checks/<name>` for a single check. */
  readonly group: string;
  /** Whether the service is on its way out and this group says so. */
  readonly draining: boolean;
  /** In the order of registration. */
  readonly checks: ReadonlyMap<string, CheckReport>;
  readonly at: Date;
  /** Who answers, as the controller was told. */
  readonly service: ServiceInfo;
}

/** The overall status of some checks. Total: every combination has exactly one. */
export function overallStatus(
  checks: Iterable<{ readonly status: CheckStatus; readonly failOn: FailOn }>,
): ReportStatus {
  let status: ReportStatus = 'healthy';
  for (const check of checks) {
    if (reaches(check.status, check.failOn)) return 'unhealthy';
    if (check.status !== 'ok') status = 'degraded';
  }
  return status;
}

/** Whether two reports of a group say the same: the same checks in the same states. */
export function hasSameState(one: Report, other: Report): boolean {
  if (one.status !== other.status || one.draining !== other.draining || one.checks.size !== other.checks.size)
    return false;
  for (const [name, check] of one.checks) {
    if (other.checks.get(name)?.status !== check.status) return false;
  }
  return true;
}

/** A map that refuses changes, because one report answers many readers. */
export class FrozenMap<K, V> extends Map<K, V> {
  #isFrozen = false;

  constructor(entries: Iterable<readonly [K, V]>) {
    super(entries);
    this.#isFrozen = true;
  }

  override set(key: K, value: V): this {
    // While the constructor of Map fills it, the private field is not there yet.
    return #isFrozen in this && this.#isFrozen ? refuse() : super.set(key, value);
  }

  override delete(): boolean {
    return refuse();
  }

  override clear(): void {
    refuse();
  }
}

function refuse(): never {
  throw new TypeError(
    'A report never changes; copy its checks with `new Map(report.checks)` to work on them',
  );
}
