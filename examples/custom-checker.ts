/** Custom checkers: a bare function, one that asks over HTTP and reads the answer, and one in the background. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Checker, error, HealthController, ok, warning } from 'allswell';
import { http, ping } from 'allswell/checkers';

/** The length of another service's queue. `signal` aborts the request when the check's time is up. */
function queueDepth(url: string): Checker {
  return {
    kind: 'dependency',
    async check({ signal, setTimeoutMessage }) {
      setTimeoutMessage(`no answer from ${url}`);
      const response = await fetch(url, { signal });
      const text = await response.text();
      if (!response.ok)
        return error(`${url} answered ${response.status}, expected 2xx`, { code: `HTTP_${response.status}` });
      const depth = Number(text);
      // Number('') is 0, and no comparison with NaN is true: anything but digits would pass for a short queue.
      if (!/^\d+$/.test(text)) return error(`${url} answered ${JSON.stringify(text)}, expected a number`);
      if (depth > 10_000) return warning(`${depth} jobs are waiting, expected at most 10000`);
      return ok(undefined, { value: depth, unit: 'count' });
    },
  };
}

const jobs: string[] = ['a', 'b', 'c'];

const neighbour = createServer((request, response) => {
  response.statusCode = request.url === '/depth' ? 500 : 200;
  response.end(request.url === '/depth' ? 'oops' : '{"status":"degraded","checks":{"cache":"warning"}}');
}).listen(0, '127.0.0.1');
await new Promise((resolve) => neighbour.once('listening', resolve));
const { port } = neighbour.address() as AddressInfo;

const health = new HealthController()
  // Returning nothing means ok; anything thrown is an error with its message.
  .register('config', () => {
    if (process.env.HOME === undefined) throw new Error('HOME is not set');
  })
  // The return value is ignored: for queries whose success is enough.
  .register(
    'files',
    ping(() => jobs.length),
  )
  // Shown, but never takes an instance out of service.
  .register('depth', queueDepth(`http://127.0.0.1:${port}/depth`), { failOn: 'never' })
  // This checker is enough for most services. It reads the peer's health report.
  .register('peer', http(`http://127.0.0.1:${port}/health`))
  // Runs in the background every 30 s; probes read its last result and never wait.
  .register(
    'queue',
    () =>
      jobs.length > 2
        ? warning(`${jobs.length} jobs are waiting`, { value: jobs.length, unit: 'count' })
        : ok(),
    {
      failOn: 'error',
      intervalMs: 30_000,
    },
  );

const report = await health.report();
console.log(report.status);
for (const check of Object.values(report.checks)) {
  console.log(`${check.name}: ${check.status}${check.message === undefined ? '' : ` (${check.message})`}`);
}
await health.close();
neighbour.close();
neighbour.closeAllConnections();
