import { remembered } from '../remembered.ts';
import { isLetter, skipSpaces } from './characters.ts';
import { isRandomRun } from './randomness.ts';
import { words } from './words.ts';

/** Words that appear in place of a secret: its state, its kind, or that it is missing. */
const REMARKS = words(
  'true false yes no on off null nil none undefined nan void empty blank unset set missing required optional present absent ' +
    'wrong bad invalid valid incorrect correct expired revoked rejected refused denied accepted granted forbidden unauthorized unauthenticated ' +
    'disabled enabled disable enable ok okay okey failed failing failure fail error errors success succeeded successful pass passed passing ' +
    'mismatch mismatched match matched matches unknown unsupported supported unavailable available unreachable unreadable unspecified ' +
    'hidden redacted masked filtered withheld removed omitted protected encrypted hashed plain plaintext cleartext ' +
    'number boolean object array bytes buffer function any value char varchar int integer bigint type ' +
    'md5 scram scram-sha-256 scram-sha-1 sha256 sha512 sha1 bcrypt argon2 argon2id scrypt pbkdf2 hs256 hs384 hs512 rs256 rs384 rs512 es256 es384 es512 ps256 eddsa ' +
    'basic bearer digest negotiate ntlm kerberos gssapi ldap saml oauth oauth2 oidc openid jwt peer trust ident cert certificate external anonymous iam mtls tls ssl ' +
    'plain cram-md5 xoauth2 ' +
    'strict lax secure httponly low medium high weak strong short long old new stale fresh rotated rotating pending refreshed refreshing renewed renewing ' +
    'is are was were has have had not no must should can cannot could will would may might does do did never too ' +
    "can't isn't doesn't wasn't didn't won't at in from for of on to with without by as be been and or but if when while until after before than then " +
    'got expected received found given provided supplied used using needs need try please see check use contains length min max minimum maximum ' +
    'today tomorrow yesterday now soon later ago already still timeout refresh rotation reset lookup verification validation authentication authorization unexpected ' +
    'nein ja falsch richtig fehlt erforderlich abgelaufen ungültig incorrecta incorrecto requerida requerido inválida faux vrai expiré manquant requis incorrecte',
);

/** Nouns in remarks: what a secret is, or whose it is. */
const NOUNS = words(
  'user admin client server service file env environment vault config cookie cookies token tokens password credentials session header body query ' +
    'secret private key name class login text default string path same-origin include omit get put post delete patch head',
);

/** Small words, which sentences contain and passwords of several words rarely do. */
const SMALL_WORDS = words(
  'a an the only both either at in from for of on to with without by as be been and or but if when while until after before than then ago left yet ' +
    'day days hour hours minute minutes second seconds bytes characters attempts times',
);

/** Whether a word consists of several joined ones, of which the first or the last is a remark: `invalid_grant`, `not-set`. */
function isCompound(word: string): boolean {
  const parts = word.split(/[_-]/, 8);
  if (parts.length > 7) return false;
  return (
    parts.every((part) => /^[a-z]+$/.test(part) && !isRandomRun(part)) &&
    (REMARKS.has(parts[0] as string) || REMARKS.has(parts.at(-1) as string))
  );
}

/** Endings of words that describe an event or a state. */
const TELLING_END = /(?:ed|ing|able|ible|less|ion|ment|ally|ous|ent|ive|ly)$/;

