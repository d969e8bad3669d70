import { load } from './load.js';
import { SPREAD, spread, table, verdict } from './markdown.js';
import { median, shuffled } from './statistics.js';
import { Target } from './target.js';

const CONNECTIONS = 8;

/**
 * Measures variants in interleaved rounds: in each round every server is loaded once, in an order that chance
 * makes, so that whatever else the machine does hits all of them alike. The figure is the server's CPU time per
 * request, as a ratio to the first variant of the same round.
 *
 * @returns {Promise<{ name: string, bound?: number, ratios: number[], p99s: number[] }[]>}
 */
export async function measureRounds(variants, workload, { rounds, seconds, log }) {
  const targets = [];
  try {
    for (const variant of variants) targets.push(await Target.start(variant, workload));
    for (const target of targets) await load(target.url, { connections: CONNECTIONS, seconds: 1 });
    const results = variants.map(({ name, bound }) => ({ name, bound, costs: [], p99s: [] }));
    for (let round = 1; round <= rounds; round++) {
      for (const index of shuffled([...targets.keys()])) {
        const { cost, p99Ms } = await measure(targets[index], seconds);
        results[index].costs.push(cost);
        results[index].p99s.push(p99Ms);
      }
      log(`round ${round} of ${rounds}`);
    }
    const floor = results[0].costs;
    return results.map((result) => ({ ...result, ratios: result.costs.map((cost, i) => cost / floor[i]) }));
  } finally {
    await Promise.all(targets.map((target) => target.stop()));
  }
}

async function measure(target, seconds) {
  const before = await target.cpu();
  const { requests, failures, p99Ms } = await load(target.url, { connections: CONNECTIONS, seconds });
  if (failures > 0 || !(requests > 0)) throw new Error(`${target.name}: ${failures} of ${requests} failed`);
  return { cost: ((await target.cpu()) - before) / requests, p99Ms };
}

/** The results as a table. */
export function ratioTable(results) {
  const rows = results.map(({ name, bound, ratios, p99s }) => [
    name,
    ...spread(ratios, 3),
    `${median(p99s).toFixed(2)} ms`,
    bound === undefined ? '' : verdict(ratios, bound, 3),
  ]);
  return table(['server', ...SPREAD, 'p99', 'bound'], rows);
}
