import { once } from 'node:events';
import http, { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attach as attachEngine } from 'engine.io';
import express from 'express';
import request from 'supertest';
import { describe, expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { attach } from '../../src/adapters/attach.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { isConfigError } from '../../src/internal/config-error.ts';
import { gate } from '../helpers/health.ts';
import { MOUNTS, raw, serve } from '../helpers/http.ts';
import { serve as listening, open } from '../helpers/wire.ts';

const PATH = '/api/v1/health';
const HEALTHY = '{"status":"healthy","checks":{"a":"ok"}}';
const healthy = () => new HealthController().register('a', () => undefined);

suite('attached to a server, health', () => {
  test('answers before everything else, even when the application is broken', async () => {
    const app = express();
    app.use(() => {
      throw new Error('broken middleware');
    });
    const { server, url } = await serve(app);
    server.prependListener('request', (_request, response) => response.setHeader('Set-Cookie', 'a=b'));
    attach(server, healthy());
    const response = await request(url).get(PATH);
    expect([response.status, response.text]).toEqual([200, HEALTHY]);
    expect(response.headers).not.toHaveProperty('set-cookie');
    expect((await request(url).get('/other')).status).toBe(500);
  });

  test('answers HEAD even where Node is configured to throw on a body', async () => {
    const server = createServer({ rejectNonStandardBodyWrites: true });
    attach(server, healthy());
    const port = await listening(server);
    for (const path of [PATH, `${PATH}?verbose`, '/api/v1/health/live']) {
      const answer = await raw(port, `HEAD ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect([answer.statusCode, answer.body]).toEqual([200, '']);
    }
  });

  test('leaves other requests to every listener, even to those added later', async () => {
    const { server, url } = await serve(() => undefined);
    attach(server, healthy());
    server.on('request', (_request, response) => response.end('later'));
    expect((await request(url).get('/other')).text).toBe('later');
    expect((await request(url).get(PATH)).text).toBe(HEALTHY);
    const preflight = request(url).options(PATH).set('Access-Control-Request-Method', 'GET');
    expect((await preflight).text).toBe('later');
  });

  test('stays in front of engine.io, which takes over the listeners, attached before or after it', async () => {
    for (const isFirst of [true, false]) {
      const { server, url } = await serve((_request, response) => response.end('application'));
      if (isFirst) attach(server, healthy());
      const engine = attachEngine(server, {});
      onTestFinished(() => void engine.close());
      if (!isFirst) attach(server, healthy());
      expect((await request(url).get(PATH)).text).toBe(HEALTHY);
      expect((await request(url).get('/engine.io/?EIO=4&transport=polling')).text).toContain('"sid"');
      expect((await request(url).get('/other')).text).toBe('application');
    }
  });

  test('takes a request that expects 100-continue, and leaves upgrades and clients that err alone', async () => {
    const { server, port } = await serve(() => undefined);
    const expected = vi.fn((_request, response) => response.end('expected'));
    server.on('checkContinue', expected);
    attach(server, healthy());
    const head = 'HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n';
    expect((await raw(port, `GET ${PATH} ${head}`)).body).toBe(HEALTHY);
    expect((await raw(port, `GET /other ${head}`)).text).toContain('expected');
    expect((await raw(port, 'nonsense\r\n\r\n')).statusCode).toBe(400);
  });

  describe('next to WebSockets', () => {
    const upgrade = (target: string, protocol: string, method = 'GET') =>
      `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\n` +
      'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n';

    async function setUp(options: HttpOptions = {}, health = healthy()) {
      const { server, port } = await serve((_request, response) => response.end('application'));
      const attachment = attach(server, health, options);
      const webSockets = new WebSocketServer({ server });
      onTestFinished(() => webSockets.close());
      const dial = async (path: string) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
        socket.on('error', () => undefined);
        onTestFinished(() => socket.terminate());
        const [event] = await Promise.race([
          once(socket, 'open').then(() => ['open']),
          once(socket, 'unexpected-response').then(([, { statusCode }]) => [statusCode]),
        ]);
        return event;
      };
      return { attachment, server, port, dial };
    }

    test('a request that offers h2c is answered in HTTP/1.1, and its connection closed', async () => {
      const { port } = await setUp();
      const answer = await raw(port, upgrade(PATH, 'h2c'));
      expect([answer.statusCode, answer.body]).toEqual([200, HEALTHY]);
      expect(answer.text).toMatch(/^Connection: close\r$/im);
      expect((await raw(port, upgrade(PATH, 'h2c', 'HEAD'))).body).toBe('');
      expect((await raw(port, upgrade(PATH, 'h2c', 'POST'))).statusCode).toBe(405);
      expect((await raw(port, upgrade('/api/v1/health/live?verbose', 'TLS/1.0'))).statusCode).toBe(200);
    });

    test('so is one whose checks take a while', async () => {
      const health = new HealthController().register(
        'a',
        () => new Promise((resolve) => setTimeout(resolve, 20)),
      );
      const { port } = await setUp({}, health);
      expect((await raw(port, upgrade(PATH, 'h2c'))).body).toBe(HEALTHY);
    });

    test('whatever is not for health is the program’s, and so are all WebSockets', async () => {
      const { attachment, port, dial } = await setUp({ path: '/' });
      expect((await raw(port, upgrade('/other', 'h2c'))).statusCode).toBe(400);
      expect([await dial('/'), await dial('/live'), await dial('/chat')]).toEqual(['open', 'open', 'open']);
      attachment.detach();
      expect((await raw(port, upgrade('/', 'h2c'))).statusCode).toBe(400);
    });

    test('a client that leaves meanwhile harms nobody', async () => {
      const wait = gate<void>();
      const health = new HealthController().register('a', () => wait.promise);
      const { server, port } = await setUp({}, health);
      const client = await open(port);
      const emitted = vi.spyOn(server, 'emit');
      client.send(upgrade(PATH, 'h2c'));
      await vi.waitUntil(() => emitted.mock.calls.some(([event]) => event === 'upgrade'));
      client.socket.resetAndDestroy();
      await client.ended;
      wait.open();
      expect((await raw(port, upgrade(PATH, 'h2c'))).body).toBe(HEALTHY);
    });
  });

  test('can be taken off again, also when somebody else has wrapped the server meanwhile', async () => {
    const { server, url } = await serve((_request, response) => response.end('application'));
    const { emit } = server;
    attach(server, healthy()).detach();
    expect(server.emit).toBe(emit);
    const attachment = attach(server, healthy());
    const ours = server.emit;
    server.emit = function (this: typeof server, ...parts: Parameters<typeof emit>) {
      return ours.apply(this, parts);
    } as typeof emit;
    expect((await request(url).get(PATH)).text).toBe(HEALTHY);
    const theirs = server.emit;
    attachment.detach();
    attachment.detach();
    expect(server.emit).toBe(theirs);
    expect((await request(url).get(PATH)).text).toBe('application');
  });

  test('works on every kind of application', async () => {
    for (const { listener } of MOUNTS) {
      const inner = new HealthController().register('inner', () => undefined);
      const { server, url } = await serve(listener(inner, { path: '/inner' }));
      attach(server, healthy());
      expect((await request(url).get(PATH)).text).toBe(HEALTHY);
      expect((await request(url).get('/inner')).text).toBe('{"status":"healthy","checks":{"inner":"ok"}}');
    }
  });

  test('issues are listed all together', () => {
    try {
      attach({} as never, {} as never, { path: 'x' });
      expect.unreachable();
    } catch (thrown) {
      expect(isConfigError(thrown) && thrown.issues.map((fault) => fault.slice(0, 22))).toEqual([
        'Expected `server` to b',
        'Expected `health` to b',
        'Expected `path` to be ',
      ]);
    }
  });

  test('a request of a client that keeps its connection is answered again and again', async () => {
    const server = createServer((_request, response) => response.end('application'));
    attach(server, healthy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => {
      agent.destroy();
      server.close();
    });
    for (const path of [PATH, '/other', PATH]) {
      const answer = await new Promise<string>((resolve) => {
        http.get({ port, path, agent }, (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => resolve(text));
        });
      });
      expect(answer).toBe(path === PATH ? HEALTHY : 'application');
    }
  });
});

test('anything but a server is reported, with every other issue', () => {
  expect(() => attach({} as never, healthy(), { path: 'x' })).toThrow(
    /^Invalid attach\(\) arguments:\n {2}- Expected `server` to be a server of node:http, node:https or node:http2, such as `app.listen\(\)` returns, got an empty object\n {2}- Expected `path`/,
  );
});
