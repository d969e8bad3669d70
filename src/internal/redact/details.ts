import { lazy } from '../lazy.ts';
import { type KeyKind, keyKindOf } from './key-words.ts';
import { isListedSecret } from './lists.ts';
import { NAME_KEYS } from './pairs.ts';
import { redact } from './redact.ts';
import { isPlaceholder, isRandomWord } from './remarks.ts';
import { words } from './words.ts';

/** As JavaScript and as cloud services spell them: `name`, `Name`. */
const nameSpellings = lazy(() =>
  [...NAME_KEYS].flatMap((key) => [key, `${(key[0] as string).toUpperCase()}${key.slice(1)}`]),
);

/** The kind of the name in `{ name, value }`. */
export function nameIn(source: object): KeyKind | undefined {
  for (const key of nameSpellings()) {
    if (!Object.hasOwn(source, key)) continue;
    const name: unknown = (source as Record<string, unknown>)[key];
    // parameter stores use paths as names: /prod/db/password
    const kind = typeof name === 'string' ? keyKindOf(name.slice(name.lastIndexOf('/') + 1)) : 'none';
    if (kind !== 'none') return kind;
  }
  return undefined;
}

/** The members of a JSON Web Key that are secret. Source: RFC 7518, section 6. */
const KEY_MEMBERS = words('d p q dp dq qi k oth');

/** Whether an object is a JSON Web Key and the key one of its secret members. */
export function isKeyMember(source: object, key: string): boolean {
  return KEY_MEMBERS.has(key) && Object.hasOwn(source, 'kty');
}

/** Kinds whose values are secret only if they look random. */
function isWeak(kind: KeyKind): boolean {
  return kind === 'weak' || kind === 'code' || kind === 'scheme';
}

/** Whether the whole value of a key is masked. */
export function isSecretDetail(key: string, kind: KeyKind, value: unknown): boolean {
  // ioredis reports a failed login with { name: 'auth', args: [user, password] }
  if (key.toLowerCase() === 'args') return true;
  if (kind === 'none' || value === null || value === undefined || typeof value === 'boolean') return false;
  if (isWeak(kind)) return typeof value === 'string' && hasRandomWord(value);
  if (typeof value === 'number' || typeof value === 'bigint') return kind === 'password';
  if (typeof value === 'object') return kind === 'password' || !holdsNumbers(value);
  return !(typeof value === 'string' && isPlaceholder(value));
}

function hasRandomWord(value: string): boolean {
  return value.slice(0, 2_000).split(/\s+/, 20).some(isRandomWord);
}

/** `{ tokens: { used: 12, limit: 100 } }` counts tokens. */
function holdsNumbers(value: object): boolean {
  if (Array.isArray(value)) return false;
  let count = 0;
  for (const key in value) {
    const type = typeof (value as Record<string, unknown>)[key];
    if ((type !== 'number' && type !== 'boolean') || ++count > 20) return false;
  }
  return count > 0;
}

/** Whether what follows the name of a secret in a list is its value rather than the next name. */
export function isListedDetail(kind: KeyKind, value: unknown, isPair: boolean): boolean {
  if (typeof value !== 'string') return isPair && typeof value === 'object' && value !== null;
  if (isPair && !isWeak(kind)) return keyKindOf(value) === 'none';
  return isListedSecret(kind, value.slice(0, 2_000));
}

const MAX_ARGUMENTS = 60;
const NONE: ReadonlySet<number> = new Set();

/** Which words of a command are secrets: `['redis-cli', '-a', 'x']`. */
export function secretArguments(list: readonly unknown[]): ReadonlySet<number> {
  if (list.length < 2 || list.length > MAX_ARGUMENTS) return NONE;
  const words: string[] = [];
  for (const word of list) {
    if (typeof word !== 'string' || word.length > 400) return NONE;
    words.push(word.replace(/\s/g, '_'));
  }
  if (!words.some((word) => word.startsWith('-'))) return NONE;
  const redacted = redact(words.join(' ')).split(' ');
  const isWhole = redacted.length === words.length;
  return new Set(
    [...words.keys()].filter(
      (index) =>
        (isWhole && redacted[index] !== words[index]) || isArgument(words[index - 1], words[index] as string),
    ),
  );
}

/** Whether a word is the value of a one-letter option, in a list without the name of the program. */
function isArgument(before: string | undefined, word: string): boolean {
  if (/^-[A-Za-z]./.test(word)) return isRandomWord(word.slice(2));
  return before !== undefined && /^-[A-Za-z]$/.test(before) && isRandomWord(word);
}
