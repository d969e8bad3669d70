/** maikai, on node:http or Express, with its `minCacheMs` or without. */
import { createServer } from 'node:http';
import express from 'express';
import maikai from 'maikai';
import { serve } from './common/serve.js';
import { check, names, workload } from './common/workload.js';

const health = maikai();
const options = workload.cacheMs > 0 ? { minCacheMs: workload.cacheMs } : undefined;
for (const name of names) {
  const run = async () => {
    await check();
    return { status: 'pass' };
  };
  health.addCheck(name, 'up', run, options);
}
const MOUNTS = {
  node: () => {
    const handle = health.http();
    return (request, response) => {
      if (!handle(request, response)) response.end('application');
    };
  },
  express: () => express().use(health.express()),
};
await serve(createServer(MOUNTS[workload.variant]()), '/health');
