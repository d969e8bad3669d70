/**
 * What a scrape costs beside prom-client alone, which prints the same series from metrics that somebody has set.
 * The two, and prom-client a second time (A/A), take turns.
 */
import { createRequire } from 'node:module';
import { HealthController } from '../../dist/index.js';
import { prometheus } from '../../dist/prometheus.js';
import { cpuUs } from '../lib/cpu.js';
import { median, shuffled } from '../lib/statistics.js';

// The copy that allswell loads: another one would print by other code.
const { Counter, Gauge, Histogram, Registry } = createRequire(new URL('../../package.json', import.meta.url))(
  'prom-client',
);
const METRICS = { gauge: Gauge, counter: Counter, histogram: Histogram };

const { count, seconds = 2 } = JSON.parse(process.argv[2]);
const names = Array.from({ length: count }, (_, index) => `check-${index}`);

function ours(maxAgeMs) {
  const health = new HealthController();
  const metrics = prometheus(health, { registry: new Registry() });
  for (const name of names) health.register(name, () => undefined, { maxAgeMs });
  return metrics;
}

/** A registry with the same series and values, which nobody touches again. */
async function sameByHand(metrics) {
  const registry = new Registry();
  for (const { name, help, type, values } of await metrics.registry.getMetricsAsJSON()) {
    const labels = new Set(values.flatMap((value) => Object.keys(value.labels)));
    labels.delete('le');
    const bounds = values.map((value) => value.labels.le).filter((le) => typeof le === 'number');
    const buckets = type === 'histogram' ? { buckets: [...new Set(bounds)] } : {};
    const metric = new METRICS[type]({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      ...buckets,
    });
    if (labels.has('check') && type === 'histogram')
      for (const check of names) metric.observe({ check }, 0.00001);
    if (type === 'counter') for (const each of values) metric.inc(each.labels, each.value);
    if (type === 'gauge') for (const each of values) metric.set(each.labels, each.value);
  }
  return registry;
}

const fresh = ours(600_000);
const stale = ours(0);
const series = (text) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
const text = await fresh.metrics();
const byHand = await sameByHand(fresh);
const again = await sameByHand(fresh);
if (series(text) !== series(await byHand.metrics())) throw new Error('the series differ');

const scrapes = {
  byHand: () => byHand.metrics(),
  again: () => again.metrics(),
  fresh: () => fresh.metrics(),
  stale: () => stale.metrics(),
};
const times = Object.fromEntries(Object.keys(scrapes).map((name) => [name, []]));
// A scrape of few checks is too short for the clock of the CPU.
const batch = Math.ceil(500 / count);
const warm = performance.now() + seconds * 300;
const end = performance.now() + seconds * 1000;
while (performance.now() < end) {
  const isWarm = performance.now() > warm;
  for (const name of shuffled(Object.keys(scrapes))) {
    const start = cpuUs();
    for (let i = 0; i < batch; i++) await scrapes[name]();
    if (isWarm) times[name].push((cpuUs() - start) / batch);
  }
}
const ratio = (name) => median(times[name].map((time, i) => time / times.byHand[i]));
const result = {
  count,
  series: series(text),
  bytes: text.length,
  again: ratio('again'),
  fresh: ratio('fresh'),
  stale: ratio('stale'),
};
process.stdout.write(JSON.stringify(result), () => process.exit());
