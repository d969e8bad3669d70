import { createServer } from 'node:http';
import request from 'supertest';
import { expect, describe as suite, test, vi } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { DetailsPolicy } from '../../src/http/details-policy.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { ConfigError } from '../../src/internal/config-error.ts';
import { gate, memoryLogger, virtualHealth } from '../helpers/health.ts';
import { raw, serve } from '../helpers/http.ts';

const PATH = '/api/v1/health';

function failing(details?: DetailsPolicy, logger = memoryLogger()) {
  const health = new HealthController({ logger });
  health.register('database', () => ({
    status: 'error',
    message: 'role "app" is gone',
    code: '28000',
    value: 7,
    unit: 'count',
  }));
  return request(createServer(middleware(health, details === undefined ? {} : { details })));
}

suite('details', () => {
  const SUMMARY = '{"status":"unhealthy","checks":{"database":"error"}}';

  test('are shown to nobody by default', async () => {
    expect((await failing().get(`${PATH}?verbose`)).text).toBe(SUMMARY);
    expect((await failing('never').get(`${PATH}?verbose`)).text).toBe(SUMMARY);
  });

  test('are shown on request where the policy allows it', async () => {
    const response = await failing('always').get(`${PATH}?verbose`);
    expect(response.status).toBe(503);
    expect(response.body.checks.database).toMatchObject({
      message: 'role "app" is gone',
      code: '28000',
      value: 7,
      unit: 'count',
    });
    expect((await failing('always').get(PATH)).text).toBe(SUMMARY);
  });

  test.each([
    'verbose',
    'verbose=',
    'verbose=1',
    'verbose=true',
    'x=1&verbose',
    'verbose&verbose',
    'verbose=yes&x=1',
  ])('?%s asks for them', async (query) => {
    expect((await failing('always').get(`${PATH}?${query}`)).text).toContain('role');
  });

  test.each(['verbose=0', 'verbose=false', 'verbosely', 'x=verbose', 'notverbose', ''])(
    '?%s does not',
    async (query) => {
      expect((await failing('always').get(`${PATH}?${query}`)).text).toBe(SUMMARY);
    },
  );

  test('run the checks of the group that is asked for, and no other', async () => {
    const check = vi.fn(() => undefined);
    const health = new HealthController().register('elsewhere', check);
    const { text } = await request(createServer(middleware(health, { details: 'always' }))).get(
      `${PATH}/live?verbose`,
    );
    expect(JSON.parse(text)).toMatchObject({ status: 'healthy', group: 'live', checks: {} });
    expect(check).not.toHaveBeenCalled();
  });

  test('are UTF-8, however short', async () => {
    const message = 'Größe ☃ 𝄞';
    const health = new HealthController().register('a', () => ({ status: 'error', message }));
    const server = createServer(middleware(health, { details: 'always' }));
    const { text, headers } = await request(server).get(`${PATH}?verbose&format=text`);
    expect(text).toContain(message);
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
  });

  test('a function decides by the request, and only true itself shows them', async () => {
    const policy = vi.fn((incoming) => incoming.headers['x-admin'] === 'yes');
    expect((await failing(policy).get(`${PATH}?verbose`).set('X-Admin', 'yes')).text).toContain('role');
    expect((await failing(policy).get(`${PATH}?verbose`)).text).toBe(SUMMARY);
    for (const odd of [1, 'true', {}, Promise.resolve(1)]) {
      expect((await failing(() => odd as unknown as boolean).get(`${PATH}?verbose`)).text).toBe(SUMMARY);
    }
  });

  test('a function that throws hides them, which is logged', async () => {
    const logger = memoryLogger();
    const policy = () => {
      throw new Error('no session');
    };
    expect((await failing(policy, logger).get(`${PATH}?verbose`)).text).toBe(SUMMARY);
    expect(logger.lines.join()).toContain('no session');
  });

  test('one that returns a promise may show them; its rejection hides them and is logged', async () => {
    const logger = memoryLogger();
    expect((await failing(async () => true, logger).get(`${PATH}?verbose`)).text).toContain('role');
    const policy = () => Promise.reject(new Error('no session store'));
    expect((await failing(policy, logger).get(`${PATH}?verbose`)).text).toBe(SUMMARY);
    expect(logger.lines.join()).toContain('no session store');
  });
});

