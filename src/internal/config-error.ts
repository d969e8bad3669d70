import { brandOf, hasBrand } from './brand.ts';

const BRAND: symbol = brandOf('ConfigError');

/**
 * Invalid options or arguments, thrown by the call that received them. Lists every issue of that call, so starting the
 * service once shows them all. `code` is `ERR_CONFIG`.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'ERR_CONFIG';
  /** Each issue as one sentence. */
  readonly issues: readonly string[];

  static {
    Object.defineProperty(ConfigError.prototype, BRAND, { value: true });
  }

  constructor(subject: string, issues: readonly string[]) {
    super(issues.length === 1 ? `${subject}: ${issues[0]}` : [`${subject}:`, ...issues].join('\n  - '));
    this.issues = issues;
  }
}

/** Returns true for a {@link ConfigError}, even from another copy of this package. */
export function isConfigError(value: unknown): value is ConfigError {
  return hasBrand(value, BRAND);
}
