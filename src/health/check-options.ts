import { isPeerCheck } from '../internal/peer-check.ts';
import { hasMethods, Validator } from '../internal/validator.ts';
import type { Checker, CheckerKind, CheckFunction, CheckOptions, FailOn } from './checker.ts';
import { ALL_GROUP, LIVE_GROUP, READY_GROUP } from './group.ts';

/** Defaults for the options of a check. */
export const CHECK_DEFAULTS: Required<
  Pick<CheckOptions, 'maxAgeMs' | 'failOn' | 'groups' | 'failureThreshold' | 'successThreshold'>
> = Object.freeze({
  maxAgeMs: 1000,
  failOn: 'warning',
  groups: Object.freeze([READY_GROUP]),
  failureThreshold: 1,
  successThreshold: 1,
});

const NAME_PATTERN = /^[A-Za-z][\w.-]{0,63}$/;
const NAME_EXPECTATION = 'a letter, then up to 63 letters, digits, `.`, `_` or `-`';
const FAIL_ON: readonly FailOn[] = ['warning', 'error', 'never'];
const KINDS: readonly CheckerKind[] = ['process', 'dependency'];
const MAX_THRESHOLD = 1000;
const MAX_OUTSTANDING = 3;
const CHECK_OPTIONS: readonly (keyof CheckOptions)[] = [
  'failOn',
  'groups',
  'timeoutMs',
  'maxAgeMs',
  'intervalMs',
  'failureThreshold',
  'successThreshold',
  'kind',
];

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
  /** Undefined for a check that runs on demand. */
  readonly intervalMs: number | undefined;
  readonly failureThreshold: number;
  readonly successThreshold: number;
  readonly maxOutstanding: number;
  /** True for a check that asks another service for its health. */
  readonly isPeerCheck: boolean;
}

/** What a new check has to fit in with. */
interface Surroundings {
  readonly timeoutMs: number;
  isTaken(name: string): boolean;
}

/**
 * Fills in the defaults of a check.
 * @throws ConfigError with every issue in name, checker and options
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
  "not fix a database. Put it into `ready`, or set `kind: 'process'` if the check is about this process alone";

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
  const { kind, display, failOn, maxOutstanding, close } = checker as Partial<Record<keyof Checker, unknown>>;
  if (kind === undefined) validator.expected('checker.kind', "'process' or 'dependency'", kind);
  validator.oneOf('checker.kind', kind, KINDS);
  validator.oneOf('checker.display', display, ['status', 'value']);
  validator.oneOf('checker.failOn', failOn, FAIL_ON);
  validator.wholeNumber('checker.maxOutstanding', maxOutstanding, 1, MAX_OUTSTANDING);
  validator.function('checker.close', close);
}

function validateOptions(validator: Validator, options: CheckOptions, controllerTimeoutMs: number): void {
  validator.oneOf('failOn', options.failOn, FAIL_ON);
  validator.oneOf('kind', options.kind, KINDS);
  validator.milliseconds('timeoutMs', options.timeoutMs, 1);
  validator.milliseconds('maxAgeMs', options.maxAgeMs, 0);
  validator.milliseconds('intervalMs', options.intervalMs, 1);
  validator.wholeNumber('failureThreshold', options.failureThreshold, 1, MAX_THRESHOLD);
  validator.wholeNumber('successThreshold', options.successThreshold, 1, MAX_THRESHOLD);
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
      validator.add('A group cannot be called `all`: that is the base path, which covers every check');
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
    failOn: options.failOn ?? described?.failOn ?? CHECK_DEFAULTS.failOn,
    groups: Object.freeze([...new Set(options.groups ?? CHECK_DEFAULTS.groups)]),
    timeoutMs,
    maxAgeMs:
      options.maxAgeMs ?? (intervalMs === undefined ? CHECK_DEFAULTS.maxAgeMs : 2 * intervalMs + timeoutMs),
    intervalMs,
    failureThreshold: options.failureThreshold ?? CHECK_DEFAULTS.failureThreshold,
    successThreshold: options.successThreshold ?? CHECK_DEFAULTS.successThreshold,
    maxOutstanding: described?.maxOutstanding ?? MAX_OUTSTANDING,
    isPeerCheck: isPeerCheck(checker),
  };
}
