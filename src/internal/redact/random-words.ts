import { isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';

/** Masks the words between `start` and `end` that look random, but not the quotes and separators around them. */
export function maskRandomWords(text: string, start: number, end: number, spans: Spans): void {
  let at = start;
  for (const word of text.slice(start, end).split(/([\s"'`,\\]+)/)) {
    if (isRandomWord(word)) spans.add(at, at + word.length);
    at += word.length;
  }
}
