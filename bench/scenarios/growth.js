/** How costs grow with the number of checks, in a process of its own, run with `--expose-gc`. */
import { BaseCheck, HealthChecks, Result } from '@adonisjs/health';
import { History } from '../../build/modules/health/history.js';
import { HealthController } from '../../dist/index.js';
import { cpuUs } from '../lib/cpu.js';
import { median } from '../lib/statistics.js';

const { count, seconds = 0.25 } = JSON.parse(process.argv[2]);
const names = Array.from({ length: count }, (_, index) => `check-${index}`);

const logger = { info() {}, warn() {}, error() {} };

function controller(check, options) {
  const health = new HealthController({ logger });
  for (const name of names) health.register(name, check, options);
  return health;
}

/** Microseconds of CPU time per call, the median over batches. */
async function time(action) {
  const batch = Math.max(1, Math.ceil(5000 / count));
  const results = [];
  const warm = performance.now() + seconds * 1000;
  const end = warm + seconds * 1000;
  while (performance.now() < end) {
    const isWarm = performance.now() > warm;
    const start = cpuUs();
    for (let i = 0; i < batch; i++) await action();
    if (isWarm) results.push((cpuUs() - start) / batch);
  }
  return median(results);
}

async function used() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return process.memoryUsage().heapUsed;
}

/** What measured copies are kept in: a local variable may be garbage before its function ends. */
const copies = [];

/** Heap bytes per check of what `make` gives. */
async function kept(make) {
  const amount = Math.ceil(4000 / count);
  await make();
  copies.length = 0;
  const before = await used();
  for (let i = 0; i < amount; i++) copies.push(await make());
  return ((await used()) - before) / amount / count;
}

async function afterReport() {
  const health = controller(() => undefined);
  await health.report();
  return health;
}

class TrivialCheck extends BaseCheck {
  name = 'trivial';

  async run() {
    return Result.ok('ok');
  }
}

const atOnce = controller(() => undefined, { maxAgeMs: 0 });
const promised = controller(async () => undefined, { maxAgeMs: 0 });
const cached = controller(() => undefined, { maxAgeMs: 600_000 });
let flips = 0;
const flip = () => (flips++ % 2 === 0 ? { status: 'warning' } : undefined);
const flipping = controller(flip, { maxAgeMs: 0, failOn: 'error', groups: ['ready', 'edge', 'batch'] });
const adonis = new HealthChecks().register(names.map(() => new TrivialCheck()));
const check = async () => undefined;
const byHand = () =>
  Promise.all(
    names.map(async (name) => {
      await check();
      return { name, status: 'ok' };
    }),
  );

const result = {
  count,
  atOnceUs: (await time(() => atOnce.report())) / count,
  promisedUs: (await time(() => promised.report())) / count,
  byHandUs: (await time(byHand)) / count,
  adonisUs: (await time(() => adonis.run())) / count,
  cachedUs: await time(() => cached.report()),
  // One of them changes each time, and no other runs: what a result costs with that many checks in three groups.
  changeUs: await time(() => flipping.report('checks/check-0')),
  registeredBytes: await kept(() => controller(() => undefined)),
  reportedBytes: await kept(afterReport),
  historyBytes: await kept(() => names.map(() => new History())),
};
process.stdout.write(JSON.stringify(result), () => process.exit());
