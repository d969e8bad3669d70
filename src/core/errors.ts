/**
 * A mistake in what the program passed to allswell, found when it was passed. It lists every fault of the
 * call, so that one start of the service shows them all.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Each fault as a sentence of its own. */
  readonly faults: readonly string[];

  constructor(subject: string, faults: readonly string[]) {
    super(faults.length === 1 ? `${subject}: ${faults[0]}` : [`${subject}:`, ...faults].join('\n  - '));
    this.faults = faults;
  }
}

/** Whether a caught value is a {@link ConfigError}. */
export function isConfigError(value: unknown): value is ConfigError {
  return value instanceof ConfigError;
}

/** The reason of the `signal` that a checker sees when its time is over. */
export class CheckTimeoutError extends Error {
  override readonly name = 'CheckTimeoutError';
  readonly code = 'ETIMEDOUT';
  /** The name under which the check is registered. */
  readonly check: string;
  /** The time that the run had, in milliseconds. */
  readonly timeoutMs: number;

  constructor(check: string, timeoutMs: number) {
    super(`no result within ${timeoutMs} ms`);
    this.check = check;
    this.timeoutMs = timeoutMs;
  }
}

/** Whether a caught value is a {@link CheckTimeoutError}. */
export function isCheckTimeoutError(value: unknown): value is CheckTimeoutError {
  return value instanceof CheckTimeoutError;
}
