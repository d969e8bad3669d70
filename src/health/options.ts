import { defaultLogger, type Logger, safeLogger } from '../internal/logger.ts';
import { CLOCK_METHODS, type Clock, systemClock } from '../internal/time.ts';
import { hasMethods, Validator } from '../internal/validator.ts';
import type { Checker, CheckerKind, CheckFunction, CheckOptions, FailOn } from './checker.ts';

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
const CHECK_OPTIONS: readonly (keyof CheckOptions)[] = [
  'failOn',
  'groups',
  'timeoutMs',
  'maxAgeMs',
  'intervalMs',
  'kind',
];
const CONTROLLER_OPTIONS: readonly (keyof ControllerOptions)[] = ['timeoutMs', 'logger', 'clock', 'service'];
const SERVICE_FIELDS: readonly (keyof ServiceInfo)[] = [
  'name',
  'version',
  'releaseId',
  'serviceId',
  'description',
];

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
  const validator = new Validator();
  const own: ControllerOptions = validator.options('options', options, CONTROLLER_OPTIONS);
  validator.milliseconds('timeoutMs', own.timeoutMs, 1);
  validator.methods('logger', own.logger, ['info', 'warn', 'error']);
  validator.methods('clock', own.clock, CLOCK_METHODS);
  const service: ServiceInfo = validator.options('service', own.service, SERVICE_FIELDS);
  for (const [field, value] of Object.entries(service)) validator.nonEmptyString(`service.${field}`, value);
  validator.throwIfAny('Invalid HealthController options');
  return {
    timeoutMs: own.timeoutMs ?? DEFAULTS.timeoutMs,
    logger: safeLogger(own.logger ?? defaultLogger),
    clock: own.clock ?? systemClock,
    service: Object.freeze(service),
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
  const validator = new Validator();
  validateName(validator, name, surroundings);
  validateChecker(validator, checker);
  const own: CheckOptions = validator.options('options', options, CHECK_OPTIONS);
  validateOptions(validator, own, surroundings.timeoutMs);
  const kind = own.kind ?? (checker as Checker | undefined)?.kind ?? 'dependency';
  if (kind === 'dependency' && isListOf(own.groups, LIVE_GROUP)) validator.add(LIVE_DEPENDENCY);
  validator.throwIfAny(
    `Cannot register the check ${typeof name === 'string' ? `\`${name}\`` : ''}`.trimEnd(),
  );
  return merged(name, checker, own, surroundings.timeoutMs);
}

const LIVE_DEPENDENCY =
  'A dependency cannot be in the group `live`: a failing liveness probe restarts this process, and a restart does ' +
  "not mend a database. Put it into `ready`, or say `kind: 'process'` if the check is about this process alone";

function validateName(validator: Validator, name: unknown, surroundings: Surroundings): void {
  if (typeof name !== 'string' || !NAME_PATTERN.test(name))
    validator.expected('name', NAME_EXPECTATION, name);
  else if (surroundings.isTaken(name))
    validator.add('The name is taken: unregister the other check first, or choose another name');
}

function validateChecker(validator: Validator, checker: unknown): void {
  if (typeof checker === 'function') return;
  if (!hasMethods(checker, ['check'])) {
    validator.expected('checker', 'a function, or an object with the method `check`', checker);
    return;
  }
  const { kind, display, close } = checker as Partial<Record<keyof Checker, unknown>>;
  if (kind === undefined) validator.expected('checker.kind', "'process' or 'dependency'", kind);
  validator.oneOf('checker.kind', kind, KINDS);
  validator.oneOf('checker.display', display, ['status', 'value']);
  if (close !== undefined && typeof close !== 'function')
    validator.expected('checker.close', 'a function', close);
}

function validateOptions(validator: Validator, options: CheckOptions, controllerTimeoutMs: number): void {
  validator.oneOf('failOn', options.failOn, FAIL_ON);
  validator.oneOf('kind', options.kind, KINDS);
  validator.milliseconds('timeoutMs', options.timeoutMs, 1);
  validator.milliseconds('maxAgeMs', options.maxAgeMs, 0);
  validator.milliseconds('intervalMs', options.intervalMs, 1);
  if (options.intervalMs === undefined && Number(options.timeoutMs) > controllerTimeoutMs) {
    validator.add(
      `\`timeoutMs\` ${options.timeoutMs} is over the controller's ${controllerTimeoutMs}, so probes would wait longer than an ` +
        'answer may take: add `intervalMs` to run the check in the background, or raise the controller’s `timeoutMs`',
    );
  }
  validateGroup(validator, options.groups);
}

function validateGroup(validator: Validator, groups: unknown): void {
  if (groups === undefined) return;
  if (!Array.isArray(groups)) {
    validator.expected('groups', 'a list of group names', groups);
    return;
  }
  for (const group of groups) {
    if (typeof group !== 'string' || !NAME_PATTERN.test(group))
      validator.expected('groups', NAME_EXPECTATION, group);
    if (group === 'checks')
      validator.add('A group cannot be called `checks`: that path answers for single checks');
    if (group === ALL_GROUP)
      validator.add('A group cannot be called `all`: that is the base path, which holds every check');
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
