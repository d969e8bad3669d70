import { ESCAPE, QUOTE, runStart, SPACE, skipSpaces, wordBefore } from './characters.ts';
import type { Spans } from './spans.ts';
import { bareEnd, closeOf, quoteAt } from './values.ts';
import { type Words, words } from './words.ts';

/** Keys whose value is the name of another value: `{ name: 'password', value: '…' }`. */
const NAME_KEYS: ReadonlySet<string> = new Set(
  'name key field header k id param parameter property option variable var label attribute type'.split(' '),
);

/** The keys of that other value. */
const VALUE_KEYS: Words = words('value val v values data content text default');

/** Whether a key holds the name of another value: `name`, `headerName`, `ParameterKey`. Takes lower case. */
export function isNameKey(key: string): boolean {
  return NAME_KEYS.has(key) || /[a-z](?:name|key)$/.test(key);
}

/** Whether a key holds that other value: `value`, `headerValue`. Takes lower case. */
export function isValueKey(key: string): boolean {
  return VALUE_KEYS.has(key) || /[a-z]value$/.test(key);
}

/** How far apart a name and its value may be, in characters. */
const REACH = 120;

/** The key whose separator is at `end`, in lower case. */
function keyBefore(text: string, end: number): string {
  return wordBefore(text, runStart(text, runStart(text, end, SPACE, 12), QUOTE | ESCAPE, 8));
}

/** Whether the word at `start` is the value of a key such as `name`. */
function isNamed(text: string, start: number): boolean {
  const at = runStart(text, runStart(text, start, QUOTE | ESCAPE, 8), SPACE, 12);
  const last = text[at - 1];
  if (last === '>') return text[at - 2] === '=' && isNameKey(keyBefore(text, at - 2));
  return (last === ':' || last === '=') && isNameKey(keyBefore(text, at - 1));
}

/** Where the value of a key such as `value` begins, searched from `from`; -1 if the record ends first. */
function valueFrom(text: string, from: number, last: number): number {
  for (let at = from; at < last; at++) {
    const character = text[at];
    if (character === '}' || character === ']') return -1;
    if (character === '>' && text[at - 1] !== '=') return text[at - 1] === '/' ? -1 : insideOf(text, at + 1);
    if (character !== ':' && character !== '=') continue;
    const name = keyBefore(text, at);
    if (isNameKey(name)) return -1;
    if (isValueKey(name)) return skipSpaces(text, text[at + 1] === '>' ? at + 2 : at + 1);
  }
  return -1;
}

/** The position after the tag of a nested element: `<setting name="x"><value>…`. */
function insideOf(text: string, at: number): number {
  if (text[at] !== '<' || text[at + 1] === '/') return at;
  const close = text.slice(at, at + 60).indexOf('>');
  return close === -1 ? at : at + close + 1;
}

function maskAt(text: string, at: number, spans: Spans): number {
  const quote = quoteAt(text, at);
  if (quote !== undefined) {
    const end = closeOf(text, quote);
    spans.add(quote.from, end);
    return end;
  }
  const end = bareEnd(text, at);
  spans.add(at, end);
  return end;
}

/** Masks the value that belongs to a name, before or after it. Returns where to continue; undefined if there is none. */
export function maskPair(text: string, start: number, end: number, spans: Spans): number | undefined {
  if (!isNamed(text, start)) return undefined;
  const part = /^["']?(?:;[^\r\n]{0,80})?(?:\r?\n){2}/.exec(text.slice(end, end + 90));
  // a field of multipart/form-data
  if (part !== null) {
    const stop = /[\r\n]|$/.exec(text.slice(end + part[0].length, end + part[0].length + 2_000))?.index ?? 0;
    spans.add(end + part[0].length, end + part[0].length + stop);
    return end + part[0].length + stop;
  }
  const next = valueFrom(text, end, Math.min(text.length, end + REACH));
  if (next >= 0 && next < text.length) {
    const element = text[next - 1] === '>' && text[next - 2] !== '=';
    if (!element) return maskAt(text, next, spans);
    const close = text.indexOf('<', next);
    const stop = close === -1 ? text.length : close;
    if (text.slice(next, Math.min(stop, next + 400)).trim() !== '') spans.add(next, stop);
    return stop;
  }
  return maskBefore(text, start, spans) ? end : undefined;
}

/** `{ value: '…', name: 'password' }`. */
function maskBefore(text: string, start: number, spans: Spans): boolean {
  const first = Math.max(0, start - REACH);
  for (let at = start - 1; at > first; at--) {
    const character = text[at];
    if (character === '{' || character === '<' || character === '}') return false;
    if (character !== ':' && character !== '=') continue;
    const name = keyBefore(text, at);
    if (!isValueKey(name)) continue;
    maskAt(text, skipSpaces(text, at + 1), spans);
    return true;
  }
  return false;
}
