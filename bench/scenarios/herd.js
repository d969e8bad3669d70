/** Many probes at once against a check that takes 50 ms: how often it runs, and how often side by side. */
import { load } from '../lib/load.js';
import { table } from '../lib/markdown.js';
import { Target } from '../lib/target.js';
import { WITH_CHECKS } from '../lib/variants.js';

const CONNECTIONS = 100;
const SECONDS = 5;

export async function herd({ log }) {
  const rows = [];
  for (const variant of WITH_CHECKS) {
    const target = await Target.start(variant, { checks: 1, behaviour: 'slow' });
    try {
      const before = await target.runs();
      const { requests, p99Ms } = await load(target.url, { connections: CONNECTIONS, seconds: SECONDS });
      const { started, most } = await target.runs();
      const runs = started - before.started;
      const isMet = runs <= SECONDS && most === 1;
      const bound = variant.isBounded ? `≤ ${SECONDS} runs, 1 at once: ${isMet ? 'met' : '**missed**'}` : '';
      rows.push([variant.name, runs, most, requests, `${p99Ms.toFixed(1)} ms`, bound]);
    } finally {
      await target.stop();
    }
    log(variant.name);
  }
  return table(['server', 'runs started', 'most at once', 'answers', 'p99', 'bound'], rows);
}
