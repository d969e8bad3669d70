/** Kinds of characters, as bits of a table for what is below U+0080. */
const SPACE = 1;
const QUOTE = 2;
const WORD = 4;
const DIGIT = 8;
const UPPER = 16;
const LOWER = 32;

const KINDS: Uint8Array = new Uint8Array(128);
for (let code = 0; code < 33; code++) KINDS[code] = SPACE;
KINDS[127] = SPACE;
for (const character of '"\'`') KINDS[character.charCodeAt(0)] = QUOTE;
for (let code = 48; code < 58; code++) KINDS[code] = WORD | DIGIT;
for (let code = 65; code < 91; code++) KINDS[code] = WORD | UPPER;
for (let code = 97; code < 123; code++) KINDS[code] = WORD | LOWER;
for (const character of '_-.$') KINDS[character.charCodeAt(0)] = WORD;

function kindOf(code: number): number {
  // NaN, which is what charCodeAt gives behind the end, is no word and no space
  return code < 128 ? (KINDS[code] as number) : code > 160 ? WORD : code === 160 ? SPACE : 0;
}

/** White space and control characters: both part a key from its value. */
export function isSpace(code: number): boolean {
  return (kindOf(code) & SPACE) !== 0;
}

/** `"`, `'` and the backtick. */
export function isQuote(code: number): boolean {
  return (kindOf(code) & QUOTE) !== 0;
}

/** What the name of a key is made of: letters of any script, digits, `_`, `-`, `.` and `$`. */
export function isWord(code: number): boolean {
  return (kindOf(code) & WORD) !== 0;
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

/** The first position from `from` on, but at most `limit` further, that is not white space. */
export function skipSpaces(text: string, from: number, limit: number = 400): number {
  const last = Math.min(text.length, from + limit);
  let at = from;
  while (at < last && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Where the run without white space that holds `from` ends, at most `limit` characters on. */
export function wordEnd(text: string, from: number, limit: number = 400): number {
  const last = Math.min(text.length, from + limit);
  let at = from;
  while (at < last && !isSpace(text.charCodeAt(at))) at++;
  return at;
}

const PUNCTUATION = ',.;:!?)]}>\'"`';

/** Where what stands from `start` up to `end` ends without its closing punctuation. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && PUNCTUATION.includes(text[at - 1] as string)) at--;
  return at;
}
