/** allswell with metrics and details, next to a route of no cost; or (`variant: 'bare'`) the same bytes of metrics from a constant. */
import { createServer } from 'node:http';
import { HealthController, middleware } from '../../dist/index.js';
import { prometheus } from '../../dist/prometheus.js';
import { serve } from './common/serve.js';
import { check, names, workload } from './common/workload.js';

const health = new HealthController();
for (const name of names) health.register(name, check, { maxAgeMs: 600_000 });
const metrics = prometheus(health);
// The page shows the last sixty results of each.
for (let run = 0; run < 60; run++) await health.report();
const bytes = Buffer.from(await metrics.metrics());
const headers = {
  'Content-Type': metrics.contentType,
  'Content-Length': bytes.length,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Accept',
};

const handle = middleware(health, { path: '/health', metrics, details: 'always' });
const application = (_request, response) => response.end('application');
const bare = (_request, response) => response.writeHead(200, headers).end(bytes);
await serve(
  createServer(
    workload.variant === 'bare'
      ? bare
      : (request, response) => handle(request, response, () => application(request, response)),
  ),
  '/health',
);
