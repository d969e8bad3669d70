import type { Checker, CheckerKind, CheckFunction, CheckOptions, FailOn } from './checker.ts';
import { type Clock, systemClock } from './clock.ts';
import { Faults, hasMethods } from './faults.ts';
import { contain, defaultLogger, type Logger } from './logger.ts';

/** The type of {@link DEFAULTS}. */
export interface Defaults {
  /** How long an answer may take, in milliseconds: under kubelet's patience of 1 s. */
  readonly timeoutMs: number;
  /** How long a result answers, in milliseconds. */
  readonly maxAgeMs: number;
  /** Anything but ok is a 503. */
  readonly failOn: FailOn;
  /** The groups of a check that names none. */
  readonly groups: readonly string[];
}

/** What the options are when nobody says otherwise. */
export const DEFAULTS: Defaults = Object.freeze({
  timeoutMs: 800,
  maxAgeMs: 1000,
  failOn: 'warning',
  groups: Object.freeze(['ready']),
});

/** The group that holds every check; the base path answers for it. */
export const ALL_GROUP = 'all';
/** The group of checks whose failure a restart would mend. */
export const LIVE_GROUP = 'live';
/** The group of checks without which the instance should get no traffic. */
export const READY_GROUP = 'ready';
/** The group that is down until its checks have passed once. */
export const STARTUP_GROUP = 'startup';

const NAME_PATTERN = /^[A-Za-z][\w.-]{0,63}$/;
const NAME_EXPECTATION = 'a letter, then up to 63 letters, digits, `.`, `_` or `-`';
const FAIL_ON: readonly FailOn[] = ['warning', 'error', 'never'];
const KINDS: readonly CheckerKind[] = ['process', 'dependency'];
const CHECK_OPTIONS = ['failOn', 'groups', 'timeoutMs', 'maxAgeMs', 'intervalMs', 'kind'];
const CONTROLLER_OPTIONS = ['timeoutMs', 'logger', 'clock', 'service'];
const SERVICE_FIELDS = ['name', 'version', 'releaseId', 'serviceId', 'description'];

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

/** How a controller is made. */
export interface ControllerOptions {
  /** How long an answer may take, and the default of every check, in whole milliseconds from 1 to 2147483647. Default 800: kubelet gives up after 1 s. */
  readonly timeoutMs?: number;
  /** Where a listener's or a checker's misbehaviour is told. Default: warnings and errors on standard error. */
  readonly logger?: Logger;
  /** Where time comes from; tests set it. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Who answers. */
  readonly service?: ServiceInfo;
}

/** Options of a controller with every default filled in. */
export interface ControllerSettings {
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly service: ServiceInfo;
}

/** A check as it will be run: checker and options with every default filled in. */
export interface CheckSettings {
  readonly name: string;
  readonly check: CheckFunction;
  readonly close: (() => void | Promise<void>) | undefined;
  readonly display: 'status' | 'value';
  readonly kind: CheckerKind;
  readonly failOn: FailOn;
  readonly groups: readonly string[];
  readonly timeoutMs: number;
  readonly maxAgeMs: number;
  /** Undefined for a check that runs when it is asked for. */
  readonly intervalMs: number | undefined;
}

/**
 * Fills in the defaults of a controller.
 * @throws ConfigError with every fault in the options
 */
export function controllerSettings(options: ControllerOptions | undefined): ControllerSettings {
  const faults = new Faults();
  if (faults.isOptions('options', options, CONTROLLER_OPTIONS)) {
    faults.milliseconds('timeoutMs', options.timeoutMs, 1);
    faults.methods('logger', options.logger, ['info', 'warn', 'error']);
    faults.methods('clock', options.clock, ['now', 'epochMs', 'setTimeout', 'clearTimeout']);
    if (faults.isOptions('service', options.service, SERVICE_FIELDS)) {
      for (const [field, value] of Object.entries(options.service)) faults.text(`service.${field}`, value);
    }
  }
  faults.throwIfAny('Cannot make a HealthController');
  return {
    timeoutMs: options?.timeoutMs ?? DEFAULTS.timeoutMs,
    logger: contain(options?.logger ?? defaultLogger),
    clock: options?.clock ?? systemClock,
    service: Object.freeze({ ...options?.service }),
  };
}

/** What a new check has to fit in with. */
interface Surroundings {
  readonly timeoutMs: number;
  isTaken(name: string): boolean;
}

/**
 * Fills in the defaults of a check.
 * @throws ConfigError with every fault in name, checker and options
 */
