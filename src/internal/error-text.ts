import { describeBounded } from './describe.ts';
import { cleanText } from './redact/clean-text.ts';

/** How many errors of one failure are read: its causes, and those inside an AggregateError. */
const MAX_ERRORS = 16;

/** Where the error behind an error is kept: the language's `cause`, then what drivers and ORMs call it. */
const CAUSE_KEYS = ['cause', 'driverError', 'originalError', 'original', 'parent', 'error', 'suppressed'];

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
    // A getter that throws: there is no code to be had.
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
    messageOf(error),
    insideOf(error)
      .map((each) => textOf(each, seen))
      .filter(isText)
      .join('; '),
  ];
  for (const behind of causesOf(error)) parts.push(textOf(behind, seen));
  let text = '';
  for (const part of parts) {
    // Wrappers such as undici's "fetch failed" leave the reason to the cause; others repeat it.
    if (part !== '' && !text.includes(part)) text += `${text === '' ? '' : ': '}${part}`;
  }
  return text;
}

/** Promises reject with anything; a bigint may have megabytes of digits. */
function rejectedWith(value: unknown): string {
  return typeof value === 'bigint' || typeof value === 'function' ? describeBounded(value) : String(value);
}

function isText(text: string): boolean {
  return text !== '';
}

function insideOf(error: object): readonly unknown[] {
  const { errors } = error as { errors?: unknown };
  return Array.isArray(errors) ? errors.slice(0, MAX_ERRORS) : [];
}

function causesOf(error: object): unknown[] {
  const causes: unknown[] = [];
  for (const key of CAUSE_KEYS) {
    const cause = (error as Record<string, unknown>)[key];
    // Only `cause` is the language's own: what else bears such a name counts if it is an error.
    if (isErrorLike(cause) || (key === 'cause' && typeof cause === 'string')) causes.push(cause);
  }
  return causes;
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

function messageOf(error: object): string {
  const { message } = error as { message?: unknown };
  return typeof message === 'string' ? message.trim() : '';
}

function nameOf(error: { name?: unknown }): string {
  return typeof error.name === 'string' && error.name !== '' ? error.name : 'an error without a message';
}

function codeOf(error: object): string | undefined {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  if (typeof code !== 'number') return undefined;
  // A DOMException's numbers are those of DOM Level 3; its name says the same in words (webidl, "error names").
  const isDomException = Object.prototype.toString.call(error) === '[object DOMException]';
  if (!isDomException || typeof name !== 'string') return code === 0 ? undefined : String(code);
  return code === 0
    ? undefined
    : `${name.replace(/Error$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_')}_ERR`.toUpperCase();
}
