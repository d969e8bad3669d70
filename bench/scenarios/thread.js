/**
 * The listener in a thread: what a probe costs the main thread, and how soon it answers while that is busy, beside a bare
 * `node:http` server in a process of its own next to the same busy loop.
 */
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mainThreadUs } from '../lib/cpu.js';
import { table } from '../lib/markdown.js';
import { MEASURED_CORE, start } from '../lib/process.js';
import { median } from '../lib/statistics.js';

const PROGRAM = fileURLToPath(new URL('../servers/threaded.js', import.meta.url));
const PROBES = 10_000;
/** Of a blocked loop, the first second asks it and is not counted. */
const NOTICED_MS = 1200;
const BLOCK_MS = 4000;
const PAUSE_MS = 20;

async function launch(kind, core) {
  const child = start(core, process.execPath, [PROGRAM, kind], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ port }] = await once(child, 'message');
  return { child, port };
}

function ask(port, path, agent) {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      response.resume();
      response.on('end', () => resolve({ ms: performance.now() - from, statusCode: response.statusCode }));
    }).on('error', reject);
  });
}

async function cpuPerProbe(kind) {
  const { child, port } = await launch(kind, MEASURED_CORE);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const path = '/healthz';
  for (let index = 0; index < 500; index++) await ask(port, path, agent);
  const from = performance.now();
  const before = mainThreadUs(child);
  for (let index = 0; index < PROBES; index++) await ask(port, path, agent);
  const busyUs = mainThreadUs(child) - before;
  const idleFrom = mainThreadUs(child);
  await wait(performance.now() - from);
  const idleUs = mainThreadUs(child) - idleFrom;
  agent.destroy();
  child.kill('SIGKILL');
  return (busyUs - idleUs) / PROBES;
}

/** The median time of an answer while a loop is busy on the same core, in milliseconds. */
async function busyLatency(kind) {
  const busy = await launch(kind === 'bare' ? 'plain' : 'thread', MEASURED_CORE);
  const asked = kind === 'bare' ? await launch('bare', MEASURED_CORE) : busy;
  await ask(asked.port, '/livez');
  busy.child.send({ ms: BLOCK_MS });
  await wait(NOTICED_MS);
  const times = [];
  const until = performance.now() + BLOCK_MS - NOTICED_MS - 500;
  while (performance.now() < until) {
    const { ms, statusCode } = await ask(asked.port, '/livez');
    if (statusCode !== 200) throw new Error(`Expected 200 from ${kind}, got ${statusCode}`);
    times.push(ms);
    await wait(PAUSE_MS);
  }
  for (const { child } of new Set([busy, asked])) child.kill('SIGKILL');
  return median(times);
}

export async function thread({ rounds, log }) {
  const costs = [];
  for (const kind of ['thread', 'plain']) costs.push([kind, await cpuPerProbe(kind)]);
  log('cost');
  const ratios = [];
  const same = [];
  for (let round = 0; round < Math.max(rounds, 1); round++) {
    const bare = await busyLatency('bare');
    ratios.push((await busyLatency('thread')) / bare);
    same.push((await busyLatency('bare')) / bare);
    log(`round ${round + 1}`);
  }
  const names = { thread: 'with `thread: true`', plain: 'without' };
  return [
    table(
      ['listener', 'main thread per cached probe', 'bound'],
      costs.map(([kind, us]) => [
        names[kind],
        `${us.toFixed(2)} µs`,
        kind === 'thread' ? verdict(us < 1, '< 1 µs') : '',
      ]),
    ),
    table(
      ['while a loop is busy on the same core', 'median ÷ a bare server in a process of its own', 'bound'],
      [
        ['a listener in a thread', median(ratios).toFixed(2), verdict(median(ratios) <= 1.2, '≤ 1.2')],
        ['the bare server again (A/A)', median(same).toFixed(2), ''],
      ],
    ),
  ].join('\n\n');
}

function verdict(isMet, bound) {
  return `${bound}: ${isMet ? 'met' : '**missed**'}`;
}
