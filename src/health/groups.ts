import { Moment } from '../internal/moment.ts';
import type { Check } from './check.ts';
import type { ControllerSettings } from './controller-options.ts';
import type { HealthEmitter } from './events.ts';
import {
  BUILT_IN_GROUPS,
  Group,
  groupStatus,
  isBuiltIn,
  isSingleCheck,
  membersOf,
  READY_GROUP,
  type Standing,
} from './group.ts';
import { Holds } from './holds.ts';
import { awaitRuns, refresh } from './refresh.ts';
import { type CheckReport, type Report, type ReportStatus, worse } from './report.ts';
import type { Run } from './run.ts';

/** How far the wall clock may run ahead before a kept report counts as older, in milliseconds. */
const WALL_CLOCK_TOLERANCE_MS = 50;

/**
 * The groups and their reports: each report is made from the checks' last results and cached until it is invalidated. That
 * increments one version number, so comparing the version and reading the clocks is enough to reuse a report.
 *
 * The states of checks are counted, so that recording a result costs the same with a thousand checks; a report for an event
 * is made only where a group changed and somebody listens.
 */
export class Groups {
  readonly holds: Holds = new Holds();
  readonly #settings: ControllerSettings;
  readonly #emitter: HealthEmitter;
  readonly #checks: ReadonlyMap<string, Check>;
  readonly #groups = new Map<string, Group>();
  readonly #standings = new Map<Check, Standing>();
  /** Called whenever earlier reports become invalid. */
  readonly #onInvalid: () => void;
  #version = 0;
  /** When the last result was recorded, if nothing has happened since. */
  #resultAt: Moment | undefined;
  readonly #lastResultAt = (): Moment | undefined => this.#resultAt;
  #isDraining = false;
  /** True if a check asks another service for its health. */
  hasPeerChecks = false;
  /** True once `ready` was answered without any check in it. */
  hasAnsweredEmptyReady = false;

