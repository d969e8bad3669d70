import { cleanText } from './redact/clean-text.ts';

/** Quoted values are cut to this many characters. */
const MAX_QUOTED_LENGTH = 60;

/**
 * What a value is, for messages: `'5s'` (string), `-1` (number), an array of 3. Accepts anything, never throws, shows no
 * credentials. For options and arguments; values from outside go to {@link describeBounded}.
 */
export function describe(value: unknown): string {
  return described(value, keysOf);
}

/**
 * The same in time that does not depend on the size of the value: it looks for fields that results often have, because
 * listing the keys of a huge object would block the event loop.
 */
export function describeBounded(value: unknown): string {
  return described(value, knownFieldsOf);
}

type Fields = (value: object) => readonly string[];

function described(value: unknown, fieldsOf: Fields): string {
  try {
    return describeReadable(value, fieldsOf);
  } catch {
    return 'an object that cannot be read';
  }
}

function describeReadable(value: unknown, fieldsOf: Fields): string {
  switch (typeof value) {
    case 'undefined':
      return '`undefined`';
    case 'string':
      return `\`'${shorten(value)}'\` (string)`;
    case 'bigint':
      return describeBigInt(value);
    case 'function':
      return value.name === '' ? 'a function' : `the function \`${shorten(String(value.name))}\``;
    case 'object':
      return describeObject(value, fieldsOf);
    default:
      return `\`${shorten(String(value))}\` (${typeof value})`;
  }
}

/** A bigint of more bits than this is not printed: printing a million digits takes seconds. */
const MAX_BIGINT_BITS = 65_536;

function describeBigInt(value: bigint): string {
  const isPrintable = BigInt.asIntN(MAX_BIGINT_BITS, value) === value;
  return isPrintable
    ? `\`${shorten(String(value))}n\` (bigint)`
    : `a bigint of more than ${MAX_BIGINT_BITS} bits`;
}

function describeObject(value: object | null, fieldsOf: Fields): string {
  if (value === null) return '`null`';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `a ${shorten(value.constructor.name)} of ${value.byteLength} bytes`;
  const fields = fieldsOf(value);
  if (fields.length > 0) return `an object with ${shorten(fields.map((key) => `\`${key}\``).join(', '))}`;
  const { name } = (value.constructor ?? {}) as { name?: unknown };
  if (typeof name === 'string' && name !== '' && name !== 'Object') return `an instance of ${shorten(name)}`;
  return fieldsOf === keysOf ? 'an empty object' : 'an object';
}

function keysOf(value: object): readonly string[] {
  return Object.keys(value);
}

/** Fields that clients and frameworks often return. */
const KNOWN_FIELDS = [
  'ok',
  'status',
  'healthy',
  'up',
  'alive',
  'ready',
  'state',
  'health',
  'success',
  'result',
  'results',
  'error',
  'errors',
  'errno',
  'code',
  'message',
  'name',
  'value',
  'data',
  'body',
  'rows',
  'rowCount',
  'count',
  'length',
  'statusCode',
  'details',
];

function knownFieldsOf(value: object): readonly string[] {
  return KNOWN_FIELDS.filter((field) => Object.hasOwn(value, field));
}

/** The first characters of a string, without credentials. */
function shorten(text: string): string {
  const clean = cleanText(text);
  return clean.length > MAX_QUOTED_LENGTH ? `${clean.slice(0, MAX_QUOTED_LENGTH - 1)}…` : clean;
}
