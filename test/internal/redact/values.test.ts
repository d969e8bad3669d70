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

  test('only a quote character opens a quote', () => {
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

suite('quotes at any depth', () => {
  test.each<[string, string]>([
    ["'a\\\\' b'", 'a\\\\'],
    ['"a""b" c', 'a""b'],
    ['"" b"', ''],
    ['\\"a\\\\\\"b\\" c\\"', 'a\\\\\\"b'],
    ['\\\\"a\\\\" b', 'a'],
    ['\\"a" b\\"', 'a'],
    ['`a', 'a'],
    ["'a\\", 'a\\'],
  ])('%j holds %j', (text, content) => {
    const quote = quoteAt(text, 0);
    expect(quote).toBeDefined();
    if (quote !== undefined) expect(text.slice(quote.from, closeOf(text, quote))).toBe(content);
  });

  test('up to sixteen backslashes', () => {
    expect(quoteAt(`${'\\'.repeat(16)}"`, 0)).toEqual({ code: 34, slashes: 16, from: 17 });
    expect(quoteAt(`${'\\'.repeat(17)}"`, 0)).toBeUndefined();
    expect(quoteAt('', 0)).toBeUndefined();
  });
});

suite('the ends of values, in detail', () => {
  test.each<[string, string]>([
    ['{a b', '{a'],
    ['a(b) c', 'a(b)'],
    ['a(b c', 'a(b'],
    ['a]b c', 'a]b'],
    ['a];', 'a'],
    ['a]}', 'a'],
    ['((a)) b', '((a))'],
    ['a\\x b', 'a\\x'],
    ['a\\r', 'a'],
    ['a\\t', 'a'],
    ["a\\'b", 'a'],
    ['a\\`b', 'a'],
    ['a\\\\n b', 'a\\\\n'],
    ['a<<b', 'a'],
    ['a<', 'a<'],
    ['a,', 'a'],
    ['a;"b', 'a'],
    ['a& b', 'a'],
    ['a"|b', 'a'],
    ['a"&b', 'a'],
    ['a".', 'a'],
    ['a,b', 'a,b'],
    ['a,b[c]=d', 'a'],
  ])('%j begins with %j', (text, value) => {
    expect(text.slice(0, bareEnd(text, 0))).toBe(value);
  });

  test('braces', () => {
    expect(braceEnd('{}', 0)).toBe(1);
    expect(braceEnd('{a}}', 0)).toBe(4);
    expect(braceEnd('x{a}', 1)).toBe(3);
    expect(braceEnd('{abc}', 0, 4)).toBe(4);
    expect(braceEnd('{abc}', 0, 5)).toBe(4);
  });

  test.each<[string, boolean]>([
    [`${' '.repeat(8)}a=`, true],
    [`${' '.repeat(9)}a=`, false],
    [`${'a'.repeat(40)}=`, true],
    ['a   =', true],
    ['a    =', false],
    ['"a"=', true],
    ["a':", true],
    ['""=', false],
    ['a;=', false],
  ])('a key is ahead of %j: %s', (text, isAhead) => {
    expect(isKeyAhead(text, 0)).toBe(isAhead);
  });

  test.each<[string, number | undefined]>([
    [`${'a'.repeat(199)};`, 199],
    ['a b =c;', 6],
    ['ab=c;', 4],
    [';', 0],
    ["a';", undefined],
    ['a\rb;', undefined],
  ])('a setting of %j ends at %s', (text, end) => {
    expect(semicolonEnd(text, 0)).toBe(end);
  });
});