  constructor(
    settings: ControllerSettings,
    emitter: HealthEmitter,
    checks: ReadonlyMap<string, Check>,
    onInvalid: () => void,
  ) {
    this.#settings = settings;
    this.#emitter = emitter;
    this.#checks = checks;
    this.#onInvalid = onInvalid;
    for (const name of BUILT_IN_GROUPS) this.#groups.set(name, new Group(name));
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** The groups that hold something or always exist, `all` first. */
  get names(): readonly string[] {
    return [...this.#groups.keys()].filter((name) => !isSingleCheck(name));
  }

  has(group: string): boolean {
    return this.#groups.has(group) || membersOf(group, this.#checks).length > 0;
  }

  /** Invalidates all earlier reports. */
  invalidate(): void {
    this.#version++;
    this.#resultAt = undefined;
    this.#onInvalid();
  }

  /** Adds a check that has just been registered to its groups, or removes one that has just been unregistered. */
  regroup(check: Check): void {
    this.invalidate();
    this.hasPeerChecks = [...this.#checks.values()].some(({ settings }) => settings.isPeerCheck);
    if (this.#checks.has(check.settings.name)) this.#standings.set(check, standingOf(check));
    else this.#standings.delete(check);
    for (const name of check.settings.groups)
      if (!this.#groups.has(name)) this.#groups.set(name, new Group(name));
    for (const group of this.#groups.values()) {
      const members = membersOf(group.name, this.#checks);
      if (members.length === group.members.length && members.every((each, i) => each === group.members[i]))
        continue;
      group.members = members;
      for (const member of members) group.count(this.#standings.get(member) as Standing, 1);
      group.latch(!this.holds.isEmpty);
      this.#announce(group);
      // Checks may come and go under new names all the time; what is kept of them must not grow with that.
      if (members.length === 0 && !isBuiltIn(group.name)) this.#groups.delete(group.name);
    }
  }

  /** Takes a check's result. */
  onResult(check: Check, at: Moment): void {
    this.invalidate();
    this.#resultAt = at;
    const before = this.#standings.get(check);
    const { isOk, isGating, hasPassed } = standingOf(check);
    const isSame =
      before === undefined ||
      (before.isOk === isOk && before.isGating === isGating && before.hasPassed === hasPassed);
    if (isSame) return;
    const after: Standing = { isOk, isGating, hasPassed };
    this.#standings.set(check, after);
    const changed: Group[] = [];
    for (const group of this.#groups.values()) {
      if (!group.holds(check)) continue;
      const status = this.#statusOf(group);
      group.count(before, -1);
      group.count(after, 1);
      group.latch(!this.holds.isEmpty);
      if (this.#statusOf(group) !== status) changed.push(group);
    }
    // A listener may register and unregister checks, so everything is counted before any of them is notified.
    for (const group of changed) this.#announce(group);
  }

  /** Call it once listeners have been notified of a result: they may have taken a while. */
  onListenersNotified(): void {
    this.#resultAt = new Moment(this.#settings.clock);
  }

  /** Makes the groups that traffic depends on unhealthy for good. */
  drain(): void {
    this.#isDraining = true;
    this.#onHoldOrDrain((group) => group.isTraffic);
  }

  /** Call it when a hold was added or released. */
  onHold(): void {
    this.#onHoldOrDrain((group) => group.isHoldable);
  }

  /** Remembers the report of each group, so that the first `groupChange` has a `before`. */
  remember(): void {
    for (const group of this.#groups.values()) group.announced = this.lastReport(group.name);
  }

  /** The kept report of a group while it is fresh. */
  fresh(name: string): Report | undefined {
    const group = this.#groups.get(name);
    return group && this.#current(group);
  }

  /** How much longer the kept report of a group is fresh, in milliseconds. */
  freshMs(name: string): number {
    const group = this.#groups.get(name);
    const now = this.#settings.clock.now();
    return group === undefined || this.#current(group, now) === undefined ? 0 : group.freshUntil - now;
  }

  /** @param now if the clock has just been read */
  #current(group: Group, now?: number): Report | undefined {
    if (group.version !== this.#version) return undefined;
    const { clock } = this.#settings;
    const isFresh = (now ?? clock.now()) < group.freshUntil && clock.epochMs() <= group.freshUntilEpochMs;
    return isFresh ? group.report : undefined;
  }

  /** Runs what is not fresh. Returns synchronously if there is nothing to wait for. */
  look(name: string): Report | Promise<Report> {
    const { clock } = this.#settings;
    const now = clock.now();
    const group = this.#group(name);
    const fresh = this.#current(group, now);
    if (fresh !== undefined) return fresh;
    const at = new Moment(clock, now);
    const runs = group.isLatched ? NO_RUNS : refresh(group.members, at, clock, this.#lastResultAt);
    if (group.members.length === 0) this.#onEmptyAnswer(group);
    // Runs that gave their result synchronously have read the clocks already.
    const resultAt = this.#resultAt;
    if (runs.length === 0)
      return this.#build(group, resultAt !== undefined && resultAt.now > at.now ? resultAt : at);
    return new Promise((resolve) =>
      awaitRuns(runs, now, this.#settings, (areDone) =>
        resolve(this.#current(group) ?? this.#build(group, areDone ? this.#resultAt : undefined)),
      ),
    );
  }

  /** As {@link look}, for another service: checks that ask peers are shown as they were and neither run nor count. */
  lookForPeer(name: string): Report | Promise<Report> {
    const group = this.#group(name);
    if (!group.members.some(({ settings }) => settings.isPeerCheck)) return this.look(name);
    const { clock } = this.#settings;
    const own = group.members.filter(({ settings }) => !settings.isPeerCheck);
    const at = new Moment(clock);
    const runs = group.isLatched ? NO_RUNS : refresh(own, at, clock, this.#lastResultAt);
    if (runs.length === 0) return this.#reportFor(group, new Moment(clock), true);
    return new Promise((resolve) =>
      awaitRuns(runs, at.now, this.#settings, () => resolve(this.#reportFor(group, new Moment(clock), true))),
    );
  }

  /** The report that the last results give. Runs nothing. */
  lastReport(name: string): Report {
    return this.fresh(name) ?? this.#build(this.#group(name));
  }

  /** Called when a group without checks was reported: `startup` then stays healthy, and an empty `ready` is worth a warning. */
  #onEmptyAnswer(group: Group): void {
    if (group.isStartup && !(group.isHoldable && !this.holds.isEmpty)) group.isLatched = true;
    if (group.name === READY_GROUP) this.hasAnsweredEmptyReady = true;
  }

  #group(name: string): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = new Group(name);
    group.members = membersOf(name, this.#checks);
    // A name that nobody registered is not kept: requests could name any number of them.
    if (group.members.length > 0) this.#groups.set(name, group);
    return group;
  }

  #statusOf(group: Group): Report['status'] {
    return group.status(!this.holds.isEmpty, this.#isDraining);
  }

  /** Makes the report of a group and keeps it. @param at now, or a moment that is as good as now */
  #build(group: Group, at: Moment = new Moment(this.#settings.clock)): Report {
    const report = this.#reportFor(group, at, false);
    let freshUntil = Number.POSITIVE_INFINITY;
    if (!group.isLatched)
      for (const member of group.members) freshUntil = Math.min(freshUntil, member.shownUntil(at.now));
    group.report = report;
    group.version = this.#version;
    group.freshUntil = freshUntil;
    group.freshUntilEpochMs = at.epochMs + (freshUntil - at.now) + WALL_CLOCK_TOLERANCE_MS;
    return report;
  }

  #reportFor(group: Group, at: Moment, isForPeer: boolean): Report {
    const checks: Record<string, CheckReport> = Object.create(null);
    let ofChecks: ReportStatus = 'healthy';
    if (!group.isLatched)
      for (const member of group.members) {
        const report = member.shown(at);
        checks[report.name] = report;
        if (!isForPeer || !member.settings.isPeerCheck) ofChecks = worse(ofChecks, report);
      }
    const isHeld = !this.holds.isEmpty;
    const held = isHeld && group.isHoldable;
    return Object.freeze({
      status: groupStatus(group, isHeld, this.#isDraining, ofChecks),
      group: group.name,
      draining: this.#isDraining && group.isTraffic,
      held,
      holds: held ? this.holds.reasons : NO_HOLDS,
      checks: Object.freeze(checks),
      atMs: at.epochMs,
      service: this.#settings.service,
    });
  }

  #onHoldOrDrain(isAffected: (group: Group) => boolean): void {
    this.invalidate();
    const affected = [...this.#groups.values()].filter(isAffected);
    // What passed during a hold counts once that is over.
    for (const group of affected) group.latch(!this.holds.isEmpty);
    for (const group of affected) this.#announce(group);
  }

  #announce(group: Group): void {
    if (!this.#emitter.has('groupChange') || isSingleCheck(group.name)) return;
    const before = group.announced;
    // A listener of this change has caused another one, whose event covered both.
    if (before !== undefined && before === group.report && group.version === this.#version) return;
    const after = this.#build(group);
    group.announced = after;
    this.#emitter.emit('groupChange', Object.freeze({ before, after }));
  }
}

const NO_HOLDS: readonly string[] = Object.freeze([]);
const NO_RUNS: readonly Run[] = [];

function standingOf({ record }: Check): Standing {
  return { isOk: record.last?.status === 'ok', isGating: record.isGating, hasPassed: record.hasPassed };
}
