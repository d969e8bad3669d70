import { expect, onTestFinished, test } from 'vitest';
import { HealthController } from '../../src/health/controller.ts';
import type { HttpOptions } from '../../src/http/options.ts';
// @ts-expect-error plain JavaScript, which other runtimes load too
import { contractScene } from '../fixtures/contract-scenes.mjs';
import type { Client, Traits, World } from '../helpers/worlds.ts';

export const HEALTHY = '{"status":"healthy","checks":{"database":"ok","memory":"ok","uptime":4242}}';
export const DOWN = '{"status":"unhealthy","checks":{"database":"error","memory":"ok","uptime":4242}}';
export const PATH = '/api/v1/health';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

/** The states of health that the contract covers; test/fixtures/contract-scenes.mjs has them. */
export type Scene =
  | 'healthy'
  | 'warning'
  | 'down'
  | 'down after a wait'
  | 'more paths'
  | 'details for admins'
  | 'details by connection'
  | 'metrics'
  | 'broken metrics';

/** Health in such a state, mounted in a server of this process or of another. */
export interface Mounted {
  readonly ask: Client;
  drain(): void | Promise<void>;
  /** The warnings of the process since. */
  warnings(): readonly unknown[] | Promise<readonly unknown[]>;
}

/** Where the contract is verified. */
export interface Place extends Traits {
  mount(scene: Scene): Promise<Mounted>;
}

/** Health in such a state, with the options to mount it with. */
export function sceneOf(scene: Scene): { health: HealthController; options?: HttpOptions } {
  return contractScene({ HealthController }, scene);
}

/** A server of this process. */
export function inProcess({ open, ...traits }: World): Place {
  return {
    ...traits,
    async mount(scene) {
      const { health, options } = sceneOf(scene);
      const warnings: unknown[] = [];
      const onWarning = (warning: unknown) => warnings.push(warning);
      process.on('warning', onWarning);
      onTestFinished(() => void process.off('warning', onWarning));
      return { ask: await open(health, options), drain: () => health.drain(), warnings: () => warnings };
    },
  };
}

/** What is verified wherever health is mounted. */
export function contract(place: Place): void {
  const open = async (scene: Scene): Promise<Client> => (await place.mount(scene)).ask;

  test('a healthy service answers 200 with exactly the wire contract and its headers', async () => {
    const ask = await open('healthy');
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
    for (const scene of ['down', 'down after a wait'] as const)
      expect(await (await open(scene))(PATH), scene).toMatchObject({ status: 503, text: DOWN });
  });

  test('every group and every single check has its path, whatever the query', async () => {
    const ask = await open('more paths');
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

  test('other requests go to the application untouched', async () => {
    const ask = await open('healthy');
    const root = place.answersRoot ? [] : ['/'];
    for (const path of [
      ...root,
      `${PATH}y`,
      `${PATH}/nope`,
      `${PATH}/all`,
      '/metrics',
      `/other?next=${PATH}`,
    ])
      expect(await ask(path), path).toMatchObject({ status: 418, text: 'application' });
    expect((await ask('/orders', { method: 'POST', body: '{"a":1}' })).status).toBe(418);
  });

  test('HEAD has the same code and headers and no body', async () => {
    const ask = await open('down');
    const answer = await ask(PATH, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 503, text: '' });
    expect(answer.headers['content-length']).toBe(String(DOWN.length));
  });

  test('OPTIONS is answered with the health code, and a browser’s preflight goes to the application', async () => {
    const ask = await open('down');
    expect(await ask(PATH, { method: 'OPTIONS' })).toMatchObject({ status: 503, text: DOWN });
    const headers = { Origin: 'https://a.example', 'Access-Control-Request-Method': 'GET' };
    expect((await ask(PATH, { method: 'OPTIONS', headers })).status).toBe(418);
  });

  test('other methods are 405', async () => {
    const ask = await open('healthy');
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
    const ask = await open('down');
    const page = await ask(PATH, { headers: { Accept: BROWSER } });
    expect(page.status).toBe(503);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain('<h1 class="bad">Unhealthy</h1>');
    expect(page.text).not.toContain('ECONNREFUSED');
  });

  test('details are shown to callers whom the policy, asynchronous or not, allows', async () => {
    const ask = await open('details for admins');
    expect((await ask(`${PATH}?verbose`, { headers: { 'X-Admin': 'yes' } })).text).toContain('connect ECONN');
    expect((await ask(`${PATH}?verbose`, { headers: { 'X-Admin': 'no' } })).text).toBe(DOWN);
    expect((await ask(PATH, { headers: { 'X-Admin': 'yes' } })).text).toBe(DOWN);
  });

  if (place.isEncrypted !== undefined)
    test('a policy sees where the request came from, and whether it was encrypted', async () => {
      const ask = await open('details by connection');
      for (const isEncrypted of [true, false]) {
        const { text } = await ask(`${PATH}?verbose`, { headers: { 'X-Encrypted': String(isEncrypted) } });
        expect(text.includes('connect ECONN'), String(isEncrypted)).toBe(isEncrypted === place.isEncrypted);
      }
    });

  test('metrics are 200, and 503 where they cannot be rendered', async () => {
    const answer = await (await open('metrics'))('/metrics');
    expect(answer).toMatchObject({ status: 200, text: 'up{é} 1\n' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4',
      'content-length': '9',
    });
    const broken = await (await open('broken metrics'))('/metrics');
    expect(broken).toMatchObject({ status: 503, text: expect.not.stringContaining('secret') });
  });

  test('draining is answered at once, with the headers that balancers know', async () => {
    const { ask, drain, warnings } = await place.mount('healthy');
    await ask(PATH);
    await drain();
    const answer = await ask(PATH);
    const live = await ask(`${PATH}/live`);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer).toMatchObject({
      status: 503,
      text: `${HEALTHY.slice(0, -1).replace('healthy', 'unhealthy')},"draining":true}`,
    });
    expect(answer.headers['x-envoy-immediate-health-check-fail']).toBe('true');
    expect(answer.headers.connection).toBe(place.isHttp2 ? undefined : 'close');
    expect(live.status).toBe(200);
    expect(live.headers).not.toHaveProperty('x-envoy-immediate-health-check-fail');
    expect(await warnings()).toEqual([]);
  });
}
