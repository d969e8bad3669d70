import http, { type RequestListener, type ServerResponse } from 'node:http';
import express from 'express';
import { expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import { fetchHandler } from '../../src/adapters/fetch.ts';
import { middleware } from '../../src/adapters/middleware.ts';
import { HealthController } from '../../src/health/controller.ts';
import { memoryLogger } from '../helpers/health.ts';
import { raw, serve } from '../helpers/http.ts';

const PATH = '/api/v1/health';
const BODY = '{"status":"healthy","checks":{"a":"ok"}}';
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

function setUp() {
  const logger = memoryLogger();
  const health = new HealthController({ logger }).register('a', () => undefined);
  return { logger, health, handle: middleware(health) };
}

type Methods = Record<string, (...parts: unknown[]) => unknown>;

/** Express in front, which has set a header, then something that changes the response, then health. */
async function behind(change: (methods: Methods, response: ServerResponse) => void) {
  const { handle, logger } = setUp();
  const app = express();
  app.use((_request, response, next) => {
    change(response as unknown as Methods, response);
    next();
  });
  app.use(handle);
  const { port } = await serve(app);
  return { port, logger };
}

suite('behind headers that describe another body', () => {
  test.each([
    ['Trailer', 'Server-Timing'],
    ['Content-Encoding', 'gzip'],
    ['Transfer-Encoding', 'chunked'],
    ['Content-Length', '7'],
  ])('%s, the answer arrives as it is', async (name, value) => {
    const { port, logger } = await behind((_, response) => response.setHeader(name, value));
    const answer = await raw(port, get(PATH));
    expect(answer).toMatchObject({ statusCode: 200, body: BODY });
    expect(answer.headers[name.toLowerCase()]).toBe(name === 'Content-Length' ? '40' : undefined);
    expect(logger.lines).toEqual([]);
  });
});

suite('behind a response', () => {
  test('whose setHeader throws, and that has headers already, the answer is a 503', async () => {
    const { port, logger } = await behind((methods, response) => {
      const { writeHead } = response;
      methods.writeHead = (code: unknown) => writeHead.call(response, code as number);
      methods.setHeader = () => {
        throw new Error('locked');
      };
    });
    expect((await raw(port, get(PATH))).statusCode).toBe(503);
    expect(logger.lines.join()).toContain('locked');
  });

  test('whose end throws when the answer has been handed over, it still arrives', async () => {
    const { port, logger } = await behind((methods, response) => {
      const { end } = response;
      methods.end = (...parts) => {
        end.apply(response, parts as never);
        throw new Error('the log is full');
      };
    });
    expect(await raw(port, get(PATH))).toMatchObject({ statusCode: 200, body: BODY });
    expect(logger.lines.join()).toContain('the answer had been sent');
    expect(logger.lines.join()).toContain('the log is full');
  });

  test('whose end is async and rejects, the answer is a 503, and the process lives', async () => {
    const { port, logger } = await behind((methods) => {
      methods.end = async () => {
        throw new Error('no session store');
      };
    });
    expect((await raw(port, get(PATH))).statusCode).toBe(503);
    expect(logger.lines.join()).toContain('no session store');
  });
});

suite('where something patches the responses of the whole process', () => {
  const own = { ...Object.getOwnPropertyDescriptors(http.ServerResponse.prototype) };

  test.each(['before', 'after'])('%s health is mounted, no header is lost', async (when) => {
    const patch = () => {
      const prototype = http.ServerResponse.prototype as unknown as Methods;
      const { writeHead, end } = prototype;
      onTestFinished(() => {
        Object.defineProperty(prototype, 'writeHead', own.writeHead as PropertyDescriptor);
        delete prototype.end;
      });
      prototype.writeHead = function (this: ServerResponse, code, ...parts) {
        const fields = parts.at(-1);
        for (const [name, value] of Object.entries(fields ?? {})) this.setHeader(name, value);
        return writeHead?.call(this, code);
      };
      prototype.end = function (this: ServerResponse, ...parts) {
        this.setHeader('X-Trace', '1');
        return end?.apply(this, parts);
      };
    };
    if (when === 'before') patch();
    const { handle, logger } = setUp();
    if (when === 'after') patch();
    const { port } = await serve(handle as RequestListener);
    const { headers, statusCode, body } = await raw(port, get(PATH));
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: BODY });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-trace': '1',
    });
    expect(Object.keys(headers).filter((name) => name.length < 4)).toEqual([]);
    expect(logger.lines).toEqual([]);
  });
});

