import { cleanText, MAX_SEARCHED_LENGTH } from './clean-text.ts';
import {
  isListedDetail,
  isSecretDetail,
  isSecretParameters,
  isWeak,
  kindOfNext,
  nameIn,
  secretArguments,
} from './details.ts';
import { isKeyMember } from './json-web-key.ts';
import { type KeyKind, keyKindOf } from './key-words.ts';
import { isValueKey } from './pairs.ts';
import { plainValueOf } from './plain-values.ts';
import { redact } from './redact.ts';
import { MASK } from './spans.ts';

/** How much text of one `details` is searched in total, in characters: the copy ends when it is used up. */
const MAX_SEARCHED = 65_536;

/** How much of `details` is kept: enough to understand an incident, too little to do harm. */
const MAX_DEPTH = 4;
const MAX_VALUES = 200;

/** Larger ones take time to print: a BigInt of a megabyte takes minutes. */
const MAX_BIGINT = 2n ** 256n;

/**
 * A copy of a checker's `details` that is safe to print: plain JSON values, without credentials (by key, in pairs of name
 * and value, in lists of headers, and in text) and circular references, bounded in depth, number and length, frozen. Throws
 * whatever a hostile getter throws.
 * @param redactor removes the credentials from texts; see `makeRedactor`
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

  /** @param inherited the kind of an enclosing key of which only random values are secret, or `none` */
  object(source: object, depth: number, inherited: KeyKind = 'none'): Record<string, unknown> {
    const copy: Record<string, unknown> = Object.create(null);
    const named = nameIn(source);
    this.#path.add(source);
    // not Object.keys, which lists a million keys to use two hundred
    for (const key in source) {
      if (!Object.hasOwn(source, key)) continue;
      if (this.#isFull()) break;
      const own = named !== undefined && isValueKey(key.toLowerCase()) ? named : keyKindOf(key);
      const kind = own === 'none' ? inherited : own;
      const value: unknown = (source as Record<string, unknown>)[key];
      const isSecret =
        isSecretDetail(key, kind, value) || isKeyMember(source, key) || isSecretParameters(source, key);
      copy[this.#text(key)] = isSecret ? MASK : this.#value(value, depth, isWeak(kind) ? kind : 'none');
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

  #value(value: unknown, depth: number, kind: KeyKind): unknown {
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
        return value === null ? value : this.#nested(value, depth, kind);
      default:
        return value;
    }
  }

  #nested(value: object, depth: number, kind: KeyKind): unknown {
    if (this.#path.has(value)) return '[circular]';
    const plain = plainValueOf(value);
    if (typeof plain === 'string') return this.#text(plain);
    if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[array]' : '[object]';
    if (plain !== undefined && plain !== value) return this.#value(plain, depth + 1, kind);
    return Array.isArray(value) ? this.#array(value, depth + 1, kind) : this.object(value, depth + 1, kind);
  }

  /** Copies a list. Masks a value that follows the name of a secret, as in Node's raw headers, or an option. */
  #array(source: readonly unknown[], depth: number, inherited: KeyKind): unknown[] {
    const copy: unknown[] = [];
    const secrets = secretArguments(source);
    let kind: KeyKind = 'none';
    this.#path.add(source);
    for (const value of source) {
      if (this.#isFull()) break;
      const isMasked: boolean =
        secrets.has(copy.length) ||
        isSecretDetail('', inherited, value) ||
        (kind !== 'none' && isListedDetail(kind, value, source.length === 2));
      copy.push(isMasked ? MASK : this.#value(value, depth, inherited));
      kind = isMasked ? 'none' : kindOfNext(value);
    }
    this.#path.delete(source);
    return Object.freeze(copy) as unknown[];
  }
}
