/**
 * What many scrapes and pages at once cost: how long a prober waits while one socket has 1 500 of them pipelined, beside as many
 * requests to a route of no cost; what a hundred scrapes side by side cost, beside one rendering and a bare server that sends the
 * same bytes; and what they leave on the heap.
 */
import net from 'node:net';
import { SPREAD, spread, table, verdict } from '../lib/markdown.js';
import { probe } from '../lib/probe.js';
import { shuffled } from '../lib/statistics.js';
import { Target } from '../lib/target.js';

const PIPELINED = 1500;
const CHECKS = 50;
const CONCURRENT = 100;
const PATIENCE_MS = 30_000;
const KEPT_MB = 5;

const get = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: bench\r\n${more}\r\n`;

/** Sends requests over one socket at once and waits until the server has answered all of them and closed. */
function flood(url, path, count) {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.write(get(path).repeat(count - 1) + get(path, 'Connection: close\r\n'));
  });
}

/** The longest that a prober waited while the flood lasted, in milliseconds. */
async function longestWait(target, path) {
  let isOver = false;
  const flooding = flood(target.url, path, PIPELINED).then(() => {
    isOver = true;
  });
  let longest = 0;
  do {
    const { statusCode, ms } = await probe(`${target.url}/live`, PATIENCE_MS);
    if (statusCode !== 200) throw new Error(`liveness was answered ${statusCode} during ${path}`);
    longest = Math.max(longest, ms);
  } while (!isOver);
  await flooding;
  return longest;
}

/** CPU time of the server for some work, in microseconds. */
async function cost(target, work) {
  const before = await target.cpu();
  await work();
  return (await target.cpu()) - before;
}

const sideBySide = (target, path, count) =>
  Promise.all(Array.from({ length: count }, () => flood(target.url, path, 1)));

export async function floods({ rounds, log }) {
  const ours = await Target.start({ name: 'allswell', file: 'scraped.js' }, { checks: CHECKS }, [
    '--expose-gc',
  ]);
  const bare = await Target.start({ name: 'bare', file: 'scraped.js' }, { checks: CHECKS, variant: 'bare' });
  try {
    const waits = await measureWaits(ours, rounds, log);
    const scrapes = await measureScrapes(ours, bare, rounds, log);
    const kept = await heapKept(ours);
    return [waits, scrapes, kept].join('\n\n');
  } finally {
    await ours.stop();
    await bare.stop();
  }
}

const FLOODS = {
  'a route of no cost, again (A/A)': '/trivial?again',
  scrapes: '/metrics',
  'pages with details': '/health?format=html&verbose',
  'JSON with details': '/health?verbose',
};

async function measureWaits(target, rounds, log) {
  const names = Object.keys(FLOODS);
  for (const name of names) await longestWait(target, FLOODS[name]);
  const ratios = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    const trivial = await longestWait(target, '/trivial');
    for (const name of shuffled(names))
      ratios[name].push((await longestWait(target, FLOODS[name])) / trivial);
    log(`waits, round ${round}`);
  }
  const rows = names.map((name) => [
    name,
    ...spread(ratios[name], 2),
    name === 'scrapes' ? verdict(ratios[name], 2) : '',
  ]);
  return `${table([`${PIPELINED} pipelined`, ...SPREAD, 'bound'], rows)}\n\nThe longest wait of a prober ÷ the same beside a route of no cost.`;
}

async function measureScrapes(ours, bare, rounds, log) {
  const ratios = [];
  const again = [];
  for (let round = 0; round <= rounds; round++) {
    const one = await cost(ours, () => sideBySide(ours, '/metrics', 1));
    const sending = await cost(bare, () => sideBySide(bare, '/metrics', CONCURRENT));
    const twice = await cost(bare, () => sideBySide(bare, '/metrics', CONCURRENT));
    const all = await cost(ours, () => sideBySide(ours, '/metrics', CONCURRENT));
    // The first one compiles.
    if (round === 0) continue;
    ratios.push((all - one) / sending);
    again.push(twice / sending);
    log(`scrapes, round ${round}`);
  }
  const rows = [
    [`${CONCURRENT} scrapes side by side, less one rendering`, ...spread(ratios, 2), verdict(ratios, 1.2)],
    ['the bare server again (A/A)', ...spread(again, 2), ''],
  ];
  return `${table(['CPU time ÷ a bare server with those bytes', ...SPREAD, 'bound'], rows)}`;
}

async function heapKept(target) {
  await longestWait(target, '/metrics');
  const before = await target.heap();
  for (let count = 0; count < 3; count++) await longestWait(target, '/metrics');
  await sideBySide(target, '/metrics', CONCURRENT);
  const megabytes = ((await target.heap()) - before) / 1_000_000;
  return `Heap after 4 500 pipelined scrapes and ${CONCURRENT} side by side: ${megabytes.toFixed(1)} MB more (≤ ${KEPT_MB}: ${
    megabytes <= KEPT_MB ? 'met' : '**missed**'
  }).`;
}
