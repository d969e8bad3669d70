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
