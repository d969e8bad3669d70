/** The Express floor: the same bytes from a constant, as the first middleware. */
import { createServer } from 'node:http';
import express from 'express';
import { serve } from './common/serve.js';
import { body, headers } from './common/workload.js';

const app = express();
app.use((request, response, next) => {
  if (request.originalUrl !== '/health') return next();
  response.writeHead(200, headers);
  response.end(body);
});
await serve(createServer(app), '/health');
