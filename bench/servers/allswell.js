/** allswell, mounted in each of its ways. */
import { createServer } from 'node:http';
import express from 'express';
import { attach, HealthController, middleware } from '../../dist/index.js';
import { serve } from './common/serve.js';
import { check, names, workload } from './common/workload.js';

const health = new HealthController();
for (const name of names) health.register(name, check, { maxAgeMs: workload.cacheMs });

const MOUNTS = {
  node: () => createServer(middleware(health, { path: '/health' })),
  express: () => createServer(express().use(middleware(health, { path: '/health' }))),
  attached: () => {
    const server = createServer(express().use((_request, response) => response.end('application')));
    attach(server, health, { path: '/health' });
    return server;
  },
};
await serve(MOUNTS[workload.variant](), '/health');
