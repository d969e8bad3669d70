/** By hand, as most services do it: run everything, print it. */
import { createServer } from 'node:http';
import { serve } from './common/serve.js';
import { check, names } from './common/workload.js';

async function health() {
  const checks = {};
  let isHealthy = true;
  await Promise.all(
    names.map(async (name) => {
      try {
        await check();
        checks[name] = 'ok';
      } catch {
        checks[name] = 'error';
        isHealthy = false;
      }
    }),
  );
  return { isHealthy, checks };
}

const server = createServer(async (request, response) => {
  if (request.url !== '/health') return void response.writeHead(404).end();
  const { isHealthy, checks } = await health();
  const text = JSON.stringify({ status: isHealthy ? 'healthy' : 'unhealthy', checks });
  response.writeHead(isHealthy ? 200 : 503, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Accept',
  });
  response.end(text);
});
await serve(server, '/health');
