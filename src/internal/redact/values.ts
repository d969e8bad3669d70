import { BRACKET, isLineEnd, isQuote, isSpace, runEnd, skipSpaces, WORD } from './characters.ts';

const BACKSLASH = 92;

/** A quote, with the backslashes before it if it is in a string inside a string. */
export interface Quote {
  readonly code: number;
  readonly slashes: number;
  /** Where the content begins. */
  readonly from: number;
}

/** The quote that opens at `at`, however often it is escaped. */
export function quoteAt(text: string, at: number): Quote | undefined {
  let from = at;
  while (text.charCodeAt(from) === BACKSLASH && from - at < 16) from++;
  const code = text.charCodeAt(from);
  return isQuote(code) ? { code, slashes: from - at, from: from + 1 } : undefined;
}

/**
 * Where the content of a quoted string ends: at the next quote of the same kind and depth of escaping that is not doubled. A
 * string that was cut off ends with the text.
 */
export function closeOf(text: string, { code, slashes, from }: Quote): number {
  // \" closes what \" opened, and \\\" is a quote within; with n backslashes the pattern repeats every 2(n + 1)
  const period = 2 * (slashes + 1);
  let run = 0;
  for (let at = from; at < text.length; at++) {
    const each = text.charCodeAt(at);
    if (each === BACKSLASH) {
      run++;
      continue;
    }
    if (each === code && (run % period === slashes || run < slashes)) {
      if (text.charCodeAt(at + 1) !== code || run > 0 || at === from) return at - Math.min(run, slashes);
      at++;
    }
    run = 0;
  }
  return text.length;
}

/** Where a value in ODBC's braces ends; `}}` in it is one escaped brace. */
export function braceEnd(text: string, start: number, limit: number = text.length): number {
  const last = Math.min(text.length, start + limit);
  for (let at = start + 1; at < last; at++) {
    if (text[at] !== '}') continue;
    if (text[at + 1] !== '}') return at;
    at++;
  }
  return last;
}

/** Whether another setting follows: a key and `=` or `:`. */
export function isKeyAhead(text: string, at: number): boolean {
  let end = skipSpaces(text, at, 8);
  if (isQuote(text.charCodeAt(end))) end++;
  const start = end;
  end = runEnd(text, start, WORD | BRACKET, 40);
  if (end === start) return false;
  if (isQuote(text.charCodeAt(end))) end++;
  const next = text[skipSpaces(text, end, 3)];
  return next === '=' || next === ':';
}

/** Whether a value cannot continue here: at the end, white space, or closing punctuation. */
function isBoundary(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return Number.isNaN(code) || isSpace(code) || ',;.:)]}>\'"`&|'.includes(text[at] as string);
}

/** Where a value without quotes ends, after at most `limit` characters. */
export function bareEnd(text: string, start: number, limit: number = text.length): number {
  const last = Math.min(text.length, start + limit);
  let open = 0;
  for (let at = start; at < last; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) return at;
    const character = text[at] as string;
    if (code === BACKSLASH) {
      if ('nrt"\'`'.includes(text[at + 1] ?? '"')) return at;
      at++;
    } else if (character === '(' || character === '[' || character === '{') open++;
    else if (character === ')' || character === ']' || character === '}') {
      if (--open < 0 && isBoundary(text, at + 1)) return at;
    } else if (endsBare(text, at, code)) return at;
  }
  return last;
}

/** Whether a separator is followed by the end, white space, a quote or another setting. */
function endsSetting(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return Number.isNaN(code) || isSpace(code) || isQuote(code) || isKeyAhead(text, at);
}

function endsBare(text: string, at: number, code: number): boolean {
  if (isQuote(code)) return isBoundary(text, at + 1);
  switch (text[at]) {
    case '<':
      return text[at + 1] === '/' || text[at + 1] === '<';
    case ',':
    case '&':
    case ';':
      return endsSetting(text, at + 1);
    default:
      return false;
  }
}

/**
 * Where a value ends among settings separated by semicolons, in which it may hold spaces: at the next semicolon, if there is
 * one nearby in this line and no other setting comes first.
 */
export function semicolonEnd(text: string, start: number): number | undefined {
  const last = Math.min(text.length, start + 200);
  for (let at = start; at < last; at++) {
    const code = text.charCodeAt(at);
    if (isLineEnd(code) || isQuote(code)) return undefined;
    if (text[at] === '=' && !isSpace(text.charCodeAt(at - 1)) && text.slice(start, at).includes(' '))
      return undefined;
    if (text[at] === ';') return at;
  }
  return undefined;
}
