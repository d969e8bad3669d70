import { cleanText, MAX_SEARCHED_LENGTH } from './clean-text.ts';
import { type KeyKind, keyKindOf } from './key-words.ts';
import { isListedSecret } from './lists.ts';
import { NAME_KEYS, VALUE_KEYS } from './pairs.ts';
import { redact } from './redact.ts';
import { isPlaceholder, isRandomWord } from './remarks.ts';
import { MASK } from './spans.ts';

/** How much of all texts of one `details` together is searched: the copy ends where this is used up. */
const MAX_SEARCHED = 65_536;

/** How much of `details` is kept: enough to read at night, too little to harm. */
const MAX_DEPTH = 4;
const MAX_VALUES = 200;

/** Larger ones take time to print: a BigInt of a megabyte takes minutes. */
const MAX_BIGINT = 2n ** 256n;

/**
 * A copy of a checker's `details` that is safe to print: plain JSON values, credentials removed (by key, in pairs of
 * name and value, in lists of headers, and in text), circular references cut, bounded in depth, number and length,
 * frozen. May throw what a hostile getter throws.
 * @param redactor takes the credentials out of texts; see `makeRedactor`
 */
export function cleanDetails(
  details: object,
  redactor: (text: string) => string = redact,
): Record<string, unknown> {
  return new DetailsCopy(redactor).object(details, 1);
}

class DetailsCopy {
  #values = 0;
  #searched = 0;
  readonly #path = new Set<object>();
  readonly #redactor: (text: string) => string;

  constructor(redactor: (text: string) => string) {
    this.#redactor = redactor;
  }

  object(source: object, depth: number): Record<string, unknown> {
    const copy: Record<string, unknown> = Object.create(null);
    const named = nameIn(source);
    this.#path.add(source);
    // not Object.keys, which lists a million keys to use two hundred
    for (const key in source) {
      if (!Object.hasOwn(source, key)) continue;
      if (this.#isFull()) break;
      const kind = named !== undefined && VALUE_KEYS.has(key.toLowerCase()) ? named : keyKindOf(key);
      copy[this.#text(key)] = this.#keyed(key, kind, (source as Record<string, unknown>)[key], depth);
    }
    this.#path.delete(source);
    return Object.freeze(copy) as Record<string, unknown>;
  }

  #isFull(): boolean {
    return this.#values++ >= MAX_VALUES || this.#searched >= MAX_SEARCHED;
  }

  #text(text: string): string {
    this.#searched += Math.min(text.length, MAX_SEARCHED_LENGTH);
    return cleanText(text, this.#redactor);
  }

  #keyed(key: string, kind: KeyKind, value: unknown, depth: number): unknown {
    return isSecretDetail(key, kind, value) ? MASK : this.#value(value, depth);
  }

  #value(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'bigint':
        return value < MAX_BIGINT && value > -MAX_BIGINT ? String(value) : '[bigint]';
      case 'symbol':
        return this.#text(String(value));
      case 'function':
        return '[function]';
      case 'object':
        return value === null ? value : this.#nested(value, depth);
      default:
        return value;
    }
  }

  #nested(value: object, depth: number): unknown {
    if (this.#path.has(value)) return '[circular]';
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof Error) return this.#text(String(value.message));
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[bytes]';
    if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[array]' : '[object]';
    return Array.isArray(value) ? this.#array(value, depth + 1) : this.object(value, depth + 1);
  }

  /** Copies a list. After the name of a secret, as in Node's raw headers, its value is masked. */
  #array(source: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = [];
    let kind: KeyKind = 'none';
    this.#path.add(source);
    for (const value of source) {
      if (this.#isFull()) break;
      const isMasked: boolean = kind !== 'none' && isListedDetail(kind, value, source.length === 2);
      copy.push(isMasked ? MASK : this.#value(value, depth));
      kind = typeof value === 'string' && !isMasked ? keyKindOf(value) : 'none';
    }
    this.#path.delete(source);
    return Object.freeze(copy) as unknown[];
  }
}

/** The kind of the name that `{ name, value }` gives to its value. */
function nameIn(source: object): KeyKind | undefined {
  for (const key of NAME_KEYS) {
    if (!Object.hasOwn(source, key)) continue;
    const name: unknown = (source as Record<string, unknown>)[key];
    const kind = typeof name === 'string' ? keyKindOf(name) : 'none';
    if (kind !== 'none') return kind;
  }
  return undefined;
}

/** Keys of details: under a key that names a secret everything is masked but remarks that say nothing. */
function isSecretDetail(key: string, kind: KeyKind, value: unknown): boolean {
  // ioredis reports a failed login with { name: 'auth', args: [user, password] }
  if (key.toLowerCase() === 'args') return true;
  if (kind === 'none' || value === null || value === undefined || typeof value === 'boolean') return false;
  if (kind === 'weak' || kind === 'code' || kind === 'scheme') {
    return typeof value === 'string' && value.length < 4_000 && value.split(/\s+/, 20).some(isRandomWord);
  }
  return !(typeof value === 'string' && isPlaceholder(value));
}

function isListedDetail(kind: KeyKind, value: unknown, isPair: boolean): boolean {
  if (typeof value !== 'string') return isPair && typeof value === 'object' && value !== null;
  if (isPair && kind !== 'weak' && kind !== 'code' && kind !== 'scheme') return keyKindOf(value) === 'none';
  return isListedSecret(kind, value.slice(0, 2_000));
}
