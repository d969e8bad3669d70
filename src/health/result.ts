import { describeBounded } from '../internal/describe.ts';
import { failureCode, failureMessage } from '../internal/error-text.ts';
import { cleanDetails } from '../internal/redact/clean-details.ts';
import { cleanText } from '../internal/redact/clean-text.ts';
import { redact } from '../internal/redact/redact.ts';

/** The statuses of a check, from good to bad. */
export const CHECK_STATUSES = ['ok', 'warning', 'error'] as const;

/** `ok`: as it should be. `warning`: still works, needs a look. `error`: does not work. */
export type CheckStatus = (typeof CHECK_STATUSES)[number];

/** What a `value` is measured in. */
export type Unit = 'bytes' | 'seconds' | 'milliseconds' | 'ratio' | 'count';

/** What one run of a check returned. Only `status` is required. */
export interface CheckResult {
  readonly status: CheckStatus;
  /** One sentence for the person who is woken: what was expected, what was found. Shown only where details are. */
  readonly message?: string;
  /** A word for programs, such as `ECONNREFUSED` or SQLSTATE `28P01`. */
  readonly code?: string;
  /** A finite number worth watching, such as bytes in use. */
  readonly value?: number;
  /** The unit of `value`. */
  readonly unit?: Unit;
  /** More facts, as plain JSON values. Keys that sound like credentials are masked. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The fields of a result in addition to its status and message. */
export type ResultFields = Omit<CheckResult, 'status' | 'message'>;

/** Removes credentials from a string. */
export type Redactor = (text: string) => string;

const PLAIN_OK: CheckResult = Object.freeze({ status: 'ok' });
const UNITS: ReadonlySet<unknown> = new Set<Unit>(['bytes', 'seconds', 'milliseconds', 'ratio', 'count']);

/** An `ok` result. @example return ok('replica 3 s behind', { value: 3, unit: 'seconds' }) */
export function ok(message?: string, fields?: ResultFields): CheckResult {
  if (message === undefined) return fields === undefined ? PLAIN_OK : { ...fields, status: 'ok' };
  return { ...fields, status: 'ok', message };
}

/** A `warning` result. @example return warning('disk 91 % full', { value: 0.91, unit: 'ratio' }) */
export function warning(message: string, fields?: ResultFields): CheckResult {
  return { ...fields, status: 'warning', message };
}

/** An `error` result. @example return error('queue refuses jobs', { code: 'QUEUE_FULL' }) */
export function error(message: string, fields?: ResultFields): CheckResult {
  return { ...fields, status: 'error', message };
}

/**
 * Reads what a checker returned, once and field by field, into a new object without credentials.
 * `undefined` is ok, an object with a valid `status` is that, and everything else is an error that says what
 * came back: a checker that returns `false` must not pass for healthy. Fields of the wrong type are left out.
 */
export function readResult(returned: unknown, redactor: Redactor = redact): CheckResult {
  if (returned === undefined || returned === PLAIN_OK) return PLAIN_OK;
  try {
    if (typeof returned !== 'object' || returned === null)
      return wrongResult(describeBounded(returned), redactor);
    return readFields(returned as Record<keyof CheckResult, unknown>, redactor);
  } catch (thrown) {
    return error(redacted(`the checker's result cannot be read: ${failureMessage(thrown)}`, redactor));
  }
}

function wrongResult(found: string, redactor: Redactor): CheckResult {
  return error(
    cleanText(
      `Expected the checker to return nothing or { status: 'ok' | 'warning' | 'error' }, got ${found}`,
      redactor,
    ),
  );
}

function readFields(source: Record<keyof CheckResult, unknown>, redactor: Redactor): CheckResult {
  const { status } = source;
  if (!isCheckStatus(status)) {
    return wrongResult(
      status === undefined
        ? `${describeBounded(source)} and no \`status\``
        : `\`status\` ${describeBounded(status)}`,
      redactor,
    );
  }
  const { message, code, value, unit, details } = source;
  const result: { -readonly [K in keyof CheckResult]: CheckResult[K] } = { status };
  if (typeof message === 'string') result.message = cleanText(message, redactor);
  if (typeof code === 'string' || typeof code === 'number') result.code = cleanText(String(code), redactor);
  if (typeof value === 'number' && Number.isFinite(value)) {
    result.value = value;
    if (isUnit(unit)) result.unit = unit;
  }
  if (typeof details === 'object' && details !== null)
    result.details = Object.freeze(cleanDetails(details, redactor));
  return result;
}

function isCheckStatus(value: unknown): value is CheckStatus {
  return value === 'ok' || value === 'warning' || value === 'error';
}

function isUnit(value: unknown): value is Unit {
  return UNITS.has(value);
}

/** Turns what a checker threw, or rejected with, into an error result. Takes anything, never throws. */
export function readFailure(thrown: unknown, redactor: Redactor = redact): CheckResult {
  const code = failureCode(thrown);
  const message = redacted(failureMessage(thrown), redactor);
  return code === undefined ? error(message) : error(message, { code: redacted(code, redactor) });
}

/** Applies the user's redactor, if there is one; the built-in redaction has already run. */
function redacted(text: string, redactor: Redactor): string {
  return redactor === redact ? text : redactor(text);
}
