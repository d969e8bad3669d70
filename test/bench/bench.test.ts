import { readFileSync } from 'node:fs';
import { expect, describe as suite, test } from 'vitest';

const BENCH = new URL('../../bench/', import.meta.url);

/** The bench is plain JavaScript, which has no types. */
async function load(file: string) {
  return await import(new URL(file, BENCH).href);
}

suite('the bench', () => {
  test('gives the middle of its rounds', async () => {
    const { median } = await load('lib/statistics.js');
    expect([median([3]), median([9, 1, 2]), median([4, 1, 2, 9])]).toEqual([3, 2, 3]);
  });

  test('gives the interval of order statistics that tables of the sign test have', async () => {
    const { medianInterval } = await load('lib/statistics.js');
    const upTo = (count: number) => Array.from({ length: count }, (_, index) => count - index);
    expect(medianInterval(upTo(6))).toEqual({ low: 1, high: 6, confidence: 1 - 2 / 64 });
    expect(medianInterval(upTo(8))).toMatchObject({ low: 1, high: 8 });
    expect(medianInterval(upTo(9))).toMatchObject({ low: 2, high: 8 });
    expect(medianInterval(upTo(15))).toMatchObject({ low: 4, high: 12 });
    expect(medianInterval(upTo(20))).toMatchObject({ low: 6, high: 15 });
  });

  test('calls a bound met when the interval reaches it, and reports when the median does not', async () => {
    const { verdict } = await load('lib/markdown.js');
    const rounds = [1, 1, 1, 1.2, 1.2, 1.2, 1.2];
    expect(verdict(rounds, 1.2)).toBe('≤ 1.2: met');
    expect(verdict(rounds, 1.1)).toBe('≤ 1.1: met by the interval');
    expect(verdict(rounds, 0.9)).toBe('≤ 0.9: **missed** by 0.30');
  });

  test('installs exact versions, from whatever registry is set', () => {
    const { dependencies } = JSON.parse(readFileSync(new URL('package.json', BENCH), 'utf8'));
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d/);
    expect(readFileSync(new URL('package-lock.json', BENCH), 'utf8')).not.toContain('"resolved"');
  });
});
