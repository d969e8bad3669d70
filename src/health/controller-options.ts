import {
  defaultLogger,
  LOGGER_METHODS,
  type Logger,
  redactingLogger,
  safeLogger,
} from '../internal/logger.ts';
import { makeRedactor } from '../internal/redact/make-redactor.ts';
import { CLOCK_METHODS, type Clock, systemClock } from '../internal/time.ts';
import { Validator } from '../internal/validator.ts';
import type { ServiceInfo } from './report.ts';
import type { Redactor } from './result.ts';

/** How long an answer may take by default, in milliseconds: less than kubelet's timeout of 1 s. */
export const DEFAULT_TIMEOUT_MS = 800;

const CONTROLLER_OPTIONS: readonly (keyof ControllerOptions)[] = [
  'timeoutMs',
  'logger',
  'clock',
  'service',
  'redact',
];
const SERVICE_FIELDS: readonly (keyof ServiceInfo)[] = [
  'name',
  'version',
  'releaseId',
  'serviceId',
  'description',
];

/** Options of a controller. */
export interface ControllerOptions {
  /** How long an answer may take, and the default of every check, in whole milliseconds from 1 to 2147483647. Default 800: kubelet gives up after 1 s. */
  readonly timeoutMs?: number;
  /** Logs why checks fail, when they recover, and what listeners and policies throw. Default: one line each on standard error. */
  readonly logger?: Logger;
  /** The source of time; tests set it. Default: the machine's clock. */
  readonly clock?: Clock;
  /** The identity of this service, shown with details. */
  readonly service?: ServiceInfo;
  /**
   * Removes what only this service knows to be secret, after credentials have been removed, from messages, codes, details,
   * reasons and log lines. If it throws, or returns anything but a string, the string is withheld. Default: none.
   *
   * @example redact: (text) => text.replace(/\bACC-\d+/g, 'ACC-***')
   */
  readonly redact?: (text: string) => string;
}

/** Options of a controller with every default filled in. */
export interface ControllerSettings {
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly service: ServiceInfo;
  readonly redactor: Redactor;
}

/**
 * Fills in the defaults of a controller.
 * @throws ConfigError with every issue in the options
 */
export function controllerSettings(options: ControllerOptions | undefined): ControllerSettings {
  const validator = new Validator();
  const own: ControllerOptions = validator.options('options', options, CONTROLLER_OPTIONS);
  validator.milliseconds('timeoutMs', own.timeoutMs, 1);
  validator.methods('logger', own.logger, LOGGER_METHODS);
  validator.methods('clock', own.clock, CLOCK_METHODS);
  const service: ServiceInfo = validator.options('service', own.service, SERVICE_FIELDS);
  for (const [field, value] of Object.entries(service)) validator.nonEmptyString(`service.${field}`, value);
  validator.function('redact', own.redact, 'a function from string to string');
  validator.throwIfAny('Invalid HealthController options');
  const redactor = makeRedactor(own.redact);
  const logger = own.logger ?? defaultLogger;
  return {
    timeoutMs: own.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    logger: safeLogger(own.redact === undefined ? logger : redactingLogger(logger, redactor)),
    clock: own.clock ?? systemClock,
    service: Object.freeze(service),
    redactor,
  };
}
