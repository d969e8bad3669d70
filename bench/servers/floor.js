/** The floor: the same bytes as allswell, from a constant, as anybody would write it. */
import { createServer } from 'node:http';
import { serve } from './common/serve.js';
import { body, headers } from './common/workload.js';

const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
await serve(server, '/health');
