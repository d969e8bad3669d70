import request from 'supertest';
import { expect, describe as suite, test } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import { HealthController } from '../../src/health/controller.ts';
import { error, warning } from '../../src/health/result.ts';
import { bearerToken } from '../../src/http/bearer-token.ts';
import { FORMATS } from '../../src/http/negotiate.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { memoryLogger, virtualHealth } from '../helpers/health.ts';
import { MOUNTS, raw, serve } from '../helpers/http.ts';

const PATH = '/api/v1/health';
const SECRETS = ['is gone', 'app-7', '28P01', 'notes', '1.4.2', 'durationMs', 'checkedAt', 'ready'];
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

function failing(): HealthController {
  const health = new HealthController({
    logger: memoryLogger(),
    service: { name: 'notes', version: '1.4.2' },
  });
  return health
    .register('database', () => error('role "app-7" is gone', { code: '28P01', value: 3, unit: 'count' }))
    .register('uptime', { kind: 'process', display: 'value', check: () => ({ status: 'ok', value: 5 }) });
}

suite.each(MOUNTS)('formats on $name', ({ listener }) => {
  const open = async (health: HealthController, options?: HttpOptions) =>
    request((await serve(listener(health, options))).url);

  test('a browser gets the page, a prober JSON, both with the health code', async () => {
    const agent = await open(failing());
    const page = await agent.get(PATH).set('Accept', BROWSER);
    expect([page.status, page.type]).toEqual([503, 'text/html']);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers.vary).toBe('Accept');
    for (const accept of ['*/*', 'image/png', 'text/html;q=0', 'nonsense']) {
      const reply = await agent.get(PATH).set('Accept', accept);
      expect([reply.status, reply.type]).toEqual([503, 'application/json']);
      expect(reply.headers).not.toHaveProperty('content-security-policy');
    }
  });

  test.each(FORMATS.map((format) => [format.name, format] as const))(
    '?format=%s overrides Accept',
    async (name, format) => {
      const agent = await open(failing());
      const reply = await agent.get(`${PATH}?format=${encodeURIComponent(name)}`).set('Accept', 'image/png');
      expect(reply.status).toBe(503);
      expect(reply.headers['content-type']).toBe(format.contentType);
      expect(reply.headers['cache-control']).toBe(format.cacheControl ?? 'no-store');
    },
  );

  test('HEAD has the headers of the format that GET would have, without its body', async () => {
    const agent = await open(failing());
    const get = await agent.get(`${PATH}?format=text`);
    const head = await agent.head(`${PATH}?format=text`);
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(get.text)));
    expect(head.text ?? '').toBe('');
  });
});

