/** fastify-healthcheck: under-pressure checks in the background, the route answers from what it found. */
import fastify from 'fastify';
import healthcheck from 'fastify-healthcheck';
import { announce } from './common/serve.js';
import { check, names, workload } from './common/workload.js';

const app = fastify();
await app.register(healthcheck, {
  underPressureOptions: {
    healthCheckInterval: Math.max(workload.cacheMs, 500),
    healthCheck: async () => {
      await Promise.all(names.map(() => check()));
      return true;
    },
  },
});
await app.listen({ port: 0, host: '127.0.0.1' });
announce(app.server.address().port, '/health');
