import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { expect, test } from 'vitest';
import { type Child, start } from '../helpers/processes.ts';

function example(name: string): Child {
  const file = fileURLToPath(new URL(`../../build/examples/${name}.js`, import.meta.url));
  return start(process.execPath, [file], { env: { ...process.env, PORT: '0' } });
}

async function urlOf(child: Child): Promise<string> {
  const [, port] = await child.says(/listening on (\d+)/);
  return `http://127.0.0.1:${port}`;
}

test('express.ts answers health, metrics and the application', async () => {
  const agent = request(await urlOf(example('express')));
  const health = await agent.get('/api/v1/health');
  expect(health.status).toBe(200);
  expect(health.text).toMatch(
    /^\{"status":"degraded","checks":\{"memory":"ok","cache":"warning","uptime":\d+\}\}$/,
  );
  expect((await agent.get('/api/v1/health/live')).text).toBe('{"status":"healthy","checks":{"memory":"ok"}}');
  expect((await agent.get('/metrics')).text).toContain(
    'health_check_status{check="cache",status="warning"} 1',
  );
  expect((await agent.get('/')).text).toBe('hello');
});

test('node-http.ts answers health on paths of its own, and details to the loopback', async () => {
  const agent = request(await urlOf(example('node-http')));
  expect((await agent.get('/livez')).text).toBe('{"status":"healthy","checks":{"memory":"ok"}}');
  expect((await agent.get('/readyz')).text).toMatch(
    /^\{"status":"healthy","checks":\{"memory":"ok","uptime":\d+\}\}$/,
  );
  const verbose = await agent.get('/api/v1/health?verbose');
  expect(verbose.body.checks.memory).toMatchObject({ status: 'ok', unit: 'bytes' });
  expect((await agent.get('/other')).text).toBe('hello');
});

test('custom-checker.ts prints what its checks found', async () => {
  const child = example('custom-checker');
  expect(await child.ended).toEqual({ code: 0, signal: null });
  expect(
    child
      .output()
      .replaceAll(/127\.0\.0\.1:\d+/g, 'neighbour')
      .split('\n')
      .sort(),
  ).toEqual(
    [
      'allswell: Check `queue` is warning: 3 jobs are waiting',
      'allswell: Check `depth` is failing: http://neighbour/depth answered 500, expected 2xx',
      'allswell: Check `peer` is warning: http://neighbour/health answered 200 and says "degraded" (cache: warning)',
      'degraded',
      'config: ok',
      'files: ok',
      'depth: error (http://neighbour/depth answered 500, expected 2xx)',
      'peer: warning (http://neighbour/health answered 200 and says "degraded" (cache: warning))',
      'queue: warning (3 jobs are waiting)',
      '',
    ].sort(),
  );
});
