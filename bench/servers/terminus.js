/** @godaddy/terminus: no cache, and one function for all checks. */
import { createServer } from 'node:http';
import terminus from '@godaddy/terminus';
import { serve } from './common/serve.js';
import { check, names } from './common/workload.js';

const server = createServer((_request, response) => response.end('application'));
terminus.createTerminus(server, {
  healthChecks: { '/health': () => Promise.all(names.map(() => check())) },
});
await serve(server, '/health');
