import { isQuote, isSpace, skipSpaces } from './characters.ts';
import type { Key } from './keyed.ts';
import type { Passage } from './passage.ts';
import { isMixed, randomEnd } from './prose.ts';
import { maskRandomWords } from './random-words.ts';
import { hasRandomWord, isHarmless, isProse, isRandomWord } from './remarks.ts';
import { bareEnd, braceEnd, closeOf, isKeyAhead, type Quote, quoteAt, semicolonEnd } from './values.ts';

/** How many characters between brackets are searched for random words. */
const MAX_BRACKET = 2_000;

/** Prefixes of strings in various languages: `E'…'`, `N'…'`, `b"…"`, `string(10) "…"`, `<<"…"`. */
const STRING_PREFIX =
  /^(?:[A-Za-z@$]{1,2}&?(?=["'`])|<<(?=")|(?:string|str)\(\d+\) (?=")|new \w+\((?=["'])|[A-Za-z_][\w.]{0,40}\((?=["']))/;

/** A type between the name and the value: `const apiSecret: string = '…'`. */
const TYPE =
  /^(?:(?:string|String|str|std::string|any|&(?:'static )?str)(?: ?\| ?\w{1,12})?\s{0,2}=\s{0,2})(?=["'`])/;

/** The start of a block in YAML. */
const BLOCK = /^[|>][+-]?\d?[+-]?\s+/;

/** How many characters of a value are read to judge it. */
const MAX_JUDGED = 120;

/** The most digits of a plain number that is not a secret, for passwords and for other secrets. */
const DIGITS = { password: 3, other: 5 };

/** Whether the value of a key is a secret. */
function isSecret(passage: Passage, key: Key, value: string): boolean {
  const { kind } = key;
  if (kind === 'password') return !isHarmless(value, DIGITS.password);
  if (kind === 'token') return !isHarmless(value, DIGITS.other);
  if (isLoneKey(passage.text, key)) return false;
  if (kind === 'code') return looksSecret(value) && passage.speaksOAuth;
  return (
    looksSecret(value) || (isParameter(passage.text, key) && value.split(/[^A-Za-z0-9]/, 20).some(isMixed))
  );
}

/** Whether a key is a parameter of a query. */
function isParameter(text: string, { start, end }: Key): boolean {
  return text[end] === '=' && '?&'.includes(text[start - 1] ?? ' ');
}

/** Whether a key is only `key`: in `cache key=…` and in `key: …` that says nothing about its value. */
function isLoneKey(text: string, { start, end }: Key): boolean {
  return (
    /^key$/i.test(text.slice(start, end)) &&
    (text[end] !== '=' || /[\w"'] $/.test(text.slice(start - 2, start)))
  );
}

function looksSecret(value: string): boolean {
  if (
    value.length >= 16 &&
    /^[\w+/=%.:,-]+$/.test(value) &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !/^\d+\D{1,3}$/.test(value)
  ) {
    return /[0-9a-f]{16}/i.test(value) || isRandomWord(value);
  }
  return isPadded(value) || hasRandomWord(value);
}

/** Whether a value is padded Base64. */
function isPadded(value: string): boolean {
  return /^[A-Za-z0-9+/_-]{8,}={1,2}$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
}

function skipPrefix(text: string, at: number): number {
  const ahead = text.slice(at, at + 40);
  return at + ((TYPE.exec(ahead) ?? STRING_PREFIX.exec(ahead))?.[0].length ?? 0);
}

/** Masks the value after a separator, if it is a secret. Returns where to continue. */
export function maskValue(passage: Passage, key: Key, from: number): number {
  const { text } = passage;
  let at = skipSpaces(text, from);
  const block = BLOCK.exec(text.slice(at, at + 80));
  if (block !== null) return maskBlock(passage, key, at + block[0].length);
  if (/[\n\r]/.test(text.slice(from, at)) && text.startsWith('- ', at))
    return maskBlock(passage, key, at + 2);
  at = skipPrefix(text, at);
  const quote = quoteAt(text, at);
  if (quote !== undefined) return maskQuoted(passage, key, quote);
  const isEqual = text[from - 1] === '=';
  if (text[at] === '{' && isEqual && !/[\s"'{]/.test(text[at + 1] ?? ' '))
    return maskBraced(passage, key, at);
  if (text[at] === '[' || text[at] === '{') return maskBracketed(passage, key, at);
  return maskBare(passage, key, from, at);
}

/** Masks a string, which may be in triple quotes, as in Python and TOML. */
function maskQuoted(passage: Passage, key: Key, quote: Quote): number {
  const { text, spans } = passage;
  const isTriple =
    quote.slashes === 0 &&
    text.charCodeAt(quote.from) === quote.code &&
    text.charCodeAt(quote.from + 1) === quote.code;
  const start = isTriple ? quote.from + 2 : quote.from;
  const end = isTriple ? tripleEnd(text, start) : closeOf(text, quote);
  if (!isSecret(passage, key, text.slice(start, Math.min(end, start + MAX_JUDGED)))) return start;
  spans.add(start, end);
  const change = CHANGE.exec(text.slice(end, end + 8));
  return change === null ? end : maskQuoted(passage, key, quoteAt(text, end + change[0].length) as Quote);
}

/** Where a string in triple quotes ends, whose content begins at `start`. */
function tripleEnd(text: string, start: number): number {
  const end = text.indexOf(text.slice(start - 3, start), start);
  return end === -1 ? text.length : end;
}

/** Between the old and the new value, in the plans of Terraform. */
const CHANGE = /^["'`] (?:->|=>) (?=["'`])/;

/** Masks a block of YAML: all indented lines. */
function maskBlock(passage: Passage, key: Key, at: number): number {
  const { text, spans } = passage;
  let end = passage.lineEnd(at);
  if (!isSecret(passage, key, text.slice(at, Math.min(end, at + MAX_JUDGED)))) return at;
  while (/^\r?\n[ \t]+\S/.test(text.slice(end, end + 40))) end = passage.lineEnd(end + 2);
  // if the line breaks were removed, the block ends with its first word
  const last =
    end === text.length && !/[\n\r]/.test(text.slice(key.end, at)) ? randomEnd(text, bareEnd(text, at)) : end;
  spans.add(at, last);
  return last;
}

function maskBraced(passage: Passage, key: Key, at: number): number {
  const { text, spans } = passage;
  if (!isSecret(passage, key, text.slice(at + 1, braceEnd(text, at, MAX_JUDGED)))) return at + 1;
  const end = braceEnd(text, at);
  spans.add(at + 1, end);
  return end;
}

/** Masks all of a list, and all of an object under a password; in other objects only what looks random. */
function maskBracketed(passage: Passage, key: Key, at: number): number {
  const { text, spans } = passage;
  const end = passage.closingOf(at);
  const content = text.slice(at + 1, Math.min(end, at + MAX_JUDGED / 2)).replace(/^[\s"'`\\]+/, '');
  const isWhole = key.kind === 'password' || (key.kind === 'token' && text[at] === '[');
  if (isWhole && !isHarmless(content, DIGITS.other) && !isRemarkList(content)) {
    spans.add(at + 1, end);
    return end;
  }
  const stop = Math.min(end, at + MAX_BRACKET);
  if (stop <= passage.bracketsDone) return at + 1;
  const start = Math.max(at + 1, passage.bracketsDone);
  passage.bracketsDone = stop;
  maskRandomWords(text, start, stop, spans);
  return at + 1;
}

function isRemarkList(content: string): boolean {
  return content.split(/[\s"'`,]+/, 30).every((word) => word === '' || isHarmless(word, DIGITS.other));
}

function maskBare(passage: Passage, key: Key, from: number, at: number): number {
  const { text, spans } = passage;
  if (/[\n\r]/.test(text.slice(from, at)) && isKeyAhead(text, at)) return key.end;
  const isStrong = key.kind === 'password' || key.kind === 'token';
  if (!isStrong && passage.isMarkedHarmless(at)) return at;
  let end = bareEnd(text, at, MAX_JUDGED);
  if (end === at) return key.end;
  if (!isSecret(passage, key, text.slice(at, end))) {
    if (!isStrong) passage.markHarmless(at, end);
    return at;
  }
  const isSpaced = isSpace(text.charCodeAt(from));
  if ((isSpaced || isSpace(text.charCodeAt(key.end))) && text[from - 1] !== '=' && isProse(text, at, end))
    return at;
  if (end - at === MAX_JUDGED) end = bareEnd(text, at);
  const last = Math.max(end, settingEnd(text, key, from, at), randomEnd(text, end), partnerEnd(text, end));
  spans.add(at, last);
  return last;
}

/** The end of a password after a user and a slash: `credentials: app / …`. */
function partnerEnd(text: string, end: number): number {
  if (!text.startsWith(' / ', end)) return end;
  const partner = bareEnd(text, end + 3, MAX_JUDGED);
  return isRandomWord(text.slice(end + 3, partner)) ? partner : end;
}

/** The end of a setting that a semicolon ends and that may hold spaces: `Server=x;Password=a b;Database=y`. */
function settingEnd(text: string, { start }: Key, from: number, at: number): number {
  if (text[from - 1] !== '=') return 0;
  const semicolon = semicolonEnd(text, at);
  if (semicolon === undefined) return 0;
  const before = text.slice(Math.max(0, start - 3), start).trim();
  return before === '' || before.endsWith(';') || isQuote(before.charCodeAt(before.length - 1))
    ? semicolon
    : 0;
}
