import { expect, test } from 'vitest';
import type { CheckFunction } from '../../src/health/checker.ts';
import { HealthController } from '../../src/health/controller.ts';
import { error } from '../../src/health/result.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { gate, memoryLogger } from '../helpers/health.ts';
import type { Client, World } from '../helpers/worlds.ts';

export const HEALTHY = '{"status":"healthy","checks":{"database":"ok","memory":"ok","uptime":4242}}';
const DOWN = '{"status":"unhealthy","checks":{"database":"error","memory":"ok","uptime":4242}}';
const PATH = '/api/v1/health';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

export function serviceHealth(database: CheckFunction = () => undefined): HealthController {
  return new HealthController({ logger: memoryLogger() })
    .register('database', database)
    .register('memory', { kind: 'process', check: () => undefined })
    .register('uptime', {
      kind: 'process',
      display: 'value',
      check: () => ({ status: 'ok', value: 4242, unit: 'seconds' }),
    });
}

const down: CheckFunction = () => error('connect ECONNREFUSED', { code: 'ECONNREFUSED' });

/** What holds wherever health is mounted. */
export function contract(world: World): void {
  const open = async (database?: CheckFunction, options?: HttpOptions): Promise<Client> =>
    world.open(serviceHealth(database), options);

  test('a healthy service answers 200 with exactly the wire contract and its headers', async () => {
    const ask = await open();
    for (const path of [PATH, `${PATH}/ready`]) {
      const answer = await ask(path);
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(HEALTHY);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(HEALTHY.length),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        vary: expect.stringMatching(/\bAccept(?:,|$)/),
      });
      expect(answer.headers).not.toHaveProperty('etag');
      expect(answer.headers).not.toHaveProperty('transfer-encoding');
    }
  });

  test('a check that fails is 503, also after a wait, and keeps the reason to itself', async () => {
    const wait = gate<void>();
    const ask = await open(async (context) => {
      await wait.promise;
      return down(context);
    });
    const answer = ask(PATH);
    setImmediate(() => wait.open());
    expect(await answer).toMatchObject({ status: 503, text: DOWN });
  });

  test('every group and every single check has its path, whatever the query', async () => {
    const ask = await open(undefined, { paths: { '/livez': 'live' } });
    for (const [path, text] of [
      [`${PATH}/`, HEALTHY],
      [`${PATH}?x=1`, HEALTHY],
      [`${PATH}/live`, '{"status":"healthy","checks":{}}'],
      [`${PATH}/startup/`, '{"status":"healthy","checks":{}}'],
      [`${PATH}/checks/database?x`, '{"status":"healthy","checks":{"database":"ok"}}'],
      ['/livez', '{"status":"healthy","checks":{}}'],
    ] as const)
      expect(await ask(path), path).toMatchObject({ status: 200, text });
  });

  test('what is not ours goes to the application untouched', async () => {
    const ask = await open();
    for (const path of ['/', `${PATH}y`, `${PATH}/nope`, `${PATH}/all`, '/metrics', `/other?next=${PATH}`])
      expect(await ask(path), path).toMatchObject({ status: 418, text: 'application' });
    expect((await ask('/orders', { method: 'POST', body: '{"a":1}' })).status).toBe(418);
  });

  test('HEAD has the same code and headers and no body', async () => {
    const ask = await open(down);
    const answer = await ask(PATH, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 503, text: '' });
    expect(answer.headers['content-length']).toBe(String(DOWN.length));
  });

  test('OPTIONS answers with the health code, and that of a browser goes to the application', async () => {
    const ask = await open(down);
    expect(await ask(PATH, { method: 'OPTIONS' })).toMatchObject({ status: 503, text: DOWN });
    const headers = { Origin: 'https://a.example', 'Access-Control-Request-Method': 'GET' };
    expect((await ask(PATH, { method: 'OPTIONS', headers })).status).toBe(418);
  });

  test('other methods are 405', async () => {
    const ask = await open();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await ask(PATH, { method });
      expect(answer).toMatchObject({
        status: 405,
        text: '{"error":"method not allowed","allow":"GET, HEAD, OPTIONS"}',
      });
      expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
    }
  });

  test('a browser gets the page, with its policy', async () => {
    const ask = await open(down);
    const page = await ask(PATH, { headers: { Accept: BROWSER } });
    expect(page.status).toBe(503);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain('<h1 class="bad">Unhealthy</h1>');
    expect(page.text).not.toContain('ECONNREFUSED');
  });

  test('details are shown to those whom the policy, asynchronous or not, lets see them', async () => {
    const policy: HttpOptions['details'] = async ({ method, target, headers }) =>
      method === 'GET' && target === `${PATH}?verbose` && headers['x-admin'] === 'yes';
    const ask = await open(down, { details: policy });
    expect((await ask(`${PATH}?verbose`, { headers: { 'X-Admin': 'yes' } })).text).toContain('connect ECONN');
    expect((await ask(`${PATH}?verbose`, { headers: { 'X-Admin': 'no' } })).text).toBe(DOWN);
    expect((await ask(PATH, { headers: { 'X-Admin': 'yes' } })).text).toBe(DOWN);
  });

  test('metrics are 200, and 503 where they cannot be rendered', async () => {
    const metrics = { contentType: 'text/plain; version=0.0.4', metrics: async () => 'up{é} 1\n' };
    const ask = await open(down, { metrics });
    const answer = await ask('/metrics');
    expect(answer).toMatchObject({ status: 200, text: 'up{é} 1\n' });
    expect(answer.headers).toMatchObject({ 'content-type': metrics.contentType, 'content-length': '9' });
    metrics.metrics = async () => Promise.reject(new Error('secret'));
    expect(await ask('/metrics')).toMatchObject({ status: 503, text: expect.not.stringContaining('secret') });
  });

  test('draining is answered at once, with the headers that balancers know', async () => {
    const health = serviceHealth();
    const ask = await world.open(health);
    await ask(PATH);
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => warnings.push(warning);
    process.on('warning', onWarning);
    health.drain();
    const answer = await ask(PATH);
    const live = await ask(`${PATH}/live`);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(answer).toMatchObject({
      status: 503,
      text: `${HEALTHY.slice(0, -1).replace('healthy', 'unhealthy')},"draining":true}`,
    });
    expect(answer.headers['x-envoy-immediate-health-check-fail']).toBe('true');
    expect(answer.headers.connection).toBe(world.isHttp2 ? undefined : 'close');
    expect(live.status).toBe(200);
    expect(live.headers).not.toHaveProperty('x-envoy-immediate-health-check-fail');
    expect(warnings).toEqual([]);
  });
}
