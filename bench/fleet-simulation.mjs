/**
 * How many database queries a fleet's health checks cause: the real engine of every instance, on a virtual clock, under
 * probers with phases of their own. Prints the table of docs/deploy.md: npm run bench:fleet
 */
import { HealthController } from '../dist/index.js';

/** What the probers ask every instance: each of them in its own rhythm, this often. */
const periodMs = 2000;
/** How long the database takes to answer. */
const queryMs = 5;
/** Two periods to settle, then ten to count. */
const warmUpMs = 2 * periodMs;
const countedMs = 10 * periodMs;
/** The default of every check. */
const MAX_AGE_MS = 1000;
const QUIET = { info() {}, warn() {}, error() {} };

/** Time that moves when it is told to; timers fire on the way. */
class VirtualClock {
  time = 0;
  timers = new Set();
  now = () => this.time;
  epochMs = () => this.time;
  setTimeout = (callback, delayMs) => {
    const timer = { at: this.time + delayMs, callback };
    this.timers.add(timer);
    return timer;
  };
  clearTimeout = (timer) => void this.timers.delete(timer);

  /** Moves on to a moment, and lets what was waited for happen. */
  async moveTo(moment) {
    for (let next = this.#next(moment); next !== undefined; next = this.#next(moment)) {
      this.timers.delete(next);
      this.time = next.at;
      next.callback();
      // A promise of the checker and one of the runner stand between a timer and its result.
      for (let hop = 0; hop < 4; hop++) await undefined;
    }
    this.time = moment;
  }

  #next(moment) {
    let next;
    for (const timer of this.timers)
      if (timer.at <= moment && (next === undefined || timer.at < next.at)) next = timer;
    return next;
  }
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Queries of one instance while they are counted. */
async function simulateInstance(probers, next) {
  const clock = new VirtualClock();
  let queries = 0;
  const health = new HealthController({ clock }).register('database', () => {
    if (clock.now() >= warmUpMs) queries++;
    return new Promise((resolve) => clock.setTimeout(resolve, queryMs));
  });
  const phases = Array.from({ length: probers }, () => next() * periodMs).sort((a, b) => a - b);
  for (let period = 0; period < warmUpMs + countedMs; period += periodMs) {
    for (const phase of phases) {
      await clock.moveTo(period + phase);
      void health.report();
    }
  }
  return queries;
}

/**
 * @param {{ instances: number, probers: number }} fleet every prober asks every instance
 * @returns {Promise<number>} queries a second that reach the database, for one check
 */
export async function simulateFleet({ instances, probers }) {
  const next = random(probers);
  let queries = 0;
  // One after the other: instances know nothing of each other, and so there may be any number of them.
  for (let instance = 0; instance < instances; instance++) queries += await simulateInstance(probers, next);
  return queries / (countedMs / 1000);
}

/**
 * The formula of docs/deploy.md: each probe asks once at most, and a result answers for `maxAgeMs`.
 * @returns {number} the most queries a second that a fleet can cause, for one check
 */
export function mostQueries({ instances, probers }) {
  return instances * Math.min(probers / (periodMs / 1000), 1000 / MAX_AGE_MS);
}

/** The numbers of probers of the table's columns. */
export const proberCounts = [1, 3, 10];

/** One row of the table, as it stands in docs/deploy.md. */
export async function tableRow(instances) {
  const cells = [];
  for (const probers of proberCounts) {
    const queries = await simulateFleet({ instances, probers });
    cells.push(`${format(queries)} (${format(mostQueries({ instances, probers }))})`);
  }
  return `| ${format(instances)} | ${cells.join(' | ')} |`;
}

/** `75 000`, `7.5`. */
function format(number) {
  const rounded = number >= 100 ? Math.round(number) : Number(number.toFixed(1));
  return String(rounded).replace(/\B(?=(?:\d{3})+$)/g, ' ');
}

/**
 * A shared database that goes down for a while: what the instances ask meanwhile, and in the first second after it heals.
 *
 * @param {{ instances: number, options: object, downMs: number }} fleet `options` are those of the check
 * @returns {Promise<{ well: number, down: number, firstSecond: number, most: number, healedWithinMs: number }>} queries a
 *   second of the whole fleet, the most that one instance asked in a minute of the outage, and when the last instance was ok again
 */
export async function simulateOutage({ instances, options, downMs }) {
  const next = random(instances);
  const healthyMs = 120_000;
  const totals = { well: 0, down: 0, firstSecond: 0, most: 0, healedWithinMs: 0 };
  for (let instance = 0; instance < instances; instance++) {
    const asked = await simulateInstanceOutage({ next, options, downMs, healthyMs });
    totals.well += asked.well / ((2 * healthyMs) / 1000);
    totals.down += asked.down / (downMs / 1000);
    totals.firstSecond += asked.firstSecond;
    totals.most = Math.max(totals.most, asked.most);
    totals.healedWithinMs = Math.max(totals.healedWithinMs, asked.healedAfterMs);
  }
  return totals;
}

async function simulateInstanceOutage({ next, options, downMs, healthyMs }) {
  const clock = new VirtualClock();
  const healsAt = healthyMs + downMs;
  const asked = { well: 0, down: 0, firstSecond: 0, most: 0, healedAfterMs: Number.POSITIVE_INFINITY };
  const perMinute = new Map();
  const count = (at) => {
    if (at < healthyMs || at >= healsAt + healthyMs / 2) asked.well++;
    else if (at < healsAt) {
      asked.down++;
      const minute = Math.floor((at - healthyMs) / 60_000);
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
    } else if (at < healsAt + 1000) asked.firstSecond++;
  };
  const health = new HealthController({ clock, logger: QUIET }).register(
    'database',
    () => {
      const at = clock.now();
      count(at);
      if (at >= healthyMs && at < healsAt) return Promise.reject(new Error('connection refused'));
      return new Promise((resolve) => clock.setTimeout(resolve, queryMs));
    },
    options,
  );
  health.on('checkChange', ({ after }) => {
    if (after.status === 'ok' && clock.now() >= healsAt) asked.healedAfterMs = clock.now() - healsAt;
  });
  for (let at = next() * periodMs; at < healsAt + 1.5 * healthyMs; at += periodMs) {
    await clock.moveTo(at);
    void health.report();
  }
  asked.most = Math.max(...perMinute.values());
  return asked;
}

/** What the outage is tried with: the defaults, a long `maxAgeMs`, and a long `intervalMs`. */
export const outageOptions = [{}, { maxAgeMs: 30_000 }, { intervalMs: 60_000 }];

if (process.argv[1] === import.meta.filename) {
  for (const instances of [10, 1000, 100_000]) console.log(await tableRow(instances));
  console.log('\n500 instances, their database down for 10 minutes: queries a second');
  for (const options of outageOptions) {
    const { well, down, firstSecond, healedWithinMs } = await simulateOutage({
      instances: 500,
      options,
      downMs: 600_000,
    });
    const figures = `well ${format(well)}, down ${format(down)}, in the first second after the healing ${firstSecond}`;
    console.log(
      `${JSON.stringify(options)}: ${figures}; all ok again after ${(healedWithinMs / 1000).toFixed(1)} s`,
    );
  }
}
