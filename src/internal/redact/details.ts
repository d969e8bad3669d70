import { isFactKey, type KeyKind, keyKindOf } from './key-words.ts';
import { isListedSecret } from './lists.ts';
import { isNameKey } from './pairs.ts';
import { kindOfStatement } from './passage.ts';
import { takesOf } from './programs.ts';
import { redact } from './redact.ts';
import { hasRandomWord, isPlaceholder, isRandomWord } from './remarks.ts';
import { words } from './words.ts';

/** How many members of an object are read to find out what the object is about. */
const MAX_MEMBERS = 20;

/** The kind of the name in `{ name, value }`. */
export function nameIn(source: object): KeyKind | undefined {
  let count = 0;
  for (const key in source) {
    if (++count > MAX_MEMBERS) return undefined;
    if (!isNameKey(key.toLowerCase()) || !Object.hasOwn(source, key)) continue;
    const name: unknown = (source as Record<string, unknown>)[key];
    // parameter stores use paths as names: /prod/db/password
    const kind = typeof name === 'string' ? keyKindOf(name.slice(name.lastIndexOf('/') + 1)) : 'none';
    if (kind !== 'none') return kind;
  }
  return undefined;
}

/** Whether values of this kind are secret only if they look random. */
export function isWeak(kind: KeyKind): boolean {
  return kind === 'weak' || kind === 'code' || kind === 'scheme';
}

/** Whether a value is a list of arguments with options, in which {@link secretArguments} finds the secrets. */
function isCommandLine(value: unknown): boolean {
  return Array.isArray(value) && value.some((word) => typeof word === 'string' && word.startsWith('-'));
}

const STATEMENT_KEYS = ['query', 'sql', 'statement', 'text'];
const PARAMETER_KEYS = words('parameters params values bindings');

/** Whether a member holds the parameters of an SQL statement about secrets, as the errors of ORMs do. */
export function isSecretParameters(source: object, key: string): boolean {
  if (!PARAMETER_KEYS.has(key)) return false;
  return STATEMENT_KEYS.some((name) => {
    const statement: unknown = Object.hasOwn(source, name) && (source as Record<string, unknown>)[name];
    return typeof statement === 'string' && kindOfStatement(statement.slice(0, 2_000)) !== 'none';
  });
}

/** The version of a package whose name looks like a secret's: `{ jsonwebtoken: '^9.0.2' }`. */
const VERSION = /^[~^]?\d{1,4}\.\d{1,4}\.\d{1,4}(?:-[a-z]{1,10}(?:\.\d{1,4})?)?$/;

/** Whether the whole value of a key is masked. */
export function isSecretDetail(key: string, kind: KeyKind, value: unknown): boolean {
  // ioredis reports a failed login with { name: 'auth', args: [user, password] }
  if (key.toLowerCase() === 'args') return !isCommandLine(value);
  if (kind === 'none' || value === null || value === undefined || typeof value === 'boolean') return false;
  if (isWeak(kind)) return typeof value === 'string' && hasRandomWord(value);
  // { pass: 12, fail: 1 } counts tests
  if (typeof value === 'number' || typeof value === 'bigint') return kind === 'password' && value > 999;
  if (typeof value === 'object') return kind === 'password' || !holdsFacts(value);
  return !(typeof value === 'string' && (isPlaceholder(value) || VERSION.test(value)));
}

/** Whether an object holds only facts about a secret: `{ used: 12, limit: 100 }`, `{ secretName: 'db' }`. */
function holdsFacts(value: object): boolean {
  if (Array.isArray(value)) return false;
  let count = 0;
  for (const key in value) {
    if (++count > MAX_MEMBERS || !isFact(key, (value as Record<string, unknown>)[key])) return false;
  }
  return count > 0;
}

function isFact(key: string, value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return true;
  return typeof value === 'string' && isFactKey(key) && !hasRandomWord(value);
}

/** What a string in a list implies about the next value: settings such as `TOKEN_TTL=900` hold their own. */
export function kindOfNext(value: unknown): KeyKind {
  return typeof value === 'string' && !value.includes('=') ? keyKindOf(value) : 'none';
}

/** Whether what follows the name of a secret in a list is its value rather than the next name. */
export function isListedDetail(kind: KeyKind, value: unknown, isPair: boolean): boolean {
  if (typeof value !== 'string') return isPair && typeof value === 'object' && value !== null;
  if (isNextName(value)) return false;
  return (isPair && !isWeak(kind)) || isListedSecret(kind, value.slice(0, 2_000));
}

/** Whether a string names a column of a secret: `reset_token_expires_at`. */
function isColumn(value: string): boolean {
  return /^[a-z]+(?:_[a-z]+)+$/.test(value) && value.split('_').some((part) => keyKindOf(part) !== 'none');
}

/** `['Authorization', 'X-Api-Key']` lists names without values. */
function isNextName(value: string): boolean {
  return !isRandomWord(value) && (keyKindOf(value) !== 'none' || isColumn(value));
}

const MAX_ARGUMENTS = 60;
const NONE: ReadonlySet<number> = new Set();

/** Which words of a command are secrets: `['redis-cli', '-a', 'x']`. */
export function secretArguments(list: readonly unknown[]): ReadonlySet<number> {
  if (list.length > MAX_ARGUMENTS) return NONE;
  const words: string[] = [];
  for (const word of list) {
    if (typeof word !== 'string' || word.length > 400) return NONE;
    words.push(word.replace(/\s/g, '_'));
  }
  if (takesOf(words[0] ?? '') === undefined && !words.some((word) => word.startsWith('-'))) return NONE;
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
  return before !== undefined && /^-[A-Za-z]{1,2}$/.test(before) && isRandomWord(word);
}
