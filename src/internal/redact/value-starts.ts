import { isDigit, skipSpaces } from './characters.ts';
import type { Passage } from './passage.ts';

/**
 * What reports and serializers put between the name of a secret, with the quote that closes it, and the value: Spring's and
 * Elasticsearch's `Value: …` on the next line, PHP's `;s:10:"…"`, a colon and an empty line before a word with digits.
 */
const INTRODUCTION =
  /^(?:\\?["'];s:\d{1,6}:(?=\\?")|[^\n]{0,80}\n\s{0,8}(?:New )?[Vv]alue: |[^\n:]{0,60}:\n\n\s{0,8}(?=[^\s\d]{0,60}\d\S{0,60}(?:\n|$)))/;

/** The position after the number of a key, as in `Unseal Key 1: …`; `at` if there is none. */
function numberEnd(text: string, at: number): number {
  if (!isDigit(text.charCodeAt(at)) || text[at - 1] !== ' ') return at;
  const end = isDigit(text.charCodeAt(at + 1)) ? at + 2 : at + 1;
  return text[end] === ':' ? end : at;
}

/** Where the separator at `at` ends: `=`, `:`, `=>`, `:=`, `->`; -1 if there is none. */
function separatorEnd(text: string, at: number): number {
  const next = text[at + 1];
  switch (text[at]) {
    case '=':
      return next === '>' || next === '=' ? at + 2 : at + 1;
    case ':':
      return next === ':' ? -1 : next === '=' ? at + 2 : at + 1;
    case '-':
      return next === '>' ? at + 2 : -1;
    default:
      return -1;
  }
}

/**
 * Where the value of a key begins; -1 if none follows.
 * @param end where the name of the key ends
 * @param closed the position after the closing quotes and brackets around the name
 */
export function valueStart(passage: Passage, end: number, closed: number): number {
  const { text } = passage;
  // a control character separates as a colon does
  if (text.charCodeAt(closed) < 9) return closed + 1;
  const start = separatorEnd(text, numberEnd(text, skipSpaces(text, closed)));
  if (start !== -1) return start;
  // without the end of a line nearby there is only PHP's
  if (passage.lineEnd(end) > end + 81 && text[closed] !== ';') return -1;
  const introduction = INTRODUCTION.exec(text.slice(end, end + 120));
  return introduction === null ? -1 : end + introduction[0].length;
}
