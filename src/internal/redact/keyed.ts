import {
  BRACKET,
  ESCAPE,
  isQuote,
  isSpace,
  QUOTE,
  runEnd,
  runStart,
  skipSpaces,
  WORD,
  wordBefore,
} from './characters.ts';
import { maskHeader } from './headers.ts';
import { type KeyKind, keyKindOf, MAX_NAME_LENGTH, ownedKind } from './key-words.ts';
import { maskListed } from './lists.ts';
import { maskOption } from './options.ts';
import { maskPair } from './pairs.ts';
import type { Passage } from './passage.ts';
import { maskProse, maskRefused } from './prose.ts';
import { nextStem } from './stems.ts';
import { maskElement } from './tags.ts';
import { valueStart } from './value-starts.ts';
import { maskValue } from './values-of-keys.ts';

/** The name around a stem. */
export interface Key {
  readonly start: number;
  readonly end: number;
  readonly kind: KeyKind;
}

function keyAround(text: string, index: number, from: number): Key {
  const start = Math.max(from, runStart(text, index, WORD, MAX_NAME_LENGTH));
  let end = runEnd(text, index + 1, WORD, MAX_NAME_LENGTH);
  while (text[end - 1] === '.' || text[end - 1] === '-') end--;
  const name = text.slice(start, end);
  const owned = text[start - 1] === ' ' ? ownedKind(name, () => wordBefore(text, start - 1)) : undefined;
  return { start, end, kind: owned ?? keyKindOf(name) };
}

/** Masks the values of keys that name a secret, in all the ways in which keys and values are written. */
export function maskKeyed(passage: Passage): void {
  const { text } = passage;
  let done = 0;
  for (let at = nextStem(text, done); at !== -1; at = nextStem(text, done)) {
    const key = keyAround(text, at, done);
    done = Math.max(key.end, at + 1);
    if (key.kind !== 'none') done = Math.max(done, maskAfter(passage, key));
  }
}

/** The position after the closing quotes and brackets around a key. */
function afterClosers(text: string, end: number): number {
  return runEnd(text, end, QUOTE | ESCAPE | BRACKET, 16);
}

/** Whether a word is part of an Amazon resource name or a URN. */
function isInName(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 80), start);
  return before.indexOf(' ', Math.max(0, before.lastIndexOf('rn:'))) === -1 && before.includes('rn:');
}

/** Whether a name is that of a quoted file, and an error follows: `"/etc/tls/tls.key": not found`. */
function isFile(text: string, start: number, end: number): boolean {
  return text.slice(start, end).includes('.') && /^["']: [^"'{[\d]/.test(text.slice(end, end + 4));
}

function isTagName(text: string, start: number): boolean {
  return (
    text[start - 1] === '<' ||
    (text[start - 1] === ':' && /<[\w-]{1,12}:$/.test(text.slice(Math.max(0, start - 14), start)))
  );
}

function maskAfter(passage: Passage, key: Key): number {
  const { text, spans } = passage;
  const { start, end, kind } = key;
  if (text[start - 1] === ':' && isInName(text, start)) return end;
  // the host of a URL: http://tokens:8080
  if (text.startsWith('//', start - 2) && /^:\d/.test(text.slice(end, end + 2))) return end;
  if (text[start - 1] === '/' && isFile(text, start, end)) return end;
  if (isTagName(text, start)) return maskElement(text, key, spans);
  const closed = afterClosers(text, end);
  const isQuoted = closed > end && isQuote(text.charCodeAt(start - 1));
  const at = skipSpaces(text, closed);
  // variable "db_password" { default = "…" }
  if (isQuoted && text[at] === '{') return maskValue(passage, key, at);
  if (kind !== 'weak' && kind !== 'code' && kind !== 'scheme') {
    const paired = maskPair(text, start, end, spans);
    if (paired !== undefined) return paired;
  }
  const value = valueStart(passage, end, closed);
  if (value !== -1) {
    if (kind === 'authorization' || kind === 'cookie') return maskHeader(passage, key, value);
    return maskValue(passage, key, value);
  }
  // Erlang's {password,"…"} and Lisp's (password . "…") need no quotes around the key
  if (
    (text[at] === ',' && (isQuoted || /^(?:<<)?"/.test(text.slice(at + 1, at + 4)))) ||
    text.startsWith('. "', at)
  )
    return maskListed(text, key, at + 1, spans);
  if (text[start] === '-' && isSpace(text.charCodeAt(closed))) return maskOption(text, key, closed, spans);
  if (kind === 'code') return end;
  maskRefused(text, start, spans);
  if (isQuoted && text[closed] !== ' ') return end;
  // Sec-WebSocket-Protocol: bearer, …
  const from = isQuoted ? closed : isQuote(text.charCodeAt(end)) ? end + 1 : end;
  return maskProse(passage, kind === 'scheme' && text[from] === ',' ? from + 1 : from, kind);
}