export function checkSettings(
  name: string,
  checker: Checker | CheckFunction,
  options: CheckOptions | undefined,
  surroundings: Surroundings,
): CheckSettings {
  const faults = new Faults();
  nameFaults(faults, name, surroundings);
  checkerFaults(faults, checker);
  if (faults.isOptions('options', options, CHECK_OPTIONS)) {
    optionFaults(faults, options, surroundings.timeoutMs);
    const kind = options.kind ?? (checker as Checker | undefined)?.kind ?? 'dependency';
    if (kind === 'dependency' && isListOf(options.groups, LIVE_GROUP)) faults.add(LIVE_DEPENDENCY);
  }
  faults.throwIfAny(`Cannot register the check ${typeof name === 'string' ? `\`${name}\`` : ''}`.trimEnd());
  return merged(name, checker, options ?? {}, surroundings.timeoutMs);
}

const LIVE_DEPENDENCY =
  'A dependency cannot be in the group `live`: a failing liveness probe restarts this process, and a restart does ' +
  "not mend a database. Put it into `ready`, or say `kind: 'process'` if the check is about this process alone";

function nameFaults(faults: Faults, name: unknown, surroundings: Surroundings): void {
  if (typeof name !== 'string' || !NAME_PATTERN.test(name)) faults.expected('name', NAME_EXPECTATION, name);
  else if (surroundings.isTaken(name))
    faults.add('The name is taken: unregister the other check first, or choose another name');
}

function checkerFaults(faults: Faults, checker: unknown): void {
  if (typeof checker === 'function') return;
  if (!hasMethods(checker, ['check'])) {
    faults.expected('checker', 'a function, or an object with the method `check`', checker);
    return;
  }
  const { kind, display, close } = checker as Partial<Record<keyof Checker, unknown>>;
  if (kind === undefined) faults.expected('checker.kind', "'process' or 'dependency'", kind);
  faults.oneOf('checker.kind', kind, KINDS);
  faults.oneOf('checker.display', display, ['status', 'value']);
  if (close !== undefined && typeof close !== 'function')
    faults.expected('checker.close', 'a function', close);
}

function optionFaults(faults: Faults, options: CheckOptions, controllerTimeoutMs: number): void {
  faults.oneOf('failOn', options.failOn, FAIL_ON);
  faults.oneOf('kind', options.kind, KINDS);
  faults.milliseconds('timeoutMs', options.timeoutMs, 1);
  faults.milliseconds('maxAgeMs', options.maxAgeMs, 0);
  faults.milliseconds('intervalMs', options.intervalMs, 1);
  if (options.intervalMs === undefined && Number(options.timeoutMs) > controllerTimeoutMs) {
    faults.add(
      `\`timeoutMs\` ${options.timeoutMs} is over the controller's ${controllerTimeoutMs}, so probes would wait longer than an ` +
        'answer may take: add `intervalMs` to run the check in the background, or raise the controller’s `timeoutMs`',
    );
  }
  groupFaults(faults, options.groups);
}

function groupFaults(faults: Faults, groups: unknown): void {
  if (groups === undefined) return;
  if (!Array.isArray(groups)) {
    faults.expected('groups', 'a list of group names', groups);
    return;
  }
  for (const group of groups) {
    if (typeof group !== 'string' || !NAME_PATTERN.test(group))
      faults.expected('groups', NAME_EXPECTATION, group);
    if (group === 'checks')
      faults.add('A group cannot be called `checks`: that path answers for single checks');
    if (group === ALL_GROUP)
      faults.add('A group cannot be called `all`: that is the base path, which holds every check');
  }
}

function isListOf(groups: unknown, name: string): boolean {
  return Array.isArray(groups) && groups.includes(name);
}

function merged(
  name: string,
  checker: Checker | CheckFunction,
  options: CheckOptions,
  controllerTimeoutMs: number,
): CheckSettings {
  const described = typeof checker === 'function' ? undefined : checker;
  const timeoutMs = options.timeoutMs ?? controllerTimeoutMs;
  const intervalMs = options.intervalMs;
  return {
    name,
    check: typeof checker === 'function' ? checker : (context) => checker.check(context),
    close: described?.close?.bind(described),
    display: described?.display ?? 'status',
    kind: options.kind ?? described?.kind ?? 'dependency',
    failOn: options.failOn ?? DEFAULTS.failOn,
    groups: Object.freeze([...new Set(options.groups ?? DEFAULTS.groups)]),
    timeoutMs,
    maxAgeMs: options.maxAgeMs ?? (intervalMs === undefined ? DEFAULTS.maxAgeMs : 2 * intervalMs + timeoutMs),
    intervalMs,
  };
}
