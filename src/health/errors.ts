import { brandOf, hasBrand } from '../internal/brand.ts';

const BRAND: symbol = brandOf('CheckTimeoutError');

/** The `reason` of a checker's `signal` after a timeout. `code` is `ERR_CHECK_TIMEOUT`. */
export class CheckTimeoutError extends Error {
  override readonly name = 'CheckTimeoutError';
  readonly code = 'ERR_CHECK_TIMEOUT';
  /** The name under which the check is registered. */
  readonly check: string;
  /** The time that the run had, in milliseconds. */
  readonly timeoutMs: number;

  static {
    Object.defineProperty(CheckTimeoutError.prototype, BRAND, { value: true });
  }

  constructor(check: string, timeoutMs: number) {
    super(`no result within ${timeoutMs} ms`);
    this.check = check;
    this.timeoutMs = timeoutMs;
  }
}

/** Returns true for a {@link CheckTimeoutError}, even from another copy of this package. */
export function isCheckTimeoutError(value: unknown): value is CheckTimeoutError {
  return hasBrand(value, BRAND);
}
