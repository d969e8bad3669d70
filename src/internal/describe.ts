import { cleanText } from './redact.ts';

/** A quoted value is cut to this many characters. */
const MAX_QUOTED_LENGTH = 60;

/**
 * Says what a value is, for messages: `'5s'` (string), `-1` (number), an array of 3. Takes anything, throws
 * never, shows no credentials.
 */
export function describe(value: unknown): string {
  try {
    return describeReadable(value);
  } catch {
    return 'an object that cannot be read';
  }
}

function describeReadable(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return '`undefined`';
    case 'string':
      return `\`'${shorten(value)}'\` (string)`;
    case 'bigint':
      return `\`${shorten(String(value))}n\` (bigint)`;
    case 'function':
      return value.name === '' ? 'a function' : `the function \`${shorten(String(value.name))}\``;
    case 'object':
      return describeObject(value);
    default:
      return `\`${shorten(String(value))}\` (${typeof value})`;
  }
}

function describeObject(value: object | null): string {
  if (value === null) return '`null`';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const keys = Object.keys(value);
  return keys.length === 0
    ? 'an empty object'
    : `an object with ${shorten(keys.map((key) => `\`${key}\``).join(', '))}`;
}

function shorten(text: string): string {
  const clean = cleanText(text);
  return clean.length > MAX_QUOTED_LENGTH ? `${clean.slice(0, MAX_QUOTED_LENGTH - 1)}…` : clean;
}