suite('status codes', () => {
  test('a degraded service is 200, or what degradedStatusCode says', async () => {
    const health = new HealthController().register('cache', () => ({ status: 'error' }), { failOn: 'never' });
    expect((await request(createServer(middleware(health))).get(PATH)).status).toBe(200);
    const consul = await request(createServer(middleware(health, { degradedStatusCode: 429 }))).get(PATH);
    expect([consul.status, consul.text]).toEqual([429, '{"status":"degraded","checks":{"cache":"error"}}']);
    const live = await request(createServer(middleware(health, { degradedStatusCode: 429 }))).get(
      `${PATH}/live`,
    );
    expect(live.status).toBe(200);
  });

  test('a path for a group without checks is 503', async () => {
    const listener = middleware(new HealthController(), { paths: { '/readyz': 'raedy' } });
    expect((await request(createServer(listener)).get('/readyz')).status).toBe(503);
  });
});

suite('metrics', () => {
  const source = { contentType: 'text/plain; version=0.0.4', metrics: async () => 'a 1\n' };

  test('answer at /metrics, always 200, and are not changed by the query', async () => {
    const health = new HealthController().register('a', () => ({ status: 'error' }));
    const agent = request(createServer(middleware(health, { metrics: source })));
    for (const path of ['/metrics', '/metrics/', '/metrics?verbose']) {
      const response = await agent.get(path);
      expect([response.status, response.text, response.headers['content-type']]).toEqual([
        200,
        'a 1\n',
        source.contentType,
      ]);
    }
    expect((await agent.post('/metrics')).status).toBe(405);
    expect((await agent.get('/metrics/x')).status).toBe(404);
  });

  test('answer where metricsPath says', async () => {
    const agent = request(
      createServer(middleware(new HealthController(), { metrics: source, metricsPath: '/internal/metrics' })),
    );
    expect((await agent.get('/internal/metrics')).status).toBe(200);
    expect((await agent.get('/metrics')).status).toBe(404);
  });

  test('that cannot be rendered are 503 and leave the reason to the log', async () => {
    const logger = memoryLogger();
    const metrics = vi.fn(source.metrics).mockRejectedValueOnce(new Error('secret reason'));
    const health = new HealthController({ logger });
    const agent = request(
      createServer(middleware(health, { metrics: { contentType: 'text/plain', metrics } })),
    );
    const response = await agent.get('/metrics');
    expect([response.status, response.text]).toEqual([503, 'metrics could not be rendered; see the log\n']);
    expect(logger.lines.join()).toContain('secret reason');
    metrics.mockImplementationOnce(() => {
      throw new Error('at once');
    });
    expect((await agent.get('/metrics')).status).toBe(503);
  });
});

suite('the middleware', () => {
  test('matches what the prober sent, which is in originalUrl where a framework rewrites url', () => {
    const health = new HealthController();
    const next = vi.fn();
    const response = { headersSent: true, end: () => undefined };
    middleware(health)(
      { method: 'GET', url: '/health', originalUrl: PATH } as never,
      response as never,
      next,
    );
    expect(next).not.toHaveBeenCalled();
    middleware(health)({ method: 'GET', url: PATH, originalUrl: '/x' } as never, response as never, next);
    expect(next).toHaveBeenCalledWith();
    middleware(health)({ method: 'GET' } as never, response as never, next);
    expect(next).toHaveBeenCalledTimes(2);
  });

  test('mounted at the root path answers there and for its groups', async () => {
    const agent = request(createServer(middleware(new HealthController(), { path: '/' })));
    expect((await agent.get('/')).status).toBe(200);
    expect((await agent.get('/live')).status).toBe(200);
    expect((await agent.get('/other')).status).toBe(404);
  });

  test('an answer that something else has sent already, or whose prober has gone, is left alone', async () => {
    const pass = gate();
    const health = new HealthController().register('a', () => pass.promise);
    const mounted = middleware(health);
    const { port } = await serve((incoming, response) => {
      mounted(incoming, response);
      response.end('first');
    });
    const answer = raw(port, `GET ${PATH} HTTP/1.0\r\n\r\n`);
    await answer;
    pass.open(undefined);
    expect((await answer).body).toBe('first');
  });

  test('a prober that hangs up cancels nothing', async () => {
    const { health, clock } = virtualHealth();
    const pass = gate();
    let aborted = false;
    health.register('a', (context) => {
      context.signal.addEventListener('abort', () => {
        aborted = true;
      });
      return pass.promise;
    });
    const arrived = gate();
    const mounted = middleware(health);
    const { port } = await serve((incoming, response) => {
      mounted(incoming, response);
      arrived.open(undefined);
      response.on('close', () => hungUp.open(undefined));
    });
    const hungUp = gate();
    const socket = (await import('node:net')).connect(port, '127.0.0.1', () =>
      socket.write(`GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`),
    );
    await arrived.promise;
    socket.destroy();
    await hungUp.promise;
    pass.open(undefined);
    await clock.advance(0);
    expect(aborted).toBe(false);
    expect(health.lastReport().status).toBe('healthy');
  });

  test('a default body of 20 checks is under 1 KiB', async () => {
    const health = new HealthController();
    for (let i = 0; i < 20; i++)
      health.register(`a-rather-long-name-of-a-check-${i}`, () => ({ status: 'warning' }));
    const { text } = await request(createServer(middleware(health))).get(PATH);
    expect(text.length).toBeLessThan(1024);
  });
});

