import { expect, describe as suite, test } from 'vitest';
import {
  bareEnd,
  braceEnd,
  closeOf,
  isKeyAhead,
  quoteAt,
  semicolonEnd,
} from '../../../src/internal/redact/values.ts';

suite('quotes, brackets and bare values', () => {
  test.each<[string, string]>([
    ['"a" b', 'a'],
    ["'a''b' c", "a''b"],
    ['"" b', ''],
    ['"a\\"b" c', 'a\\"b'],
    ['"a\\\\" b', 'a\\\\'],
    ['\\"a\\" b', 'a'],
    ['\\"a\\\\\\"b\\" c', 'a\\\\\\"b'],
    ['\\"a" b', 'a'],
    ['\\\\\\"a\\\\\\" b', 'a'],
    ["'cut off", 'cut off'],
    ['`a` b', 'a'],
  ])('%s holds %s', (text, content) => {
    const quote = quoteAt(text, 0);
    expect(quote).toBeDefined();
    if (quote !== undefined) expect(text.slice(quote.from, closeOf(text, quote))).toBe(content);
  });

  test('what is no quote opens none', () => {
    expect(quoteAt('a', 0)).toBeUndefined();
    expect(quoteAt('\\a', 0)).toBeUndefined();
  });

  test.each<[string, string]>([
    ['abc def', 'abc'],
    ['abc', 'abc'],
    ['a;b c', 'a;b'],
    ['a; b', 'a'],
    ['a;b=c', 'a'],
    ['a,b c', 'a,b'],
    ['a, b', 'a'],
    ['a,b=c', 'a'],
    ['a,"b"', 'a'],
    ['a,', 'a'],
    ['a&b c', 'a&b'],
    ['a&b=c', 'a'],
    ['a&', 'a'],
    ['a) b', 'a'],
    ['a)b c', 'a)b'],
    ['(a) b', '(a)'],
    ['[a]} b', '[a]'],
    ['a} b', 'a'],
    ['a" b', 'a'],
    ['a"b c', 'a"b'],
    ["a'", 'a'],
    ['a</b>', 'a'],
    ['a<b c', 'a<b'],
    ['a\\ b c', 'a\\ b'],
    ['a\\n b', 'a'],
    ['a\\"b', 'a'],
    ['a\\', 'a'],
  ])('%j begins with the value %j', (text, value) => {
    expect(text.slice(0, bareEnd(text, 0))).toBe(value);
  });

  test('end at most this far away', () => {
    expect(bareEnd('abcdef', 0, 3)).toBe(3);
    expect(braceEnd('{abcdef', 0, 3)).toBe(3);
    expect(braceEnd('{a}}b}c', 0)).toBe(5);
    expect(braceEnd('{a', 0)).toBe(2);
  });

  test.each([
    ['a=1', true],
    [' a : 1', true],
    ['"a":1', true],
    ['a[b]=1', true],
    ['a b=1', false],
    ['=1', false],
    ['a', false],
    [`${'a'.repeat(41)}=1`, false],
  ])('a key is ahead of %j: %s', (text, isAhead) => {
    expect(isKeyAhead(text as string, 0)).toBe(isAhead);
  });

  test.each([
    ['a b;c=d', 3],
    ['a b=c;', undefined],
    ['a==;b', 3],
    ['a"b;', undefined],
    ['a\nb;', undefined],
    ['a', undefined],
    [`${'a'.repeat(200)};`, undefined],
  ])('a setting of %j ends at %s', (text, end) => {
    expect(semicolonEnd(text as string, 0)).toBe(end);
  });
});
