/** Checkers of your own: a bare function, one that asks over HTTP, and one in the background. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Checker, error, HealthController, ok, warning } from 'allswell';

/** Asks another service. `signal` ends the request when the time of the check is over. */
function upstream(url: string): Checker {
  return {
    kind: 'dependency',
    async check({ signal }) {
      const response = await fetch(url, { signal });
      if (!response.ok)
        return error(`${url} answered ${response.status}, expected 2xx`, { code: `HTTP_${response.status}` });
      return ok();
    },
  };
}

const jobs: string[] = ['a', 'b', 'c'];

const neighbour = createServer((_request, response) => {
  response.statusCode = 500;
  response.end();
}).listen(0, '127.0.0.1');
await new Promise((resolve) => neighbour.once('listening', resolve));
const { port } = neighbour.address() as AddressInfo;

const health = new HealthController()
  // Nothing is ok; whatever is thrown is an error with its message.
  .register('config', () => {
    if (process.env.HOME === undefined) throw new Error('HOME is not set');
  })
  // Shown, but it takes no instance out of service.
  .register('upstream', upstream(`http://127.0.0.1:${port}/`), { failOn: 'never' })
  // Runs in the background every 30 s; probes read its last result and never wait.
  .register(
    'queue',
    () =>
      jobs.length > 2 ? warning(`${jobs.length} jobs wait`, { value: jobs.length, unit: 'count' }) : ok(),
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
