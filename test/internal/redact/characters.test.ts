import { expect, describe as suite, test } from 'vitest';
import {
  isDigit,
  isLetter,
  isLineEnd,
  isLower,
  isQuote,
  isSpace,
  isUpper,
  runEnd,
  runStart,
  SCHEME,
  skipSpaces,
  trimmedEnd,
  WORD,
  wordBefore,
  wordEnd,
} from '../../../src/internal/redact/characters.ts';

/** The characters of which a test is true. */
function those(is: (code: number) => boolean, text: string): string {
  return [...text].filter((character) => is(character.charCodeAt(0))).join('');
}

suite('kinds of characters', () => {
  const all = 'aZ09_$-.+\\[]"\'`<>/@{é\u0080\u00a0\u00a1 \t\n\r\0\u007f';

  test('each character is of its kinds', () => {
    expect(those(isSpace, all)).toBe('\u00a0 \t\n\r\0\u007f');
    expect(those(isQuote, all)).toBe('"\'`');
    expect(those(isDigit, all)).toBe('09');
    expect(those(isUpper, all)).toBe('Z');
    expect(those(isLower, all)).toBe('a');
    expect(those(isLetter, all)).toBe('aZ');
    expect(those(isLineEnd, all)).toBe('\n\r');
    expect(those((code) => runEnd(String.fromCharCode(code), 0, WORD, 1) === 1, all)).toBe('aZ09_$-.é\u00a1');
    expect(those((code) => runEnd(String.fromCharCode(code), 0, SCHEME, 1) === 1, all)).toBe('aZ09-.+');
    expect(those((code) => wordEnd(String.fromCharCode(code), 0) === 1, all)).toBe(
      'aZ09_$-.+\\[]"\'`<>/@{é\u0080\u00a1',
    );
  });

  test('the end of a text is of none', () => {
    expect([isSpace, isQuote, isDigit, isLetter].some((is) => is(Number.NaN))).toBe(false);
  });
});

suite('runs of characters', () => {
  test('end at other characters, at a limit and with the text', () => {
    expect(runEnd('abc d', 0, WORD, 9)).toBe(3);
    expect(runEnd('abc d', 0, WORD, 2)).toBe(2);
    expect(runEnd('abc', 1, WORD, 9)).toBe(3);
    expect(runStart('a bcd', 5, WORD, 9)).toBe(2);
    expect(runStart('a bcd', 5, WORD, 2)).toBe(3);
    expect(runStart('abc', 3, WORD, 9)).toBe(0);
  });

  test('white space is skipped up to a limit', () => {
    expect(skipSpaces(' \t\na', 0)).toBe(3);
    expect(skipSpaces('    a', 0, 2)).toBe(2);
    expect(skipSpaces(' '.repeat(500), 0)).toBe(400);
    expect(wordEnd('x'.repeat(500), 0)).toBe(400);
  });

  test('the word before a position is in lower case, and at most 24 characters long', () => {
    expect(wordBefore('x Api-Key', 9)).toBe('api-key');
    expect(wordBefore('x Api-Key ', 10)).toBe('');
    expect(wordBefore('x'.repeat(30), 30)).toBe('x'.repeat(24));
  });

  test('closing punctuation is left out', () => {
    expect(trimmedEnd('abc.,;:!?)]}>\'"`', 0, 16)).toBe(3);
    expect(trimmedEnd('abc', 0, 3)).toBe(3);
    expect(trimmedEnd('a...', 2, 4)).toBe(2);
    expect(trimmedEnd('(a', 0, 2)).toBe(2);
  });
});
