import { failureMessage } from '../internal/error-text.ts';
import type { Runner } from './check.ts';
import type { HealthEmitter } from './events.ts';
import { Group, isBuiltIn, membersOf } from './group.ts';
import { ALL_GROUP, type ControllerSettings, LIVE_GROUP, READY_GROUP, STARTUP_GROUP } from './options.ts';
import {
  type CheckReport,
  FrozenMap,
  hasSameState,
  overallStatus,
  type Report,
  type ReportStatus,
} from './report.ts';

/**
 * The reports of all groups: each is kept until it is void, and made anew from the checks' last results.
 * Whatever voids a report raises one version number, so a look at a number and at the clock tells whether a
 * kept report still holds.
 */
export class Reports {
  readonly #settings: ControllerSettings;
  readonly #emitter: HealthEmitter;
  readonly #runners: ReadonlyMap<string, Runner>;
  readonly #groups = new Map<string, Group>();
  /** Grows whenever the reports that were made before are void. */
  #version = 0;
  #isDraining = false;

  constructor(settings: ControllerSettings, emitter: HealthEmitter, runners: ReadonlyMap<string, Runner>) {
    this.#settings = settings;
    this.#emitter = emitter;
    this.#runners = runners;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** The groups that hold something or always exist, `all` first. */
  get names(): readonly string[] {
    const custom = [...this.#runners.values()].flatMap((runner) => runner.settings.groups);
    return [...new Set([ALL_GROUP, LIVE_GROUP, READY_GROUP, STARTUP_GROUP, ...custom])];
  }

  has(group: string): boolean {
    return isBuiltIn(group) || this.#group(group).members.length > 0;
  }

  /** Says that something happened which the reports made before do not show. */
  void(): void {
    this.#version++;
  }

  /** Says that a check came or went. */
  regroup(): void {
    this.void();
    for (const group of this.#groups.values()) {
      group.members = membersOf(group.name, this.#runners);
      // Checks may come and go under ever new names; what is kept of them must not grow with that.
      if (group.members.length === 0 && !isBuiltIn(group.name)) this.#groups.delete(group.name);
    }
  }

  /** Makes the groups that traffic depends on unhealthy for good. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.void();
    for (const group of this.#groups.values())
      if (group.drains && group.report !== undefined) this.#build(group);
  }

  /** The kept report of a group while it holds. */
  current(name: string): Report | undefined {
    const group = this.#groups.get(name);
    if (group === undefined || group.version !== this.#version) return undefined;
    return this.#settings.clock.now() < group.freshUntil ? group.report : undefined;
  }

  /** Runs what is not fresh and calls back with the report, at once when there is nothing to wait for. */
  collect(name: string, done: (report: Report) => void): void {
    const current = this.current(name);
    if (current !== undefined) {
      done(current);
      return;
    }
    const group = this.#group(name);
    const runs = group.isLatched ? [] : group.refresh(this.#settings.clock.now());
    let outstanding = runs.length;
    if (outstanding === 0) {
      done(this.#build(group));
      return;
    }
    const onSettled = () => {
      outstanding--;
      if (outstanding === 0) this.#contained(() => done(this.current(name) ?? this.#build(group)));
    };
    for (const run of runs) run.wait(onSettled);
  }

  /** The report that the last results give. Runs nothing. */
  snapshot(name: string): Report {
    return this.current(name) ?? this.#build(this.#group(name));
  }

  /** Tells a change of a check that nobody asked for: a background check's. */
  announce(runner: Runner): void {
    if (!this.#emitter.has('change')) return;
    for (const group of this.#groups.values()) {
      const isAskedFor = group.report !== undefined && !group.isLatched && group.members.includes(runner);
      if (isAskedFor && group.members.every((member) => member.hasResult)) this.#build(group);
    }
  }

  #group(name: string): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = new Group(name);
    group.members = membersOf(name, this.#runners);
    // A name that nobody registered is not kept: requests could name any number of them.
    if (group.members.length > 0 || isBuiltIn(name)) this.#groups.set(name, group);
    return group;
  }

  #build(group: Group): Report {
    const now = this.#settings.clock.now();
    group.latch();
    const members = group.isLatched ? [] : group.members;
    const checks = new FrozenMap(members.map((member) => [member.settings.name, member.shown(now)] as const));
    const draining = this.#isDraining && group.drains;
    const before = group.report;
    const after: Report = Object.freeze({
      status: draining ? 'unhealthy' : statusOf(group, checks),
      group: group.name,
      draining,
      checks,
      at: new Date(this.#settings.clock.epochMs()),
      service: this.#settings.service,
    });
    group.report = after;
    group.version = this.#version;
    group.freshUntil = earliest(members, now);
    // Of a name that is not kept there is nothing that it could be a change of.
    const isChange = this.#groups.has(group.name) && (before === undefined || !hasSameState(before, after));
    if (isChange && this.#emitter.has('change')) this.#emitter.emit('change', { before, after });
    return after;
  }

  /** What a caller does with a report must not reach the check that happened to end last. */
  #contained(callback: () => void): void {
    try {
      callback();
    } catch (thrown) {
      const facts = { reason: failureMessage(thrown) };
      this.#settings.logger.error(facts, 'A callback that was given a report threw');
    }
  }
}

function statusOf(group: Group, checks: ReadonlyMap<string, CheckReport>): ReportStatus {
  if (group.isStartup) return group.isLatched || checks.size === 0 ? 'healthy' : 'unhealthy';
  if (checks.size === 0 && !isBuiltIn(group.name)) return 'unhealthy';
  return overallStatus(checks.values());
}

/** Until when what these checks show stays the same if no run settles. */
function earliest(members: readonly Runner[], now: number): number {
  let until = Number.POSITIVE_INFINITY;
  for (const member of members) until = Math.min(until, member.shownUntil(now));
  return until;
}
