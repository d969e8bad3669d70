import { describeBounded } from './describe.ts';
import { cleanText, MAX_SEARCHED_LENGTH } from './redact/clean-text.ts';

/** How many errors of one failure are read: its causes, and those inside an AggregateError. */
const MAX_ERRORS = 16;

/** Where the error behind an error is kept: the language's `cause`, then what drivers and ORMs call it. */
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
 * What went wrong, from any thrown value, on one line and without credentials: the error's message, then its causes
 * down to the root and the errors inside an AggregateError. Never throws.
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

/** The first code on the way from an error to its root, such as `ECONNREFUSED`. Never throws. */
export function failureCode(thrown: unknown): string | undefined {
  try {
    for (const each of chainOf(thrown)) {
      const code = codeOf(each);
      if (code !== undefined) return cleanText(code);
    }
  } catch {
    // A proxy that refuses everything: there is no code to be had.
  }
  return undefined;
}

/** An error of any realm, or an object that carries a message as gRPC's and many drivers' do. */
function isErrorLike(value: unknown): value is { message?: unknown; name?: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Error || Object.prototype.toString.call(value) === '[object Error]') return true;
  const { message } = value as { message?: unknown };
  return typeof message === 'string' && message !== '';
}

/** An error's message, those inside it (`a; b`), then those behind it (`: c`), each once. */
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
    if (part !== '' && !text.includes(part)) text += `${text === '' ? '' : ': '}${part}`;
  }
  return text;
}

/** What cannot be read must not take with it what can. */
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

/** Promises reject with anything; a bigint may have megabytes of digits. */
function rejectedWith(value: unknown): string {
  return typeof value === 'bigint' || typeof value === 'function' ? describeBounded(value) : String(value);
}

function isText(text: string): boolean {
  return text !== '';
}

function insideOf(error: object): readonly unknown[] {
  // Some give a list as the cause.
  const errors = isArray(error) ? error : read(error, 'errors');
  return isArray(errors) ? Array.prototype.slice.call(errors, 0, MAX_ERRORS) : [];
}

function causesOf(error: object): unknown[] {
  const causes: unknown[] = [];
  for (const key of CAUSE_KEYS) {
    const cause = read(error, key);
    // Only `cause` is the language's own: what else bears such a name counts if it is an error.
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

/** A revoked proxy is none. */
function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** The error, then what is inside and behind it, nearest first. */
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

/** One character over what is searched, so that a long message is still known for one and loses its last word. */
const MAX_MESSAGE_LENGTH = MAX_SEARCHED_LENGTH + 1;

function messageOf(error: object, seen: Set<unknown>): string {
  const { message } = error as { message?: unknown };
  if (typeof message === 'string') return message.trim().slice(0, MAX_MESSAGE_LENGTH);
  if (message === undefined || message === null) return '';
  return isErrorLike(message) ? textOf(message, seen) : describedMessage(message);
}

/** Some assign a number or an object. */
function describedMessage(message: unknown): string {
  return typeof message === 'number'
    ? String(message)
    : `a message that is not a string: ${describeBounded(message)}`;
}

function nameOf(error: { name?: unknown }): string {
  return typeof error.name === 'string' && error.name !== '' ? error.name : 'an error without a message';
}

function codeOf(error: object): string | undefined {
  const [code, name] = [read(error, 'code'), read(error, 'name')];
  if (typeof code === 'string' && code !== '') return code;
  if (typeof code !== 'number') return undefined;
  // A DOMException's numbers are those of DOM Level 3; its name says the same in words (webidl, "error names").
  const isDomException = Object.prototype.toString.call(error) === '[object DOMException]';
  if (!isDomException || typeof name !== 'string') return code === 0 ? undefined : String(code);
  return code === 0
    ? undefined
    : `${name.replace(/Error$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_')}_ERR`.toUpperCase();
}