suite('configuration faults', () => {
  const faultsOf = (health: unknown, options: unknown): readonly string[] => {
    try {
      middleware(health as HealthController, options as HttpOptions);
    } catch (thrown) {
      if (thrown instanceof ConfigError) return thrown.issues;
      throw thrown;
    }
    return [];
  };

  test('are listed all together, when health is mounted', () => {
    const options = {
      path: 'health',
      metricsPath: '/metrics/',
      metrics: {},
      details: true,
      degradedStatusCode: 302,
      prefix: '/x',
    };
    expect(faultsOf({}, options)).toEqual([
      'Expected `health` to be a HealthController, got an empty object',
      'Unknown option `prefix`; the options are `path`, `paths`, `metrics`, `metricsPath`, `metricsTimeoutMs`, `details`, `degradedStatusCode`',
      "Expected `path` to be a path such as `/api/v1/health`: a leading slash, none at the end, no query, got `'health'` (string)",
      "Expected `metricsPath` to be a path such as `/api/v1/health`: a leading slash, none at the end, no query, got `'/metrics/'` (string)",
      'Expected `metrics` to be what `prometheus(health)` returns, or a prom-client registry, got an empty object',
      "Expected `details` to be one of 'never', 'always', got `true` (boolean)",
      'Expected `degradedStatusCode` to be an HTTP code whose answer has a body: 200 to 299 or 400 to 599, not 204 or 205, got `302` (number)',
    ]);
  });

  test.each([
    [{ paths: 'x' }, /Expected `paths` to be an object/],
    [{ paths: null }, /Expected `paths` to be an object/],
    [{ paths: { livez: 'live' } }, /Expected `paths` to be a path/],
    [{ paths: { '/livez': 1 } }, /Expected `paths\['\/livez'\]` to be a non-empty string/],
    [{ paths: { '/api/v1/health': 'live' } }, /`\/api\/v1\/health` is given twice/],
    [
      { paths: { '/metrics': 'live' }, metrics: { contentType: 'x', metrics: async () => '' } },
      /`\/metrics` is given twice/,
    ],
    [{ path: '//x' }, /Expected `path`/],
    [{ path: '/x?y' }, /Expected `path`/],
    [{ degradedStatusCode: 204 }, /Expected `degradedStatusCode`/],
    [{ degradedStatusCode: '200' }, /Expected `degradedStatusCode`/],
  ])('%o', (options, fault) => {
    const faults = faultsOf(new HealthController(), options);
    expect(faults.length).toBe(1);
    expect(faults[0]).toMatch(fault);
  });

  test.each([
    {},
    undefined,
    { paths: { '/metrics': 'live' } },
    { details: () => true },
    { degradedStatusCode: 429 },
  ])('%o is fine', (options) => {
    expect(faultsOf(new HealthController(), options)).toEqual([]);
  });
});
