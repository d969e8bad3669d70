import { describeBounded } from './describe.ts';
import { cleanText, MAX_SEARCHED_LENGTH } from './redact/clean-text.ts';

/** How many errors are read per failure: its causes, and those inside an AggregateError. */
const MAX_ERRORS = 16;

/** Where errors keep their cause: the language's `cause`, then the names that drivers and ORMs use. */
const CAUSE_KEYS = [
  'cause',
  'driverError',
  'originalError',
  'original',
  'parent',
  'error',
  'suppressed',
  'lastNodeError',
];

/**
 * Describes any thrown value on one line and without credentials: the error's message, then its causes down to the root
 * and the errors inside an AggregateError. Never throws.
 *
 * @param thrower who threw, for values that are not errors, such as `the listener`
 */
export function failureMessage(thrown: unknown, thrower: string = 'the checker'): string {
  try {
    if (!isErrorLike(thrown)) return `${thrower} threw ${describeBounded(thrown)}`;
    const text = textOf(thrown, new Set());
    return cleanText(text === '' ? nameOf(thrown) : text);
  } catch {
    return `${thrower} threw an error that cannot be read`;
  }
}

/** The first code in the chain from an error to its root cause, such as `ECONNREFUSED`. Never throws. */
export function failureCode(thrown: unknown): string | undefined {
  try {
    for (const each of chainOf(thrown)) {
      const code = codeOf(each);
      if (code !== undefined) return cleanText(code);
    }
  } catch {
    // A proxy that refuses everything: there is no code.
  }
  return undefined;
}

/** An error of any realm, or an object with a message, such as those of gRPC and many drivers. */
function isErrorLike(value: unknown): value is { message?: unknown; name?: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Error || Object.prototype.toString.call(value) === '[object Error]') return true;
  const { message } = value as { message?: unknown };
  return typeof message === 'string' && message !== '';
}

/** An error's message, those inside it (`a; b`), then those of its causes (`: c`), each once. */
function textOf(error: unknown, seen: Set<unknown>): string {
  if (typeof error !== 'object' || error === null) return rejectedWith(error);
  if (seen.has(error) || seen.size >= MAX_ERRORS) return '';
  seen.add(error);
  const parts = [
    messageOf(error, seen),
    insideOf(error)
      .map((each) => readableTextOf(each, seen))
      .filter(isText)
      .join('; '),
  ];
  for (const behind of causesOf(error)) parts.push(readableTextOf(behind, seen));
  let text = '';
  for (const part of parts) {
    // Wrappers such as undici's "fetch failed" leave the reason to the cause; others repeat it.
    if (!text.includes(part)) text += `${text === '' ? '' : ': '}${part}`;
  }
  return text;
}

/** A part that cannot be read must not hide those that can. */
function readableTextOf(error: unknown, seen: Set<unknown>): string {
  try {
    return textOf(error, seen);
  } catch {
    return '';
  }
}

/** A property, or undefined where a getter or a proxy throws. */
function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** Promises may reject with anything; a bigint may have megabytes of digits. */
function rejectedWith(value: unknown): string {
  return typeof value === 'bigint' || typeof value === 'function' ? describeBounded(value) : String(value);
}

function isText(text: string): boolean {
  return text !== '';
}

function insideOf(error: object): readonly unknown[] {
  // Some use a list as the cause.
  const errors = isArray(error) ? error : read(error, 'errors');
  return isArray(errors) ? Array.prototype.slice.call(errors, 0, MAX_ERRORS) : [];
}

function causesOf(error: object): unknown[] {
  const causes: unknown[] = [];
  for (const key of CAUSE_KEYS) {
    const cause = read(error, key);
    // Only `cause` is defined by the language; under the other names only an error counts.
    if (key === 'cause' ? isCause(cause) : isReadableError(cause)) causes.push(cause);
  }
  return causes;
}

/** Any object: one without a message may have a code, or a cause of its own. */
function isCause(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

function isReadableError(value: unknown): boolean {
  try {
    return isErrorLike(value);
  } catch {
    return false;
  }
}

/** Returns false for a revoked proxy. */
function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** The error, then those inside it and its causes, nearest first. */
function chainOf(thrown: unknown): object[] {
  const chain: object[] = [];
  const queue: unknown[] = [thrown];
  while (queue.length > 0 && chain.length < MAX_ERRORS) {
    const next = queue.shift();
    if (typeof next !== 'object' || next === null || chain.includes(next)) continue;
    chain.push(next);
    queue.push(...insideOf(next), ...causesOf(next));
  }
  return chain;
}

/** One character more than is searched, so that a message that was too long is recognised and loses its last word. */
const MAX_MESSAGE_LENGTH = MAX_SEARCHED_LENGTH + 1;

function messageOf(error: object, seen: Set<unknown>): string {
  const { message } = error as { message?: unknown };
  if (typeof message === 'string') return message.trim().slice(0, MAX_MESSAGE_LENGTH);
  if (message === undefined || message === null) return '';
  return isErrorLike(message) ? textOf(message, seen) : describedMessage(message);
}

/** Some code assigns a number or an object. */
function describedMessage(message: unknown): string {
  return typeof message === 'number'
    ? String(message)
    : `a message that is not a string: ${describeBounded(message)}`;
}

function nameOf(error: { name?: unknown }): string {
  return typeof error.name === 'string' && error.name !== '' ? error.name : 'an error without a message';
}

function codeOf(error: object): string | undefined {
  const code = read(error, 'code');
  if (typeof code === 'string' && code !== '') return code;
  if (typeof code !== 'number' || code === 0) return undefined;
  // A DOMException's numbers are those of DOM Level 3; its name is the same in words (Web IDL, "error names").
  if (Object.prototype.toString.call(error) !== '[object DOMException]') return String(code);
  const name = String(read(error, 'name')).replace('Error', '');
  return `${name.replace(/(?<=[a-z])(?=[A-Z])/g, '_')}_ERR`.toUpperCase();
}
