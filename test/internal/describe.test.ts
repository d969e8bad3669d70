import { expect, test } from 'vitest';
import { describe, describeBounded } from '../../src/internal/describe.ts';

const huge = (): object => Object.fromEntries(Array.from({ length: 300_000 }, (_, i) => [`k${i}`, 1]));

test.each([
  ['a bigint of a megabyte', () => 1n << 8_000_000n, 'a bigint of more than 65536 bits'],
  ['bytes', () => new Uint8Array(3e6), 'a Uint8Array of 3000000 bytes'],
  ['numbers', () => new Float64Array(1e6), 'a Float64Array of 8000000 bytes'],
  ['an object of very many keys', huge, 'an object'],
  ['a long list', () => Array.from({ length: 1e6 }), 'an array of 1000000'],
  ['a long string', () => 'x'.repeat(1e6), /^`'x{0,59}….*\(string\)$/],
])('%s is described at once', (_, make, expected) => {
  const value = make();
  const begun = performance.now();
  const text = describeBounded(value);
  // Ten times what it may take; enumerating or printing takes seconds.
  expect(performance.now() - begun).toBeLessThan(500);
  if (typeof expected === 'string') expect(text).toBe(expected);
  else expect(text).toMatch(expected);
});

test.each([
  [{ healthy: true, rows: [] }, 'an object with `healthy`, `rows`'],
  [new Map(), 'an instance of Map'],
  [new Date(), 'an instance of Date'],
  [{}, 'an object'],
  [7n, '`7n` (bigint)'],
  [-9_223_372_036_854_775_808n, '`-9223372036854775808n` (bigint)'],
  [null, '`null`'],
])('of %o it names what is known', (value, expected) => {
  expect(describeBounded(value)).toBe(expected);
});

test('options are described with their keys', () => {
  expect(describe({ retries: 3 })).toBe('an object with `retries`');
  expect(describe({})).toBe('an empty object');
  expect(describe({ a: 1, b: 2 })).toBe('an object with `a`, `b`');
  expect(describe(Object.create(null))).toBe('an empty object');
});

test('what has no keys of its own is described by its class', () => {
  class Pool {
    readonly #size = 3;
    size() {
      return this.#size;
    }
  }
  expect(describe(new Pool())).toBe('an instance of Pool');
  expect(describe(new Map())).toBe('an instance of Map');
  expect(describe(new Date())).toBe('an instance of Date');
  expect(describe(new (class {})())).toBe('an empty object');
});

test.each([
  ['undefined', undefined, '`undefined`'],
  ['a string', '5s', "`'5s'` (string)"],
  ['a number', -1, '`-1` (number)'],
  ['a boolean', true, '`true` (boolean)'],
  ['a symbol', Symbol('x'), '`Symbol(x)` (symbol)'],
  ['a named function', function lookup() {}, 'the function `lookup`'],
  [
    'a function without a name',
    (
      () => () =>
        undefined
    )(),
    'a function',
  ],
])('%s is described as what it is', (_, value, expected) => {
  expect(describe(value)).toBe(expected);
  expect(describeBounded(value)).toBe(expected);
});

test('an object that refuses to be read is described too', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(describe(proxy)).toBe('an object that cannot be read');
});

test('a string of sixty characters is quoted whole, a longer one is cut to sixty', () => {
  expect(describe('ab '.repeat(20))).toBe(`\`'${'ab '.repeat(20).trim()}'\` (string)`);
  expect(describe(`${'ab '.repeat(19)}abc`)).toBe(`\`'${'ab '.repeat(19)}abc'\` (string)`);
  expect(describe(`${'ab '.repeat(19)}abcd`)).toBe(`\`'${'ab '.repeat(19)}ab…'\` (string)`);
});

test.each(
  (
    'ok status healthy up alive ready state health success result results error errors errno code message name ' +
    'value data body rows rowCount count length statusCode details'
  ).split(' '),
)('`%s` is among the fields that are looked for', (field) => {
  expect(describeBounded({ [field]: 1, other: 2 })).toBe(`an object with \`${field}\``);
});
