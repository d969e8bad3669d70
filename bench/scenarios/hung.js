/**
 * A check whose promise never settles, because a driver holds the callback: what the first probe gets, what the next
 * one gets, and what each of them leaves behind on the heap.
 */
import { setTimeout } from 'node:timers/promises';
import { table } from '../lib/markdown.js';
import { probe, probeMany } from '../lib/probe.js';
import { Target } from '../lib/target.js';
import { WITH_CHECKS } from '../lib/variants.js';

const PATIENCE_MS = 2000;
const PROBES = 2000;
const SERIES = 8;
const BYTES = 20;

/** What the measurement itself finds where nothing is kept: the A/A of this table. */
const CONSTANT = { name: 'a constant, no checks (A/A)', file: 'floor.js' };

export async function hung({ log }) {
  const rows = [];
  for (const variant of [...WITH_CHECKS, CONSTANT]) {
    const target = await Target.start(variant, { checks: 1, behaviour: 'hung' }, ['--expose-gc']);
    try {
      rows.push(await row(variant, target));
    } finally {
      await target.stop();
    }
    log(variant.name);
  }
  return table(['server', 'first answer', 'second answer', 'heap kept per probe', 'bound'], rows);
}

async function row({ name, isBounded }, target) {
  await target.hang();
  // Time for background checks to come round, and for what was kept to go stale.
  await setTimeout(1500);
  const first = await probe(target.url, PATIENCE_MS);
  const second = await probe(target.url, PATIENCE_MS);
  // Who has not answered in two seconds will not in less.
  const bytes = await bytesPerProbe(target, second.statusCode === undefined ? 50 : PATIENCE_MS);
  const isMet = first.statusCode === 503 && second.statusCode === 503 && second.ms < 100 && bytes < BYTES;
  const bound = isBounded ? `503 in time, then at once, < ${BYTES} B: ${isMet ? 'met' : '**missed**'}` : '';
  return [name, said(first), said(second), `${bytes.toFixed(1)} B`, bound];
}

/**
 * What is compiled at first takes heap once, and connections that are still closing take some of it until the next
 * series: so over many probes, after some that do not count.
 */
async function bytesPerProbe(target, patienceMs) {
  await probeMany(target.url, 2 * PROBES, patienceMs);
  const before = await target.heap();
  for (let i = 0; i < SERIES; i++) await probeMany(target.url, PROBES, patienceMs);
  return ((await target.heap()) - before) / SERIES / PROBES;
}

function said({ statusCode, ms }) {
  return statusCode === undefined
    ? `none in ${PATIENCE_MS / 1000} s`
    : `${statusCode} after ${ms.toFixed(0)} ms`;
}
