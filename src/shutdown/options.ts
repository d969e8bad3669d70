import type { HealthController } from '../health/controller.ts';
import { engineOf } from '../health/source.ts';
import { type Logger, safeLogger } from '../internal/logger.ts';
import { type Clock, systemClock } from '../internal/time.ts';
import { hasMethods, Validator } from '../internal/validator.ts';
import type { GracefulServer } from '../server/graceful-server.ts';
import { targetsOf } from './servers.ts';
import type { ClosesLast, ShutdownTarget } from './target.ts';

/** Something to do before the process exits, with a name for the log and its own time limit. */
export interface NamedShutdownHook {
  /** Its name in the log, such as `pool`. */
  readonly name: string;
  /** Called once. A promise is awaited; if it rejects or the call throws, that is logged and makes the exit code 1. */
  run(): unknown;
  /** How long it may take, in whole milliseconds from 1 to 2147483647. Default 5000. Then the next one runs. */
  readonly timeoutMs?: number;
}

/** A hook is a function, or one with a name and a time limit. The log names a bare function by its name or its index in the list. */
export type ShutdownHook = (() => unknown) | NamedShutdownHook;

/** Options of {@link gracefulShutdown}. `drainDelayMs` + `timeoutMs` + the hooks' time must fit into the platform's kill timeout. */
export interface ShutdownOptions {
  /** The signals that start it. Default `['SIGTERM', 'SIGINT']`: Kubernetes and Docker send the first, Fly and Ctrl-C the second. */
  readonly signals?: readonly NodeJS.Signals[];
  /**
   * How long the server keeps accepting and answering after readiness has turned 503, in whole milliseconds
   * from 0 to 2147483647. Default 7000: HAProxy's `inter` 2 s times `fall` 3, and a second to spare. It must be longer
   * than the load balancer takes to notice; 0 loses requests behind any that polls. There is no delay if the server is
   * not listening.
   */
  readonly drainDelayMs?: number;
  /**
   * How long requests in flight may take after the server has stopped accepting, in whole milliseconds from 0
   * to 2147483647. Default 10000. What is still open then is cut off, and the exit code is 1.
   */
  readonly timeoutMs?: number;
  /** What to do once nothing is in flight and the checks have ended, in this order: close pools, flush logs. Default: nothing. */
  readonly onShutdown?: readonly ShutdownHook[];
  /** Logs the progress; pino fits. Default: the controller's logger. */
  readonly logger?: Logger;
  /**
   * How requests for a WebSocket are answered after the signal. `'refuse'`, the default: 503 with `Retry-After: 1` and
   * `Connection: close`, before any library sees the request, so that clients that reconnect by themselves go to another
   * instance. `'allow'`: the program answers them; such a connection is eventually cut off unless something closes it.
   */
  readonly upgrades?: 'refuse' | 'allow';
  /**
   * Called last, with the exit code: 1 if something was cut off, a hook failed or something else closed a server too
   * early, 0 otherwise; or `process.exitCode`, or what was passed to `shutdown()`, if that is higher. If a process has
   * several handles, the last one to end calls its own. Default `process.exit`; tests replace it.
   */
  readonly exit?: (code: number) => unknown;
  /** The source of time; tests set it. Default: the machine's clock. */
  readonly clock?: Clock;
}

/** Defaults of a shutdown. */
interface ShutdownDefaults {
  readonly signals: readonly NodeJS.Signals[];
  readonly drainDelayMs: number;
  readonly timeoutMs: number;
  /** The `timeoutMs` of a hook that names none, in milliseconds. */
  readonly hookTimeoutMs: number;
  readonly upgrades: 'refuse' | 'allow';
}

/** Default options of a shutdown: 17 s and the hooks, under Kubernetes' 30 s, over Fly's 5 s. */
export const SHUTDOWN_DEFAULTS: ShutdownDefaults = Object.freeze({
  signals: Object.freeze(['SIGTERM', 'SIGINT'] as const),
  drainDelayMs: 7000,
  timeoutMs: 10_000,
  hookTimeoutMs: 5000,
  upgrades: 'refuse',
});

/** A hook with every default filled in. */
export type HookSettings = Required<NamedShutdownHook>;

/** Options with every default filled in. */
export interface ShutdownSettings {
  readonly servers: readonly GracefulServer[];
  readonly healthServers: readonly ClosesLast[];
  readonly upgrades: 'refuse' | 'allow';
  readonly signals: readonly NodeJS.Signals[];
  readonly drainDelayMs: number;
  readonly timeoutMs: number;
  readonly hooks: readonly HookSettings[];
  readonly logger: Logger;
  readonly exit: (code: number) => unknown;
  readonly clock: Clock;
}

