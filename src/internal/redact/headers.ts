import { isQuote, skipSpaces } from './characters.ts';
import type { Key } from './keyed.ts';
import type { Passage } from './passage.ts';
import { isPlaceholder, isRandomWord, isRemarkWord } from './remarks.ts';
import { closeOf, quoteAt } from './values.ts';

/** The attributes of a Set-Cookie that have a value. */
const ATTRIBUTE = /^(?:path|domain|expires|max-age|samesite|priority)$/i;

const SCHEME =
  /^(?:basic|bearer|digest|token|apikey|negotiate|ntlm|oauth|hawk|dpop|signature|sharedkey(?:lite)?|splunk|geniekey|ssws)$/i;

/** Where a header ends: at the end of its line, or of the quoted string around it. */
function headerEnd(passage: Passage, from: number, start: number): number {
  const { text } = passage;
  const end = passage.lineEnd(from);
  const quote = text.charCodeAt(start - 1);
  if (!isQuote(quote)) return end;
  const close = text.indexOf(text[start - 1] as string, from);
  return close === -1 ? end : Math.min(close, end);
}

/** Whether the value of an `Authorization` holds credentials rather than a remark such as `denied for role app`. */
export function holdsCredentials(value: string): boolean {
  const parts = value.split(/[\s,]+/, 30).filter((word) => word !== '');
  if (parts.every((word) => isPlaceholder(word.replace(/[).,;]+$/, '')) || SCHEME.test(word))) return false;
  if (/=|%[^\s,]/.test(value) || parts.some(isRandomWord)) return true;
  const [first, second] = parts as [string, string?];
  if (second === undefined) return !isRemarkWord(first);
  return parts.length === 2 && SCHEME.test(first) && !isRemarkWord(second);
}

/** Whether the value of a `Cookie` or `Set-Cookie` holds a cookie rather than a remark such as `disabled`. */
export function holdsCookie(value: string): boolean {
  const pairs = value.split(';', 60);
  for (const pair of pairs) {
    const [name = '', ...rest] = pair.trim().split('=');
    if (rest.length > 0 && !ATTRIBUTE.test(name) && !isPlaceholder(rest.join('='))) return true;
  }
  const words = value.trim().split(/\s+/, 30);
  if (words.some((word) => !word.includes('=') && isRandomWord(word))) return true;
  return (
    words.length === 1 &&
    pairs.length === 1 &&
    !isRemarkWord(value) &&
    !isPlaceholder(words[0] as string) &&
    !value.includes('=')
  );
}

/** How many characters of a header are read to judge it. */
const MAX_JUDGED = 200;

/** Masks the value of `Authorization`, `Cookie` and similar headers: all of it, because it has many forms. */
export function maskHeader(passage: Passage, { start, kind }: Key, from: number): number {
  const { text, spans } = passage;
  const holds = kind === 'cookie' ? holdsCookie : holdsCredentials;
  const at = skipSpaces(text, from);
  if (text[at] === '{') return at + 1;
  const quote = quoteAt(text, at);
  const begin = quote?.from ?? (text[at] === '[' ? at + 1 : at);
  const end = valueEnd(passage, at, from, start);
  if (!holds(text.slice(begin, Math.min(end, begin + MAX_JUDGED)))) return begin;
  spans.add(begin, end);
  return end;
}

function valueEnd(passage: Passage, at: number, from: number, start: number): number {
  const quote = quoteAt(passage.text, at);
  if (quote !== undefined) return closeOf(passage.text, quote);
  return passage.text[at] === '[' ? passage.closingOf(at) : headerEnd(passage, from, start);
}
