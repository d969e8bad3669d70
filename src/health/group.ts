import type { Check } from './check.ts';
import type { Report, ReportStatus } from './report.ts';

/** The group that holds every check; the base path answers for it. */
export const ALL_GROUP = 'all';
/** The group of checks whose failure a restart would fix. */
export const LIVE_GROUP = 'live';
/** The group of checks without which the instance should get no traffic. */
export const READY_GROUP = 'ready';
/** The group that is down until its checks have passed once. */
export const STARTUP_GROUP = 'startup';
/** The groups that exist even without checks, in the order in which they are listed. */
export const BUILT_IN_GROUPS: readonly string[] = [ALL_GROUP, LIVE_GROUP, READY_GROUP, STARTUP_GROUP];

/** The prefix of a single check's pseudo-group, and of its path. */
const CHECK_PREFIX = 'checks/';

/** What a check counts for in its groups. */
export interface Standing {
  readonly isOk: boolean;
  readonly isGating: boolean;
  readonly hasPassed: boolean;
}

/** A group: its checks, counts of their states, and its last report while that is fresh. */
export class Group {
  readonly name: string;
  /** True if holds and draining make it unhealthy: not `live`, so that nothing restarts a process that is leaving. */
  readonly isTraffic: boolean;
  readonly isStartup: boolean;
  #members: readonly Check[] = [];
  #memberSet: ReadonlySet<Check> = new Set();
  /** The last report, the version it was made at, and until when it is fresh by either clock. */
  report: Report | undefined;
  version = -1;
  freshUntil: number = Number.NEGATIVE_INFINITY;
  freshUntilEpochMs: number = Number.NEGATIVE_INFINITY;
  /** For `startup`: it was healthy once, and nothing undoes that. */
  isLatched = false;
  /** The report that the last `groupChange` showed. */
  announced: Report | undefined;
  #notOk = 0;
  #gating = 0;
  #notPassed = 0;

  constructor(name: string) {
    this.name = name;
    this.isStartup = name === STARTUP_GROUP;
    this.isTraffic = name !== LIVE_GROUP && !this.isStartup && !name.startsWith(CHECK_PREFIX);
  }

  get members(): readonly Check[] {
    return this.#members;
  }

  /** Replaces the members; each has to be {@link count}ed again. */
  set members(members: readonly Check[]) {
    this.#members = members;
    this.#memberSet = new Set(members);

    this.#notOk = 0;
    this.#gating = 0;
    this.#notPassed = 0;
  }

  holds(check: Check): boolean {
    return this.#memberSet.has(check);
  }

  /** Counts a member in (+1) or out (-1). */
  count(standing: Standing, by: 1 | -1): void {
    if (!standing.isOk) this.#notOk += by;
    if (standing.isGating) this.#gating += by;
    if (!standing.hasPassed) this.#notPassed += by;
  }

  /** Remembers for good that every check of `startup` has passed once; without checks there is nothing to remember. */
  latch(isHeld: boolean): void {
    if (this.isStartup && !isHeld && this.members.length > 0 && this.#notPassed === 0) this.isLatched = true;
  }

  /** The status that the last results give, whatever their age. */
  status(isHeld: boolean, isDraining: boolean): ReportStatus {
    const ofChecks = this.#gating > 0 ? 'unhealthy' : this.#notOk > 0 ? 'degraded' : 'healthy';
    return groupStatus(this, isHeld, isDraining, ofChecks);
  }

  /** True if this group shows holds now. */
  get isHoldable(): boolean {
    return this.isTraffic || (this.isStartup && !this.isLatched);
  }
}

/**
 * The status of a group.
 *
 * @param ofChecks the status that its checks alone give
 */
export function groupStatus(
  group: Group,
  isHeld: boolean,
  isDraining: boolean,
  ofChecks: ReportStatus,
): ReportStatus {
  if (isHeld && group.isHoldable) return 'unhealthy';
  if (isDraining && group.isTraffic) return 'unhealthy';
  if (group.isStartup) return group.isLatched || group.members.length === 0 ? 'healthy' : 'unhealthy';
  // A misspelt name must not look healthy.
  if (group.members.length === 0 && !isBuiltIn(group.name)) return 'unhealthy';
  return ofChecks;
}

/** Which checks a group holds, in the order of registration. */
export function membersOf(group: string, checks: ReadonlyMap<string, Check>): readonly Check[] {
  if (group.startsWith(CHECK_PREFIX)) {
    const check = checks.get(group.slice(CHECK_PREFIX.length));
    return check === undefined ? [] : [check];
  }
  const all = [...checks.values()];
  if (group === ALL_GROUP) return all;
  const members = all.filter((check) => check.settings.groups.includes(group));
  return group === STARTUP_GROUP && members.length === 0 ? membersOf(READY_GROUP, checks) : members;
}

/** Returns true if a group exists even without checks. */
export function isBuiltIn(group: string): boolean {
  return BUILT_IN_GROUPS.includes(group);
}

/** Returns true for the pseudo-group of a single check. */
export function isSingleCheck(group: string): boolean {
  return group.startsWith(CHECK_PREFIX);
}
