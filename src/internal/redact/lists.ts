import { skipSpaces } from './characters.ts';
import { holdsCookie, holdsCredentials } from './headers.ts';
import type { KeyKind } from './key-words.ts';
import type { Key } from './keyed.ts';
import { hasRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';
import { closeOf, quoteAt } from './values.ts';

/** Whether a string that follows the name of a secret in a list is its value rather than the next name. */
export function isListedSecret(kind: KeyKind, value: string): boolean {
  if (kind === 'cookie') return holdsCookie(value);
  if (kind === 'authorization') return holdsCredentials(value);
  return hasRandomWord(value) || /[^\w\s.-]/.test(value);
}

/** Masks the value in a list of names and values, as in Node's raw headers: `'Authorization', 'Bearer …'`. */
export function maskListed(text: string, { end, kind }: Key, from: number, spans: Spans): number {
  const at = skipSpaces(text, from);
  const quote = quoteAt(text, text.startsWith('<<', at) ? at + 2 : at);
  if (quote === undefined) return end;
  const close = closeOf(text, quote);
  if (!isListedSecret(kind, text.slice(quote.from, Math.min(close, quote.from + 2_000)))) return end;
  spans.add(quote.from, close);
  return close;
}
