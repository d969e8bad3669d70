import { runInNewContext } from 'node:vm';
import { expect, describe as suite, test } from 'vitest';
import { cleanDetails } from '../../../src/internal/redact/clean-details.ts';

const URL_TEXT = 'http://example.com/x';

suite('details show', () => {
  test.each<[string, unknown, unknown]>([
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a date of another realm', runInNewContext('new Date(0)'), '1970-01-01T00:00:00.000Z'],
    ['no time', runInNewContext('new Date(NaN)'), 'Invalid Date'],
    ['an error of another realm', runInNewContext('new TypeError("no route")'), 'no route'],
    ['bytes of another realm', runInNewContext('new Uint8Array(1000)'), '[bytes]'],
    ['a buffer of another realm', runInNewContext('new ArrayBuffer(1000)'), '[bytes]'],
    ['shared memory', new SharedArrayBuffer(8), '[bytes]'],
    ['a URL', new URL(URL_TEXT), URL_TEXT],
    ['an id with a toJSON()', { bytes: [1, 2], toJSON: () => '0102' }, '0102'],
    ['a number with a toJSON()', { toJSON: () => 42 }, 42],
    ['an object with a toJSON()', { hidden: 1, toJSON: () => ({ shown: 2 }) }, { shown: 2 }],
    ['an object whose toJSON() returns itself', withOwnJson(), { a: 1, toJSON: '[function]' }],
    ['an object whose toJSON() throws', { a: 1, toJSON: thrower }, { a: 1, toJSON: '[function]' }],
    ['what only calls itself a date', { a: 1, [Symbol.toStringTag]: 'Date' }, { a: 1 }],
  ])('%s', (_, value, shown) => {
    expect(cleanDetails({ value })).toEqual({ value: shown });
  });

  test('no credentials in what a toJSON() returns', () => {
    const password = ['hun', 'ter', '2'].join('');
    const value = { toJSON: () => ({ url: `postgres://app:${password}@db/x`, password }) };
    expect(JSON.stringify(cleanDetails({ value }))).not.toContain(password);
  });

  test('an end of what a toJSON() keeps unfolding', () => {
    const endless = (): object => ({ toJSON: endless });
    expect(JSON.stringify(cleanDetails({ value: endless() }))).toBe('{"value":"[object]"}');
  });

  test('nothing of a toJSON() that is async, and survive its rejection', () => {
    const value = { toJSON: () => Promise.reject(new Error('later')) };
    expect(cleanDetails({ value })).toEqual({ value: {} });
  });
});

function thrower(): never {
  throw new Error('no');
}

function withOwnJson(): object {
  return {
    a: 1,
    toJSON() {
      return this;
    },
  };
}