const PLACEHOLDER =
  /^(?:YOUR[_-][A-Z_-]+|your[_-][a-z_-]+|\*+|x{3,}|X{3,}|\.{2,}|…|-+|\?|\$\d{1,2}|\$\{?[A-Z_a-z][\w.]*\}?|\{\{.*|%[sdvq]|%\w+%|<[\w -]*>?|\[[A-Za-z][\w -]*\]?|\([a-z][\w -]*\)?|:[a-z]\w*|@[a-z]\w*)$/;

/** Facts: numbers with units, dates and times, versions, addresses. */
const FACT =
  /^[<>~^+-]{0,2}\d[\d.,_:/-]*(?:[A-Za-z%]{0,3}|days|hours?|minutes?|seconds?|bytes)$|^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?$|^v\d+(?:\.\d+)*$/;

const PATH = /^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)[\w./\\@ -]+$/;
const REFERENCE =
  /^(?:process\.env|os\.environ|env|secrets|vars|config|settings|self|this|vault|ssm|arn|file|op|kms):?(?:\.|\/\/|:|\[)[\w./:[\]'"-]+$/;

/** Whether a word looks like a word of a sentence: in lower case, or with an initial capital. */
export function isPlainWord(word: string): boolean {
  if (!/^[A-Za-z]?[a-z]+(?:'[a-z]{1,2}|-[a-z]+)?$/.test(word)) return false;
  return !word.split(/['-]/).some(isRandomRun);
}

function trimmed(word: string): string {
  let start = 0;
  let end = word.length;
  while (end > start && ',.;:!?)]}\'"`'.includes(word[end - 1] as string)) end--;
  while (start < end && '([{\'"`'.includes(word[start] as string)) start++;
  return word.slice(start, end);
}

/** Whether a single word is a remark rather than a secret. */
export function isRemarkWord(word: string): boolean {
  const bare = trimmed(word).toLowerCase();
  return bare === '' || REMARKS.has(bare) || NOUNS.has(bare) || isCompound(bare);
}

/** Whether a value is a placeholder for a secret: `***`, `${PASSWORD}`, `<password>`, `[redacted]`. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || isReference(value);
}

function isReference(value: string): boolean {
  return (
    REFERENCE.test(value) ||
    (PATH.test(value) &&
      !value.split(/[/\\.]/).some((part) => isRandomRun(part.replace(/[^A-Za-z0-9]/g, ''))) &&
      /.[/\\]/.test(value))
  );
}

/** Whether a value is only punctuation, as in `Unexpected token: }`. */
function isPunctuation(value: string): boolean {
  return /^[^A-Za-z0-9\u00a1-\uffff]{1,3}$/.test(value);
}

/** Whether a value is a number, a date or a version. A plain number may have at most `digits` digits. */
function isFact(value: string, digits: number): boolean {
  if (!FACT.test(value)) return false;
  return !/^\d+$/.test(value) || value.length <= digits;
}

/**
 * Whether the value of a key that names a secret is only a remark, a fact or a placeholder: `cookie: disabled`,
 * `token: 12 of 100`, `password: ***`.
 * @param digits the most digits of a plain number that is a fact
 */
export function isHarmless(value: string, digits: number): boolean {
  const word = value.trim();
  if (isPunctuation(word) || isPlaceholder(word)) return true;
  const space = word.search(/\s/);
  if (space !== -1) return isSentence(word.slice(0, space), word.slice(space + 1), digits);
  return isRemarkWord(word) || isFact(trimmed(word), digits);
}

/** Whether several words are a remark: they begin and continue like one, and none looks random. */
function isSentence(first: string, rest: string, digits: number): boolean {
  if (!isRemarkWord(first) && !isFact(first, digits)) return false;
  const following = rest.split(/\s+/, 20).map(trimmed);
  if (following.some(isRandomWord)) return false;
  return following.some(
    (word) => SMALL_WORDS.has(word.toLowerCase()) || isRemarkWord(word) || isFact(word, digits),
  );
}

/** Whether a word of a sentence has a part that looks random. The hash in the name of a Kubernetes object does not count. */
export function isRandomWord(word: string): boolean {
  return word.length > 5 && isRandom(word);
}

const isRandom = remembered(hasRandomPart);

/** Whether one of the first words of a value looks random. */
export function hasRandomWord(value: string): boolean {
  return value.slice(0, 2_000).split(/\s+/, 20).some(isRandomWord);
}

function hasRandomPart(word: string): boolean {
  if (/^sha\d{1,3}[-:]/.test(word)) return false;
  const parts = word.split(/[^A-Za-z0-9]+/, 40);
  return parts.some((part) => isRandomRun(part) && !isNamePart(word, parts, part));
}

/** Whether a part is the hash at the end of a name from Kubernetes: `api-7d9f8b6c5-x2x9k`. */
function isNamePart(word: string, parts: readonly string[], part: string): boolean {
  return (
    part.length < 11 &&
    /^[a-z][a-z0-9.-]*$/.test(word) &&
    word.includes('-') &&
    isPlainWord(parts[0] as string)
  );
}

/** Whether a value is the beginning of a sentence: `denied for role app`. */
export function isProse(text: string, start: number, end: number): boolean {
  const word = trimmed(text.slice(start, end));
  if (!isPlainWord(word)) return false;
  if (word.length > 4 && TELLING_END.test(word)) return true;
  const next = skipSpaces(text, end, 4);
  if (!isLetter(text.charCodeAt(next)) || /[,;]$/.test(text.slice(start, end))) return false;
  const after = /^[A-Za-z']+/.exec(text.slice(next, next + 30))?.[0] ?? '';
  const behind = text[next + after.length];
  return isPlainWord(after) && behind !== '=' && behind !== ':';
}
