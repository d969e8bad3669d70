import { UNSAFE_CHARACTERS } from '../unsafe-characters.ts';
import { redact } from './redact.ts';

/** The most characters of a checker's message that are shown; the rest is cut off. */
export const MAX_TEXT_LENGTH = 1024;

/** Text is cut to this before it is searched, so that a checker that returns megabytes costs milliseconds. */
export const MAX_SEARCHED_LENGTH = 16_384;

/**
 * Makes a string from outside safe to show: one line, no credentials, at most {@link MAX_TEXT_LENGTH} characters.
 * @param redactor removes the credentials; see `makeRedactor`
 */
export function cleanText(text: string, redactor: (text: string) => string = redact): string {
  // line breaks and control characters separate keys from values: remove them only after the search
  const line = redactor(head(text)).replace(UNSAFE_CHARACTERS, ' ').trim();
  return line.length > MAX_TEXT_LENGTH ? `${line.slice(0, MAX_TEXT_LENGTH - 1)}…` : line;
}

/** The start of a long text, without its last word: nothing would recognise half a credential. */
function head(text: string): string {
  if (text.length <= MAX_SEARCHED_LENGTH) return text;
  const start = text.slice(0, MAX_SEARCHED_LENGTH);
  return `${start.slice(0, Math.max(start.search(/\s\S*$/), 0))} …`;
}
