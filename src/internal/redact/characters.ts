/** Kinds of characters, as bits in a table of the characters below U+0080. */
export const SPACE = 1;
export const QUOTE = 2;
export const WORD = 4;
const DIGIT = 8;
const UPPER = 16;
const LOWER = 32;
/** The backslash that escapes a quote. */
export const ESCAPE = 64;
/** `[` and `]`. */
export const BRACKET = 128;
/** Everything except white space and control characters. */
const VISIBLE = 256;
/** The same without quotes. */
export const UNQUOTED = 512;
/** The same without `<` and `>`, which enclose addresses. */
export const IN_ADDRESS = 1024;
/** The characters of a URL scheme: letters, digits, `+`, `-` and `.`. */
export const SCHEME = 2048;

const KINDS: Uint16Array = new Uint16Array(128).fill(SPACE);
const ANY = VISIBLE | UNQUOTED | IN_ADDRESS;

function mark(characters: string, kind: number): void {
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind;
}

KINDS.fill(ANY, 33, 127);
KINDS.fill(ANY | WORD | SCHEME | DIGIT, 48, 58);
KINDS.fill(ANY | WORD | SCHEME | UPPER, 65, 91);
KINDS.fill(ANY | WORD | SCHEME | LOWER, 97, 123);
mark('"\'`', VISIBLE | QUOTE);
mark('<>', VISIBLE | UNQUOTED);
mark('_$', ANY | WORD);
mark('-.', ANY | WORD | SCHEME);
mark('+', ANY | SCHEME);
mark('\\', ANY | ESCAPE);
mark('[]', ANY | BRACKET);

function kindOf(code: number): number {
  if (code < 128) return KINDS[code] as number;
  if (code > 160) return isTypographic(code) ? SPACE : ANY | WORD;
  // charCodeAt returns NaN past the end, which is of no kind
  return code === 160 ? SPACE : code > 0 ? ANY : 0;
}

/** Quotes and punctuation that only sentences have: `«`, `”`, `「`. */
function isTypographic(code: number): boolean {
  return code === 171 || code === 187 || (code > 0x2017 && code < 0x2020) || (code > 0x2fff && code < 0x3040);
}

/** White space, control characters and typographic quotes: they separate a key from its value. */
export function isSpace(code: number): boolean {
  return (kindOf(code) & SPACE) !== 0;
}

/** `"`, `'` and the backtick. */
export function isQuote(code: number): boolean {
  return (kindOf(code) & QUOTE) !== 0;
}

export function isDigit(code: number): boolean {
  return (kindOf(code) & DIGIT) !== 0;
}

export function isUpper(code: number): boolean {
  return (kindOf(code) & UPPER) !== 0;
}

export function isLower(code: number): boolean {
  return (kindOf(code) & LOWER) !== 0;
}

export function isLetter(code: number): boolean {
  return (kindOf(code) & (UPPER | LOWER)) !== 0;
}

/** A line break: `\n` or `\r`. */
export function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

/** Where a run of characters of these kinds that begins at `from` ends, after at most `limit` characters. */
export function runEnd(text: string, from: number, kinds: number, limit: number): number {
  const last = Math.min(text.length, from + limit);
  let at = from;
  while (at < last && (kindOf(text.charCodeAt(at)) & kinds) !== 0) at++;
  return at;
}

/** Where a run of characters of these kinds that ends before `end` begins, at most `limit` characters back. */
export function runStart(text: string, end: number, kinds: number, limit: number): number {
  const first = Math.max(0, end - limit);
  let at = end;
  while (at > first && (kindOf(text.charCodeAt(at - 1)) & kinds) !== 0) at--;
  return at;
}

/** The first position from `from` that is not white space, after at most `limit` characters. */
export function skipSpaces(text: string, from: number, limit: number = 400): number {
  return runEnd(text, from, SPACE, limit);
}

/** Where the run without white space that begins at `from` ends, after at most `limit` characters. */
export function wordEnd(text: string, from: number, limit: number = 400): number {
  return runEnd(text, from, VISIBLE, limit);
}

/**
 * The word that ends directly before `end`, in lower case. Like names of keys, it consists of letters of any script, digits,
 * `_`, `-`, `.` and `$`.
 */
export function wordBefore(text: string, end: number): string {
  return text.slice(runStart(text, end, WORD, 24), end).toLowerCase();
}

const PUNCTUATION = ',.;:!?)]}>\'"`';

/** The end of the text from `start` to `end` without its closing punctuation. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && PUNCTUATION.includes(text[at - 1] as string)) at--;
  return at;
}
