import { expect, describe as suite, test } from 'vitest';
import { describe } from '../../../src/internal/describe.ts';
import { cleanDetails } from '../../../src/internal/redact/clean-details.ts';
import { cleanText, MAX_TEXT_LENGTH } from '../../../src/internal/redact/clean-text.ts';
import { redact } from '../../../src/internal/redact/redact.ts';

suite('where texts are cut', () => {
  test('at their limits, not before', () => {
    expect(describe('x'.repeat(60))).toBe(`\`'${'x'.repeat(60)}'\` (string)`);
    expect(describe('x'.repeat(61))).toBe(`\`'${'x'.repeat(59)}…'\` (string)`);
    expect(cleanText('x'.repeat(MAX_TEXT_LENGTH))).toBe('x'.repeat(MAX_TEXT_LENGTH));
    expect(cleanText('x'.repeat(MAX_TEXT_LENGTH + 1))).toBe(`${'x'.repeat(MAX_TEXT_LENGTH - 1)}…`);
    expect(cleanText(`${'x'.repeat(16_000)} ${'y'.repeat(383)}`)).toContain('x');
    expect(cleanText(' x ')).toBe('x');
    expect(cleanText('\n x \n')).toBe('x');
  });

  test('strings in details are one line too', () => {
    expect({ ...cleanDetails({ a: 'x\ny' }) }).toEqual({ a: 'x y' });
  });
});

suite('credentials in odd places', () => {
  test.each([
    ['Bearer   abcd', 'Bearer   abcd'],
    ['basic abc', 'basic abc'],
    ['bearer "abcd"', 'bearer "abcd"'],
    ['eyJhbGciOi.abc', '***'],
    ['eyJhbGciOi.abc.def', '***'],
    ['eyJhbGciOi.abc.', '***'],
    ['svn+ssh://u@h', 'svn+ssh://u@h'],
    ['x://u:p@h', 'x://***@h'],
    [':secret@cache', '***@cache'],
    ['user@host', 'user@host'],
    ['at 12:30 user@host', 'at 12:30 user@host'],
    ["PASSWORD 'x''y' VALID", "PASSWORD '***' VALID"],
    ['identified by "x y" ok', 'identified by "***" ok'],
    ["IDENTIFIED WITH native AS 'x' ok", "IDENTIFIED WITH native AS '***' ok"],
    ["password   'cut off", "password   '***"],
    ['Headers.set: "a b" is an invalid header value.', 'Headers.set: "***" is an invalid header value.'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test('the arguments of a command are masked', () => {
    expect({ ...cleanDetails({ args: ['secret'], argsCount: 1 }) }).toEqual({ args: '***', argsCount: 1 });
  });
});
