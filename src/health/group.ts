import type { Runner } from './check.ts';
import { ALL_GROUP, LIVE_GROUP, READY_GROUP, STARTUP_GROUP } from './options.ts';
import type { Report } from './report.ts';
import type { Run } from './run.ts';

/** How the path and the name of a single check's pseudo-group begin. */
const CHECK_PREFIX = 'checks/';

/** A group as the controller keeps it: which checks it holds, and its last report while that is current. */
export class Group {
  readonly name: string;
  /** Whether draining makes it unhealthy. `live` and `startup` stay as they are, so that nothing restarts what is leaving. */
  readonly drains: boolean;
  members: readonly Runner[] = [];
  /** The last report; whether it still holds is the controller's to say. */
  report: Report | undefined;
  /** Until when the report holds if nothing happens, on the clock's `now()`. */
  freshUntil: number = Number.NEGATIVE_INFINITY;
  /** The state of the registry and its results that the report was made from. */
  version = -1;
  /** For `startup`: every check has passed once, and nothing undoes that. */
  isLatched = false;

  constructor(name: string) {
    this.name = name;
    this.drains = name !== LIVE_GROUP && name !== STARTUP_GROUP && !name.startsWith(CHECK_PREFIX);
  }

  /** Remembers for good that every check of `startup` has passed once; without checks there is nothing to remember. */
  latch(): void {
    if (!this.isStartup || this.members.length === 0) return;
    this.isLatched ||= this.members.every((member) => member.hasPassed);
  }

  get isStartup(): boolean {
    return this.name === STARTUP_GROUP;
  }

  /**
   * Starts what is not fresh and gives the runs that an answer has to wait for. When it has to wait, what would
   * go stale meanwhile runs along with it: a report never shows a result older than its `maxAgeMs`, except one
   * that came in since the oldest of those runs began, which is then at most a `timeoutMs` older.
   */
  refresh(now: number): readonly Run[] {
    for (const runner of this.members) runner.refresh(now);
    const runs = this.#awaited();
    if (runs.length === 0) return runs;
    let waitingSince = now;
    let waitingUntil = now;
    for (const run of runs) {
      waitingSince = Math.min(waitingSince, run.startedAt);
      waitingUntil = Math.max(waitingUntil, run.deadline);
    }
    for (const runner of this.members) if (runner.settledAt < waitingSince) runner.refresh(waitingUntil);
    return this.#awaited();
  }

  #awaited(): Run[] {
    const runs: Run[] = [];
    for (const runner of this.members) {
      const run = runner.awaited;
      if (run !== undefined) runs.push(run);
    }
    return runs;
  }
}

/** Which checks a group holds, in the order of registration. */
export function membersOf(group: string, runners: ReadonlyMap<string, Runner>): readonly Runner[] {
  if (group.startsWith(CHECK_PREFIX)) {
    const runner = runners.get(group.slice(CHECK_PREFIX.length));
    return runner === undefined ? [] : [runner];
  }
  const all = [...runners.values()];
  if (group === ALL_GROUP) return all;
  const members = all.filter((runner) => runner.settings.groups.includes(group));
  if (group === STARTUP_GROUP && members.length === 0) return membersOf(READY_GROUP, runners);
  return members;
}

/** Whether a group exists even without checks. */
export function isBuiltIn(group: string): boolean {
  return group === ALL_GROUP || group === LIVE_GROUP || group === READY_GROUP || group === STARTUP_GROUP;
}