const KNOWN: readonly (keyof ShutdownOptions)[] = [
  'signals',
  'drainDelayMs',
  'timeoutMs',
  'onShutdown',
  'upgrades',
  'logger',
  'exit',
  'clock',
];
const HOOK_FIELDS: readonly (keyof NamedShutdownHook)[] = ['name', 'run', 'timeoutMs'];
/** No process can listen to these (signal(7)). */
const UNCATCHABLE_SIGNALS: readonly unknown[] = ['SIGKILL', 'SIGSTOP'];

/**
 * Fills in the defaults.
 * @throws ConfigError with every issue in server, controller and options
 */
export function shutdownSettings(
  given: ShutdownTarget | readonly ShutdownTarget[],
  health: HealthController,
  options: ShutdownOptions | undefined,
): ShutdownSettings {
  const validator = new Validator();
  const { servers, healthServers } = targetsOf(validator, given);
  if (!hasMethods(health, ['drain', 'close'])) validator.expected('health', 'a HealthController', health);
  const own: ShutdownOptions = validator.options('options', options, KNOWN);
  validateOptions(validator, own);
  validator.throwIfAny('Invalid gracefulShutdown() arguments');
  const { signals, drainDelayMs, timeoutMs, upgrades } = { ...SHUTDOWN_DEFAULTS, ...own };
  return {
    servers,
    healthServers,
    upgrades,
    signals: [...new Set(signals)],
    drainDelayMs,
    timeoutMs,
    hooks: (own.onShutdown ?? []).map(hookSettings),
    logger: own.logger === undefined ? engineOf(health).logger : safeLogger(own.logger),
    exit: own.exit ?? ((code) => process.exit(code)),
    clock: own.clock ?? systemClock,
  };
}

function validateOptions(validator: Validator, options: ShutdownOptions): void {
  validator.milliseconds('drainDelayMs', options.drainDelayMs, 0);
  validator.milliseconds('timeoutMs', options.timeoutMs, 0);
  validator.oneOf('upgrades', options.upgrades, ['refuse', 'allow']);
  validator.methods('logger', options.logger, ['info', 'warn', 'error']);
  validator.methods('clock', options.clock, ['now', 'setTimeout', 'clearTimeout']);
  validator.function('exit', options.exit, 'a function that takes the exit code');
  validateSignals(validator, options.signals);
  validateHooks(validator, options.onShutdown);
}

function validateSignals(validator: Validator, signals: unknown): void {
  if (signals === undefined) return;
  if (!Array.isArray(signals)) {
    validator.expected('signals', "a list of signal names such as ['SIGTERM']", signals);
    return;
  }
  const { constants } = process.getBuiltinModule('node:os');
  for (const signal of signals) {
    if (!Object.hasOwn(constants.signals, signal) || UNCATCHABLE_SIGNALS.includes(signal))
      validator.expected('signals', 'names of signals that a process can listen to', signal);
  }
}

function validateHooks(validator: Validator, hooks: unknown): void {
  if (hooks === undefined) return;
  if (!Array.isArray(hooks)) {
    validator.expected('onShutdown', 'a list of functions, or of `{ name, run, timeoutMs }`', hooks);
    return;
  }
  for (const [index, hook] of hooks.entries()) {
    if (typeof hook === 'function') continue;
    const name = `onShutdown[${index}]`;
    if (!hasMethods(hook, ['run'])) validator.expected(name, 'a function, or an object with `run`', hook);
    else {
      validator.options(name, hook as NamedShutdownHook, HOOK_FIELDS);
      if (typeof hook.name !== 'string' || hook.name === '')
        validator.expected(`${name}.name`, 'a name for the log', hook.name);
      validator.milliseconds(`${name}.timeoutMs`, hook.timeoutMs, 1);
    }
  }
}

function hookSettings(hook: ShutdownHook, index: number): HookSettings {
  if (typeof hook === 'function') {
    const name = hook.name === '' ? `onShutdown[${index}]` : hook.name;
    return { name, run: hook, timeoutMs: SHUTDOWN_DEFAULTS.hookTimeoutMs };
  }
  const { name, timeoutMs = SHUTDOWN_DEFAULTS.hookTimeoutMs } = hook;
  return { name, run: () => hook.run(), timeoutMs };
}
