/**
 * What a cached answer costs the main thread once its stack has been taken a hundred times: a debugger that was switched on and
 * off must leave no slow code behind. A second process of the same kind, which never stalls, is measured next to it.
 */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mainThreadUs } from '../lib/cpu.js';
import { load } from '../lib/load.js';
import { SPREAD, spread, table } from '../lib/markdown.js';
import { MEASURED_CORE, start } from '../lib/process.js';
import { shuffled, summarise } from '../lib/statistics.js';

const PROGRAM = fileURLToPath(new URL('../servers/threaded.js', import.meta.url));
const STALLS = 100;
/** A stall is noticed after a second, and its stack is there a moment later. */
const BLOCK_MS = 1500;
const CONNECTIONS = 8;

async function launch() {
  const child = start(MEASURED_CORE, process.execPath, [PROGRAM, 'captured'], {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const [{ port }] = await once(child, 'message');
  return { child, url: `http://127.0.0.1:${port}/healthz`, said: () => text };
}

/** CPU time of the main thread per answer, in microseconds. */
async function cost({ child, url }, seconds) {
  const before = mainThreadUs(child);
  const { requests, failures } = await load(url, { connections: CONNECTIONS, seconds });
  if (failures > 0 || !(requests > 0)) throw new Error(`${failures} of ${requests} failed`);
  return (mainThreadUs(child) - before) / requests;
}

/** What the first costs in terms of the second, once a round. */
async function ratios(targets, { rounds, seconds }, log) {
  const all = [];
  for (let round = 1; round <= rounds; round++) {
    const costs = [];
    for (const index of shuffled([0, 1])) costs[index] = await cost(targets[index], seconds);
    all.push(costs[0] / costs[1]);
    log(`round ${round} of ${rounds}`);
  }
  return all;
}

/** Blocks the loop until its stack has been taken that many times. @returns how often it named the function */
async function stall({ child, said }) {
  for (let count = 1; count <= STALLS; count++) {
    child.send({ ms: BLOCK_MS });
    await once(child, 'message');
    // It has to turn for a moment: what begins again at once is the same stall.
    await wait(300);
  }
  return said().match(/^allswell: event loop blocked for \S+ s in block \(/gm)?.length ?? 0;
}

export async function captures({ rounds, seconds, log }) {
  const targets = [await launch(), await launch()];
  for (const target of targets) await cost(target, 2);
  const before = await ratios(targets, { rounds, seconds }, (text) => log(`before: ${text}`));
  const taken = await stall(targets[0]);
  log(`${taken} stacks`);
  const after = await ratios(targets, { rounds, seconds }, (text) => log(`after: ${text}`));
  for (const { child } of targets) child.kill('SIGKILL');
  const { highest } = summarise(before);
  const { median } = summarise(after);
  return table(
    ['main thread per cached answer ÷ a process that never stalled', ...SPREAD, 'bound'],
    [
      ['before (A/A)', ...spread(before, 3), ''],
      [
        `after ${STALLS} stalls, of which ${taken} named the function`,
        ...spread(after, 3),
        `within the A/A: ${median <= highest ? 'met' : '**missed**'}`,
      ],
    ],
  );
}
