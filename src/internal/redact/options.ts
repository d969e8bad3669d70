import { skipSpaces } from './characters.ts';
import type { Key } from './keyed.ts';
import { isHarmless, isPlainWord, isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';
import { bareEnd, closeOf, quoteAt } from './values.ts';

/** Words that follow an option in a sentence about it, in place of its value. */
const TALK =
  /^(?:option|flag|argument|parameter|switch|is|was|and|or|must|may|to|in|for|with|from|when|if|cannot|can|requires?|needs?|not)$/i;

/** Masks the value of an option of a command: `--password x`, `-storepass x`. */
export function maskOption(text: string, { end, kind }: Key, from: number, spans: Spans): number {
  const at = skipSpaces(text, from, 4);
  const quote = quoteAt(text, at);
  const begin = quote === undefined ? at : quote.from;
  const stop = quote === undefined ? bareEnd(text, at) : closeOf(text, quote);
  const value = text.slice(begin, Math.min(stop, begin + 400));
  if (value.startsWith('-') || TALK.test(value) || isHarmless(value, 3)) return end;
  const isSecret =
    kind === 'password' || kind === 'token' ? !isSpoken(text, stop, value) : isRandomWord(value);
  if (!isSecret) return end;
  spans.add(begin, stop);
  return stop;
}

/** `--token expects a value`. */
function isSpoken(text: string, stop: number, value: string): boolean {
  return isPlainWord(value) && /^ (?:a|an|the|to|is|be|in|for|not|or|and)\b/.test(text.slice(stop, stop + 6));
}
