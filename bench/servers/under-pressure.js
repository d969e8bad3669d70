/** @fastify/under-pressure: the check runs for each request of its status route. */
import underPressure from '@fastify/under-pressure';
import fastify from 'fastify';
import { announce } from './common/serve.js';
import { check, names } from './common/workload.js';

const app = fastify();
await app.register(underPressure, {
  exposeStatusRoute: '/health',
  healthCheck: async () => {
    await Promise.all(names.map(() => check()));
    return true;
  },
});
await app.listen({ port: 0, host: '127.0.0.1' });
announce(app.server.address().port, '/health');
