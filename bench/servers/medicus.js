/** medicus: for each request, or in the background with the last result for an answer (`?last=true`). */
import { createServer } from 'node:http';
import { Medicus } from 'medicus';
import { createHttpHealthCheckHandler } from 'medicus/http.js';
import { serve } from './common/serve.js';
import { check, names, workload } from './common/workload.js';

const isBackground = workload.variant === 'background';
const medicus = new Medicus({
  checkers: Object.fromEntries(names.map((name) => [name, async () => check()])),
  ...(isBackground ? { backgroundCheckInterval: workload.cacheMs, eagerBackgroundCheck: true } : {}),
});
const handle = createHttpHealthCheckHandler(medicus);
const server = createServer((request, response) => {
  if (!request.url.startsWith('/health')) return void response.writeHead(404).end();
  handle(new URL(request.url, 'http://localhost').searchParams, response);
});
await serve(server, isBackground ? '/health?last=true' : '/health');
