import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { LOAD_CORE, output } from './process.js';

const WRK = spawnSync('wrk', ['-v']);
const HAS_WRK = WRK.error === undefined;

/** Which load generator is used, for the report. */
export const generator = HAS_WRK ? (/wrk (\S+)/.exec(String(WRK.stdout))?.[0] ?? 'wrk') : 'autocannon';

/** As kubelet asks. */
const HEADERS = ['Accept: */*', 'User-Agent: kube-probe/1.31'].flatMap((header) => ['-H', header]);

/**
 * Asks a server as fast as it answers, over some connections that stay open.
 *
 * @returns {Promise<{ requests: number, failures: number, p99Ms: number }>}
 */
export function load(url, { connections, seconds }) {
  return HAS_WRK ? wrk(url, connections, seconds) : autocannon(url, connections, seconds);
}

async function wrk(url, connections, seconds) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency', ...HEADERS, url];
  const text = await output(LOAD_CORE, 'wrk', args);
  const requests = Number(/(\d+) requests in/.exec(text)?.[1]);
  const failures = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  const [, value, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  return { requests, failures, p99Ms: Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit] };
}

async function autocannon(url, connections, seconds) {
  const script = createRequire(import.meta.url).resolve('autocannon');
  const args = [script, '--json', '-c', String(connections), '-d', String(seconds), ...HEADERS, url];
  const result = JSON.parse(await output(LOAD_CORE, process.execPath, args));
  const requests = result['2xx'] + result.non2xx;
  return { requests, failures: result.non2xx, p99Ms: result.latency.p99 };
}