suite('the details policy', () => {
  const open = async (options?: HttpOptions) => {
    const { health } = virtualHealth({ service: { name: 'notes', version: '1.4.2' } });
    health.register('database', () => error('role "app-7" is gone', { code: '28P01' }));
    health.register('disk', () => warning('app-7 is full'), { groups: ['ready', 'web'] });
    return request((await serve(middleware(health, options))).url);
  };
  const bodyOf = (reply: request.Response) => String(reply.text ?? reply.body);

  test.each(FORMATS.map((format) => format.name))(
    'without permission %s is byte for byte the same with and without ?verbose, and names and statuses only',
    async (name) => {
      for (const details of ['never', () => false, bearerToken('t0ken')] as const) {
        const agent = await open({ details });
        const query = `format=${encodeURIComponent(name)}`;
        const plain = await agent.get(`${PATH}?${query}`).buffer(true);
        const verbose = await agent.get(`${PATH}?${query}&verbose`).buffer(true);
        expect(bodyOf(verbose)).toBe(bodyOf(plain));
        expect(bodyOf(plain)).toContain('database');
        for (const secret of SECRETS) expect(bodyOf(plain)).not.toContain(secret);
      }
    },
  );

  test.each(['json', 'health+json', 'text'])(
    'with permission %s tells the reason under ?verbose only',
    async (name) => {
      const agent = await open({ details: 'always' });
      const query = `format=${encodeURIComponent(name)}`;
      expect(bodyOf(await agent.get(`${PATH}?${query}`).buffer(true).parse(asText))).not.toContain('app-7');
      expect(bodyOf(await agent.get(`${PATH}?${query}&verbose`).buffer(true).parse(asText))).toContain(
        'app-7',
      );
    },
  );

  test('with permission the page shows everything without being asked', async () => {
    const agent = await open({ details: 'always' });
    const page = bodyOf(await agent.get(`${PATH}/ready`).set('Accept', BROWSER));
    for (const told of ['app-7', '28P01', 'notes', '1.4.2', 'href="/api/v1/health/web"'])
      expect(page).toContain(told);
    expect(page).toMatch(/href="\/api\/v1\/health\/ready" aria-current="page"/);
  });

  test('a bearer token shows details to anyone who has it, and nobody else', async () => {
    const agent = await open({ details: bearerToken('t0ken') });
    const ask = (token: string) =>
      agent.get(`${PATH}?verbose`).set('Authorization', `Bearer ${token}`).then(bodyOf);
    expect(await ask('t0ken')).toContain('app-7');
    expect(await ask('token')).toBe('{"status":"unhealthy","checks":{"database":"error","disk":"warning"}}');
  });

  test('a cached reply without details is never sent to callers who may see them, nor the other way round', async () => {
    const agent = await open({ details: bearerToken('t0ken') });
    const page = (token: string) =>
      agent.get(PATH).set('Accept', 'text/html').set('Authorization', `Bearer ${token}`).then(bodyOf);
    expect(await page('x')).not.toContain('app-7');
    expect(await page('t0ken')).toContain('app-7');
    expect(await page('x')).not.toContain('app-7');
  });
});

/** supertest reads what it does not know as bytes. */
function asText(response: request.Response, done: (error: Error | null, body: string) => void): void {
  let text = '';
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    text += chunk;
  });
  stream.on('end', () => done(null, text));
}

suite('codes and replies', () => {
  const degraded = async () => {
    const { health, clock } = virtualHealth();
    let runs = 0;
    health.register(
      'disk',
      () => {
        runs++;
        return warning('full');
      },
      { failOn: 'error' },
    );
    const served = await serve(middleware(health, { degradedStatusCode: 429, paths: { '/': 'all' } }));
    return { ...served, agent: request(served.url), clock, runs: () => runs };
  };

  test('degraded is 200 in health+json, whatever code it has in the others', async () => {
    const { agent } = await degraded();
    expect((await agent.get(`${PATH}?format=health%2Bjson`)).status).toBe(200);
    for (const name of ['json', 'text', 'html'])
      expect((await agent.get(`${PATH}?format=${name}`)).status).toBe(429);
  });

  test('all formats show the same run, and each reply is rendered once per report', async () => {
    const { agent, clock, runs } = await degraded();
    for (let round = 0; round < 3; round++)
      for (const name of ['json', 'text', 'html', 'health%2Bjson']) await agent.get(`${PATH}?format=${name}`);
    expect(runs()).toBe(1);
    await clock.advance(1000);
    expect((await agent.get(`${PATH}?format=text`)).text).toContain('[!]disk warning');
    expect(runs()).toBe(2);
  });

  test('a page runs a check once, however many groups it is in and however soon its result is old', async () => {
    const { health } = virtualHealth();
    let runs = 0;
    health.register('a', () => void runs++, { maxAgeMs: 0, groups: ['ready', 'edge', 'startup'] });
    const { url } = await serve(middleware(health, { details: 'always' }));
    const page = await request(url).get(`${PATH}/edge`).set('Accept', BROWSER);
    expect(page.text).toContain('href="/api/v1/health/edge" aria-current="page"');
    expect(runs).toBe(1);
  });

  test('the root path can be the page for browsers, and stays health for probers', async () => {
    const { agent, port } = await degraded();
    expect((await agent.get('/').set('Accept', BROWSER)).type).toBe('text/html');
    expect((await agent.get('/')).type).toBe('application/json');
    const haproxy = await raw(port, 'OPTIONS / HTTP/1.0\r\n\r\n');
    expect(haproxy.statusCode).toBe(429);
    expect(haproxy.headers['content-type']).toBe('application/json; charset=utf-8');
  });
});
