/** @adonisjs/health: a report to be printed by hand. Its cache has whole seconds, and runs are not shared. */
import { createServer } from 'node:http';
import { BaseCheck, HealthChecks, Result } from '@adonisjs/health';
import { serve } from './common/serve.js';
import { check, names, workload } from './common/workload.js';

class OneCheck extends BaseCheck {
  constructor(name) {
    super();
    this.name = name;
  }

  async run() {
    await check();
    return Result.ok('ok');
  }
}

const checks = names.map((name) => new OneCheck(name));
if (workload.cacheMs > 0) for (const each of checks) each.cacheFor(workload.cacheMs / 1000);
const health = new HealthChecks().register(checks);

const server = createServer(async (request, response) => {
  if (request.url !== '/health') return void response.writeHead(404).end();
  const report = await health.run();
  const text = JSON.stringify(report);
  response.writeHead(report.isHealthy ? 200 : 503, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
});
await serve(server, '/health');
