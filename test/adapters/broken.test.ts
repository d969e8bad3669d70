import { EventEmitter } from 'node:events';
import http, { type RequestListener } from 'node:http';
import { connect as connectTcp } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
// @ts-expect-error comes without types
import Koa from 'koa';
import { createRequest, createResponse } from 'node-mocks-http';
import { expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { HealthSource } from '../../src/health/source.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { gate, memoryLogger, virtualHealth } from '../helpers/health.ts';
import { raw, serve } from '../helpers/http.ts';

const PATH = '/api/v1/health';
const get = (path: string, method = 'GET') =>
  `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
const metrics = { contentType: 'text/plain', metrics: async () => 'up 1\n' };

function setUp(options: HttpOptions = {}) {
  const logger = memoryLogger();
  const health = new HealthController({ logger }).register('a', () => undefined);
  return { logger, health, handle: middleware(health, { metrics, ...options }) };
}

suite('called with the arguments of another framework, the middleware', () => {
  test('in Koa explains how to mount it, once, and lets the application answer', async () => {
    const { handle, logger } = setUp();
    const app = new Koa();
    app.use(handle);
    app.use((ctx: { body: string }) => {
      ctx.body = 'application';
    });
    const { port } = await serve(app.callback());
    for (const path of [PATH, '/metrics', '/other'])
      expect(await raw(port, get(path))).toMatchObject({ statusCode: 200, body: 'application' });
    expect(logger.lines.length).toBe(1);
    expect(logger.lines[0]).toContain('handle(ctx.req, ctx.res, () => { isOurs = false; })');
    expect(logger.lines[0]).not.toContain('Fastify');
  });

  test('in Fastify too', async () => {
    const { handle, logger } = setUp();
    const app = fastify();
    app.addHook('onRequest', handle as never);
    app.get('*', async () => 'application');
    onTestFinished(() => app.close());
    for (const url of [PATH, '/metrics', '/other'])
      expect((await app.inject({ url })).payload).toBe('application');
    expect(logger.lines.length).toBe(1);
    expect(logger.lines[0]).toContain("app.addHook('onRequest', (request, reply, done) =>");
  });

  test('in Hono names fetchHandler', async () => {
    const { handle, logger } = setUp();
    const app = new Hono();
    app.use(handle as never);
    app.get('*', (context) => context.text('application'));
    for (const path of [PATH, '/metrics', '/other'])
      expect(await (await app.request(path)).text()).toBe('application');
    expect(logger.lines.length).toBe(1);
    expect(logger.lines[0]).toContain('handle(context.req.raw) ?? next()');
    expect(logger.lines[0]).not.toContain('Koa');
  });

  test('anywhere else names both, and fetchHandler', () => {
    const { handle, logger } = setUp();
    (handle as unknown as () => void)();
    expect(logger.lines[0]).toMatch(/Koa.*Fastify.*fetchHandler\(\)/);
  });

  test('mounted without being called throws at the first request', async () => {
    const app = express();
    app.use(middleware as never);
    app.use(((error, _request, response, _next) => response.end(error.message)) as ErrorRequestHandler);
    const { port } = await serve(app);
    expect((await raw(port, get(PATH))).body).toContain('write `app.use(middleware(health))`');
  });
});

suite('where a method of the response throws', () => {
  const broken = (
    method: string,
    when: (code: unknown) => boolean = () => true,
  ): RequestListener & { logger: { lines: string[] } } => {
    const { handle, logger } = setUp();
    const listener: RequestListener = (request, response) => {
      const inner = (response as unknown as Record<string, (...parts: unknown[]) => unknown>)[method];
      Object.assign(response, {
        [method](...parts: unknown[]) {
          if (when(parts[0])) throw new Error(`broken ${method}`);
          return inner?.apply(response, parts);
        },
      });
      handle(request, response);
    };
    return Object.assign(listener, { logger });
  };

  test.each(['writeHead', 'setHeader', 'end'])(
    '%s, the prober gets a 503 at once, and the log the reason',
    async (method) => {
      const listener = broken(method, () => true);
      const { port } = await serve(listener);
      for (const verb of ['GET', 'HEAD']) {
        const answer = await raw(port, get(PATH, verb));
        expect(answer.statusCode, answer.text).toBe(method === 'setHeader' ? 200 : 503);
      }
      const { lines } = listener.logger;
      expect(lines.length).toBe(method === 'setHeader' ? 0 : 1);
      if (method !== 'setHeader') expect(lines[0]).toContain(`broken ${method}`);
    },
  );

  test('setHeader, where another middleware has wrapped writeHead too, it is the same', async () => {
    const listener = broken('setHeader', () => true);
    const { port } = await serve((request, response) => {
      const { writeHead } = response;
      response.writeHead = ((...parts: [number]) => writeHead.apply(response, parts)) as typeof writeHead;
      listener(request, response as never);
    });
    expect((await raw(port, get(PATH))).statusCode).toBe(503);
    expect(listener.logger.lines[0]).toContain('broken setHeader');
  });

  test('everything, the connection is closed instead of left silent', async () => {
    const { handle } = setUp();
    const { port } = await serve((request, response) => {
      Object.setPrototypeOf(response, {
        __proto__: http.ServerResponse.prototype,
        writeHead: () => {
          throw new Error('broken');
        },
      });
      handle(request, response);
    });
    expect((await raw(port, get(PATH))).text).toBe('');
  });

  test('after the headers have been sent, the connection is closed', async () => {
    const { handle } = setUp();
    const { port } = await serve((request, response) => {
      response.end = () => {
        response.flushHeaders();
        throw new Error('broken');
      };
      handle(request, response);
    });
    const { text } = await raw(port, get(PATH));
    expect(text).not.toContain('healthy');
  });
});

const unreadable = {
  get status(): never {
    throw new Error('broken source');
  },
} as never;

suite('where making the answer throws', () => {
  const sources: [string, Partial<HealthSource>][] = [
    ['a report that rejects', { report: () => Promise.reject(new Error('broken source')) }],
    [
      'a report that throws',
      {
        report: () => {
          throw new Error('broken source');
        },
      },
    ],
    [
      'a report that is none',
      {
        report: async () => unreadable,
        lastReport: () => unreadable,
      },
    ],
    [
      'a group that cannot be looked up',
      {
        has: () => {
          throw new Error('broken source');
        },
      },
    ],
  ];
  test.each(sources)('%s, it is a 503 and a line in the log', async (_name, broken) => {
    const inner = new HealthController();
    const source: HealthSource = {
      report: (group) => inner.report(group),
      lastReport: (group) => inner.lastReport(group),
      history: () => [],
      groups: [],
      has: () => false,
      isDraining: false,
      on: () => undefined,
      off: () => undefined,
      ...broken,
    };
    const log = vi.spyOn(console, 'error').mockReturnValue(undefined);
    onTestFinished(() => log.mockRestore());
    const { port } = await serve(middleware(source, { details: 'always' }));
    for (const query of ['', '?verbose', '?format=html']) {
      const path = broken.has === undefined ? PATH : `${PATH}/nope`;
      const answer = await raw(port, get(`${path}${query}`));
      expect(answer).toMatchObject({
        statusCode: 503,
        body: '{"error":"health could not be reported; see the log"}',
      });
    }
    expect(log.mock.calls.length).toBe(1);
    expect(String(log.mock.calls[0])).toContain('broken source');
  });
});

suite('metrics', () => {
  test('that do not settle within `metricsTimeoutMs` are a 503, and the next scrape tries again', async () => {
    const { health, clock, logger } = virtualHealth();
    const first = gate<string>();
    const source = { contentType: 'text/plain', metrics: vi.fn(() => first.promise) };
    const { port } = await serve(middleware(health, { metrics: source }));
    const scrapes = [raw(port, get('/metrics')), raw(port, get('/metrics'))];
    await vi.waitUntil(() => source.metrics.mock.calls.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(8999);
    expect(logger.lines).toEqual([]);
    await clock.advance(1);
    for (const scrape of scrapes) expect((await scrape).statusCode).toBe(503);
    expect(logger.lines.join()).toContain('no metrics within 9000 ms (`metricsTimeoutMs`)');
    source.metrics.mockResolvedValue('up 1\n');
    expect((await raw(port, get('/metrics'))).body).toBe('up 1\n');
    expect(clock.pending).toBe(0);
  });

  test('are rendered again only after a pause of ten times what it took, so that others get their turn', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const source = async () => {
      begun.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, 15));
      ended.push(performance.now());
      return 'up 1\n';
    };
    const { handle } = setUp({ metrics: { contentType: 'text/plain', metrics: source } });
    const { port } = await serve(handle);
    for (let scrape = 0; scrape < 2; scrape++) await raw(port, get('/metrics'));
    // 100 ms at most; timers may be early by a fraction of one.
    expect((begun[1] as number) - (ended[0] as number)).toBeGreaterThan(95);
  });

  test('that are not a string are a 503', async () => {
    const { handle, logger } = setUp({
      metrics: { contentType: 'x', metrics: async () => undefined as never },
    });
    const { port } = await serve(handle);
    expect((await raw(port, get('/metrics'))).statusCode).toBe(503);
    expect(logger.lines.join()).toContain('did not return a string');
  });

  test.each([[undefined], [''], ['a\nb'], [7]])(
    'of the content type %j are a configuration fault',
    (contentType) => {
      expect(() =>
        setUp({ metrics: { contentType: contentType as string, metrics: async () => '' } }),
      ).toThrow(/Expected `metrics.contentType` to be the `Content-Type` of the metrics/);
    },
  );

  test('with an invalid time limit are a configuration error', () => {
    expect(() => setUp({ metricsTimeoutMs: 0 })).toThrow(/Expected `metricsTimeoutMs`/);
  });
});

suite('made-up requests and responses', () => {
  test.each([{}, { eventEmitter: EventEmitter }])('of node-mocks-http are answered', async (options) => {
    const { handle } = setUp();
    const response = createResponse(options);
    handle(createRequest({ method: 'GET', url: PATH }) as never, response as never);
    expect([response.statusCode, response._getData()]).toEqual([
      200,
      '{"status":"healthy","checks":{"a":"ok"}}',
    ]);
    expect(response.getHeader('Cache-Control')).toBe('no-store');
    const next = vi.fn();
    handle(createRequest({ method: 'GET', url: '/other' }) as never, createResponse(options) as never, next);
    expect(next).toHaveBeenCalledWith();
  });

  test('of Next, which are those of Node with more on them, are answered', async () => {
    const { handle } = setUp();
    const { port } = await serve((request, response) => {
      const more = {
        status: (code: number) => Object.assign(response, { statusCode: code }),
        json: () => undefined,
      };
      handle(Object.assign(request, { query: {}, cookies: {} }), Object.assign(response, more));
    });
    expect((await raw(port, get(PATH))).statusCode).toBe(200);
  });
});

suite('a client that has gone', () => {
  test('costs no rendering', async () => {
    const wait = gate<void>();
    const health = new HealthController().register('a', () => wait.promise);
    const render = vi.spyOn((await import('../../src/formats/html.ts')).html, 'render');
    onTestFinished(() => render.mockRestore());
    const source = { contentType: 'text/plain', metrics: vi.fn(async () => 'up 1\n') };
    const handle = middleware(health, { details: 'always', metrics: source });
    const arrived = gate<void>();
    const gone = gate<void>();
    const { port } = await serve((request, response) => {
      handle(request, response);
      response.on('close', () => {
        // Node hands on what came before the end, too.
        handle(Object.assign(request, { url: '/metrics' }), response);
        gone.open();
      });
      arrived.open();
    });
    const socket = connectTcp(port, '127.0.0.1', () =>
      socket.write(`GET ${PATH} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n`),
    );
    await arrived.promise;
    socket.destroy();
    await gone.promise;
    wait.open();
    await health.report();
    await new Promise((resolve) => setImmediate(resolve));
    expect(render).not.toHaveBeenCalled();
    expect(source.metrics).not.toHaveBeenCalled();
  });
});

suite('a router in front', () => {
  test('that answered already is left alone', async () => {
    const { handle, logger } = setUp();
    const app = express().use((request, response, next) => {
      response.end('first');
      handle(request, response, next);
    });
    const { port } = await serve(app);
    expect((await raw(port, get(PATH))).body).toBe('first');
    expect(logger.lines).toEqual([]);
  });
});
