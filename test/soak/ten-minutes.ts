import { expect, test } from 'vitest';
import { startCluster } from '../helpers/database.ts';
import { judge } from './judge.ts';
import { soak } from './soak.ts';

/** `npm run soak` runs for ten minutes, `npm run test:long` for one. */
const DURATION_MS = Number(process.env.SOAK_SECONDS ?? 600) * 1000;

/** Printed, to run the same faults in the same order again: `SOAK_SEED=… npm run soak`. */
const SEED = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 1e9));

test('probes, scrapes and faults at random leave heap, handles and pools as they were', {
  timeout: DURATION_MS + 300_000,
}, async () => {
  const cluster = await startCluster({ maxConnections: 24 });
  console.log(`seed ${SEED}`);
  const result = await soak(cluster, DURATION_MS, SEED, (line) => console.log(line));
  console.log(`${result.probes} probes, ${result.scrapes} scrapes`, Object.fromEntries(result.faults));
  expect(judge(result)).toEqual([]);
});
