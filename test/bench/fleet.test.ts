import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
// @ts-expect-error plain JavaScript, which runs on the compiled package
import * as fleet from '../../bench/fleet-simulation.mjs';

const { mostQueries, outageOptions, simulateFleet, simulateOutage, tableRow } = fleet;

const document = readFileSync(fileURLToPath(new URL('../../docs/deploy.md', import.meta.url)), 'utf8');

test.each([10, 1000])(
  'the table of docs/deploy.md says for %d instances what the engine does',
  async (instances) => {
    expect(document).toContain(await tableRow(instances));
  },
);

test('the row for 100 000 instances is a hundred times the one for 1 000, give or take a hundredth', async () => {
  const row = document.match(/^\| 100 000 \| (.*) \|$/m)?.[1] ?? '';
  const documented = row.split(' | ').map((cell) => Number(cell.replace(/ \(.*$/, '').replaceAll(' ', '')));
  const counted = await Promise.all([1, 3, 10].map((probers) => simulateFleet({ instances: 1000, probers })));
  expect(documented.length).toBe(3);
  for (const [i, queries] of counted.entries()) {
    expect(Math.abs((documented[i] as number) / (100 * queries) - 1)).toBeLessThan(0.01);
  }
});

test('no fleet causes more than the formula says, nor less than one query per period and instance', async () => {
  for (const probers of [1, 2, 3, 5, 10, 30]) {
    const queries = await simulateFleet({ instances: 20, probers });
    expect(queries).toBeLessThanOrEqual(mostQueries({ instances: 20, probers }));
    expect(queries).toBeGreaterThanOrEqual(20 / 2);
  }
});

test.each(outageOptions as object[])(
  'with %o no instance asks a database that is down more often than its backoff allows',
  async (options) => {
    const { well, down, most, firstSecond, healedWithinMs } = await simulateOutage({
      instances: 20,
      options,
      downMs: 600_000,
    });
    const { maxAgeMs = 1_000, intervalMs = maxAgeMs } = options as { maxAgeMs?: number; intervalMs?: number };
    // In a minute: the pauses of 1, 2, 4 … s, then the usual period, each at most a tenth short.
    let allowed = 0;
    for (let at = 0, pauseMs = 1_000; at < 60_000; pauseMs *= 2) {
      allowed++;
      at += 0.9 * Math.min(pauseMs, intervalMs);
    }
    expect(most).toBeLessThanOrEqual(allowed + 1);
    // Hardly more than while all is well, and no stampede at the healing.
    expect(down).toBeLessThanOrEqual(well * 1.7 + 0.1);
    expect(firstSecond).toBeLessThanOrEqual(20);
    // A pause, and one probe.
    expect(healedWithinMs).toBeLessThanOrEqual(1.1 * intervalMs + 2_100);
  },
);