suite('called from where it does not belong, the middleware', () => {
  test('as a listener for upgrades closes what is its own and leaves the rest', async () => {
    const { handle } = setUp();
    const { server, port } = await serve(() => undefined);
    server.on('upgrade', (request, socket, head) => {
      handle(request, socket as never, head as never);
      if (!socket.destroyed) socket.end('HTTP/1.1 418 Teapot\r\n\r\n');
    });
    const upgrade = (path: string) =>
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    expect((await raw(port, upgrade(PATH))).text).toBe('');
    expect((await raw(port, upgrade('/other'))).statusCode).toBe(418);
  });

  test('without a request explains how to mount it', () => {
    const { handle, logger } = setUp();
    const next = vi.fn();
    for (const request of [undefined, null, 'GET'])
      handle(request as never, { end: () => undefined } as never, next);
    expect(next.mock.calls).toEqual([[], [], []]);
    expect(logger.lines.join()).toContain('middleware() was called without');
  });

  test('ignores an originalUrl that is not a string', async () => {
    const { handle } = setUp();
    const { port } = await serve((request, response) => {
      const originalUrl = new URL(request.url ?? '', 'http://x') as never;
      handle(Object.assign(request, { originalUrl }), response, () => response.end('application'));
    });
    expect((await raw(port, get(PATH))).body).toBe(BODY);
    expect((await raw(port, get('/other'))).body).toBe('application');
  });

  test('with the context of Hono or of h3 names what those take', () => {
    const request = new Request('http://x/');
    const contexts = { hono: { req: { raw: request } }, fetch: request, elysia: { request } };
    for (const context of Object.values(contexts)) {
      const { handle, logger } = setUp();
      handle(context as never, (() => undefined) as never);
      expect(logger.lines.join()).toContain('fetchHandler(health)');
      expect(logger.lines.join()).not.toContain('Koa');
    }
    const { handle, logger } = setUp();
    handle({ node: { req: {}, res: {} }, req: {} } as never, undefined as never);
    expect(logger.lines.join()).toContain('event.node.req, event.node.res');
    expect(logger.lines.join()).not.toContain('Koa');
  });
});

suite('called without a request, fetchHandler()', () => {
  test.each<[string, unknown[]]>([
    ['the context of Hono', [{ req: { url: `http://x${PATH}`, header: () => undefined } }]],
    ["Hono's request", [{ url: `http://x${PATH}`, header: () => undefined }]],
    ['the event of SvelteKit', [{ event: { request: new Request('http://x/') } }]],
    ['a request of Node', [{ url: PATH, method: 'GET', headers: {} }, { end: () => undefined }]],
    ['nothing', []],
  ])('%s, logs that once and answers nothing', (_name, parts) => {
    const { health, logger } = setUp();
    const handle = fetchHandler(health) as (...parts: unknown[]) => unknown;
    expect(handle(...parts)).toBeUndefined();
    expect(handle(...parts)).toBeUndefined();
    expect(logger.lines.length).toBe(1);
    expect(logger.lines[0]).toContain('fetchHandler() was called without a fetch Request');
  });

  test('lets the application of a framework with a `next` answer', () => {
    const handle = fetchHandler(setUp().health) as (...parts: unknown[]) => unknown;
    expect(handle({ req: {} }, () => 'application')).toBe('application');
  });

  test('leaves the fragment of a URL out', async () => {
    const response = await fetchHandler(setUp().health)(new Request(`http://x${PATH}#here`));
    expect(response?.status).toBe(200);
  });
});
