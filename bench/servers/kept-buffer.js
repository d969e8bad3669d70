/** By hand, with everything prepared: what the floor costs when somebody cares. */
import { createServer } from 'node:http';
import { serve } from './common/serve.js';
import { body, headers } from './common/workload.js';

const bytes = Buffer.from(body);
const list = Object.entries(headers).flat();
const server = createServer((request, response) => {
  if (request.url !== '/health') return void response.writeHead(404).end();
  response.writeHead(200, list);
  response.end(bytes);
});
await serve(server, '/health');
