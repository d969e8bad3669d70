import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { attach as attachEngine } from 'engine.io';
import { createRequest, createResponse } from 'node-mocks-http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { attach } from '../../src/adapters/attach.ts';
import { HealthController } from '../../src/health/controller.ts';
import { systemClock } from '../../src/internal/time.ts';
import { Connections } from '../../src/server/connections.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { get, open, serve, until, wire } from '../helpers/wire.ts';

/** Connections of a server on a free port, taken note of from the start. */
async function watch(handler: RequestListener, server: Server = createServer()) {
  const clock = new VirtualClock();
  const connections = new Connections(server, clock);
  onTestFinished(() => connections.dispose());
  server.on('request', handler);
  return { clock, connections, server, port: await serve(server) };
}

const hello: RequestListener = (_request, response) => void response.end('hello');

/** Replies that the test gives, by path. */
function replies() {
  const waiting = new Map<string, ServerResponse>();
  const handler: RequestListener = (request, response) => void waiting.set(String(request.url), response);
  const take = async (path: string) => (await until(() => waiting.get(path))) as ServerResponse;
  return { handler, take };
}

describe('while draining, every reply has Connection: close', () => {
  test('on a connection that was kept alive before, which then ends without an error', async () => {
    const { connections, port } = await watch(hello);
    const client = await open(port);
    client.send(get('/'));
    expect(await client.until(/hello/)).toMatch(/Connection: keep-alive/);
    connections.closeReplies();
    client.send(get('/'));
    expect(await client.until(/hello[\s\S]*hello/)).toMatch(/Connection: close\r\n[\s\S]*hello$/);
    expect(await client.ended).toBeUndefined();
  });

  test('also to a request that arrived before', async () => {
    const { handler, take } = replies();
    const { connections, port } = await watch(handler);
    const client = await open(port);
    client.send(get('/'));
    const response = await take('/');
    response.setHeader('Connection', 'keep-alive');
    response.setHeader('Keep-Alive', 'timeout=60');
    connections.closeReplies();
    connections.closeReplies();
    response.end('hello');
    const text = await client.until(/hello/);
    expect(text.match(/^(?:connection|keep-alive):.*$/gim)).toEqual(['Connection: close']);
    expect(await client.ended).toBeUndefined();
  });

  test.each<[string, (response: ServerResponse) => unknown]>([
    [
      'an object',
      (response) =>
        response.writeHead(200, { connection: 'keep-alive', 'Keep-Alive': 'timeout=9', 'X-Mine': '1' }),
    ],
    [
      'an object after a status text',
      (response) => response.writeHead(200, 'Fine', { Connection: 'keep-alive', 'X-Mine': '1' }),
    ],
    ['a flat list', (response) => response.writeHead(200, ['CONNECTION', 'keep-alive', 'X-Mine', '1'])],
    [
      'a list of pairs',
      (response) =>
        response.writeHead(200, [
          ['Connection', 'keep-alive'],
          ['X-Mine', '1'],
        ] as never),
    ],
    [
      'a list over a header of before',
      (response) => response.setHeader('Connection', 'keep-alive').writeHead(200, ['X-Mine', '1']),
    ],
    [
      'single headers',
      (response) => response.setHeader('Connection', 'keep-alive').setHeader('X-Mine', '1').writeHead(200),
    ],
  ])('whatever its handler sets in %s', async (_form, answer) => {
    const { connections, port } = await watch((_request, response) => {
      answer(response);
      response.end('hello');
    });
    connections.closeReplies();
    const client = await open(port);
    client.send(get('/'));
    const text = await client.until(/hello/);
    expect(text.match(/^(?:connection|keep-alive):.*$/gim)).toEqual(['Connection: close']);
    expect(text).toContain('X-Mine: 1');
    expect(await client.ended).toBeUndefined();
  });

  test('also where listeners are bypassed: attach(), engine.io, checkContinue', async () => {
    const { connections, port, server } = await watch(hello);
    attach(server, new HealthController());
    const engine = attachEngine(server, {});
    onTestFinished(() => void engine.close());
    server.on('checkContinue', hello);
    connections.closeReplies();
    const requests = [
      [get('/api/v1/health/live'), /"healthy"/],
      [get('/engine.io/?EIO=4&transport=polling'), /"sid"/],
      [get('/other', 'Expect: 100-continue\r\n'), /hello/],
    ] as const;
    for (const [text, answer] of requests) {
      const client = await open(port);
      client.send(text);
      expect((await client.until(answer)).match(/^Connection:.*$/gim)).toEqual(['Connection: close']);
      expect(await client.ended).toBeUndefined();
    }
  });

  test("also to a request that another server passes on, which Node announces on its channel as the other one's", async () => {
    const { connections, server } = await watch(hello);
    const front = createServer((request, response) => void server.emit('request', request, response));
    const client = await open(await serve(front));
    connections.closeReplies();
    client.send(get('/'));
    expect(await client.until(/hello/)).toMatch(/Connection: close/);
  });

  test('on this server, and on no other', async () => {
    const { connections } = await watch(hello);
    const other = await watch(hello);
    connections.closeReplies();
    const client = await open(other.port);
    client.send(get('/'));
    expect(await client.until(/hello/)).toContain('Connection: keep-alive');
    connections.dispose();
  });

  test('but to pipelined requests only the last one, so that none is lost', async () => {
    const { handler, take } = replies();
    const { connections, port } = await watch(handler);
    connections.closeReplies();
    const client = await open(port);
    client.send(get('/1') + get('/2'));
    const [first, second] = [await take('/1'), await take('/2')];
    first.end('one');
    second.end('two');
    const text = await client.until(/two/);
    expect(text.match(/^Connection:.*$/gim)).toEqual(['Connection: keep-alive', 'Connection: close']);
    expect(await client.ended).toBeUndefined();
  });

  test('but not where a reply switches protocols, nor a second time', async () => {
    const { connections, port } = await watch((_request, response) => {
      response.writeHead(101, { Connection: 'Upgrade', Upgrade: 'echo' });
      response.end();
    });
    connections.closeReplies();
    const client = await open(port);
    client.send(get('/'));
    expect(await client.until(/\r\n\r\n/)).toMatch(/Connection: Upgrade/);
  });

  test('a handler that sends headers twice gets Node’s error, as ever', async () => {
    let thrown: unknown;
    const { connections, port } = await watch((_request, response) => {
      response.writeHead(200);
      try {
        response.writeHead(200, { connection: 'keep-alive' });
      } catch (error) {
        thrown = error;
      }
      response.end('hello');
    });
    connections.closeReplies();
    const client = await open(port);
    client.send(get('/'));
    await client.until(/hello/);
    expect(thrown).toMatchObject({ code: 'ERR_HTTP_HEADERS_SENT' });
  });
});

describe('made-up requests', () => {
  test.each([undefined, new EventEmitter()])(
    'that have no connection are answered, and nothing waits for them',
    async (socket) => {
      const { connections, server } = await watch(hello);
      const response = createResponse({ eventEmitter: EventEmitter });
      server.emit('request', Object.assign(createRequest({ url: '/' }), { socket }), response);
      expect(response._getData()).toBe('hello');
      await connections.stop();
      expect(connections.cutOff()).toEqual([]);
    },
  );
});

describe('stopping', () => {
  test('closes idle connections and resolves', async () => {
    const { connections, port, server } = await watch(hello);
    const client = await open(port);
    client.send(get('/'));
    await client.until(/hello/);
    await connections.stop();
    expect(await client.ended).toBeUndefined();
    expect(server.listening).toBe(false);
    expect(connections.cutOff()).toEqual([]);
  });

  test('waits for a reply that began before draining, then closes its connection', async () => {
    const { handler, take } = replies();
    const { connections, port, server } = await watch(handler);
    // Node would close it by itself after five seconds.
    server.keepAliveTimeout = 600_000;
    const client = await open(port);
    client.send(get('/'));
    const response = await take('/');
    response.write('begun ');
    await client.until(/keep-alive[\s\S]*begun/);
    const ended = connections.stop();
    // Past the first look for idle connections, so that only the reply's own end can close this one.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    response.end('done');
    await client.until(/done/);
    await ended;
    expect(await client.ended).toBeUndefined();
  });

  test('does not truncate a large reply that a slow client is still reading', async () => {
    const size = 30_000_000;
    const { connections, port } = await watch(
      (_request, response) => void response.end(Buffer.alloc(size, 'x')),
    );
    const client = await open(port);
    client.socket.pause();
    let received = 0;
    client.socket.on('data', (chunk: string) => {
      received += chunk.length;
    });
    client.send(get('/'));
    await until(() => client.socket.bytesWritten > 0);
    const idle = await open(port);
    idle.send(get('/nothing'));
    idle.socket.pause();
    await until(() => connections.inFlight === 2);
    const ended = connections.stop();
    // Two turns of the loop are what Node's close() would have used to destroy the connection.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    client.socket.resume();
    idle.socket.resume();
    await ended;
    await client.ended;
    expect(received).toBeGreaterThan(size);
  });

  test('forgets requests that were queued behind another one when their client went', async () => {
    const { handler, take } = replies();
    const { connections, port } = await watch(handler);
    const client = await open(port);
    client.send(get('/1') + get('/2') + get('/3'));
    const queued = await take('/3');
    expect(connections.inFlight).toBe(3);
    client.socket.destroy();
    queued.end('too late');
    await until(() => connections.inFlight === 0);
    const idle = await open(port);
    idle.send(get('/4'));
    (await take('/4')).end('hello');
    await idle.until(/hello/);
    await connections.stop();
    expect(connections.cutOff()).toEqual([]);
  });

  test('closes connections that never sent anything, a new one after a second', async () => {
    const { clock, connections, port, server } = await watch(hello);
    let accepted = 0;
    server.on('connection', () => accepted++);
    const old = await open(port);
    await until(() => accepted === 1);
    await clock.advance(1000);
    const young = await open(port);
    await until(() => accepted === 2);
    const ended = connections.stop();
    expect(await old.ended).toBeUndefined();
    young.send(get('/'));
    expect(await young.until(/hello/)).toMatch(/Connection: close/);
    await ended;
  });

  test('allows a young silent connection one second', async () => {
    const { clock, connections, port, server } = await watch(hello);
    const accepted = new Promise((resolve) => server.once('connection', resolve));
    const client = await open(port);
    await accepted;
    const ended = connections.stop();
    await clock.advance(999);
    expect(client.socket.destroyed).toBe(false);
    await clock.advance(1);
    await ended;
    expect(connections.cutOff()).toEqual([]);
  });

  test('tracks connections that existed before it', async () => {
    const { handler, take } = replies();
    const server = createServer(handler);
    const port = await serve(server);
    const [client, early] = [await open(port), await open(port)];
    client.send(get('/1'));
    const connections = new Connections(server, systemClock);
    (await take('/1')).end('one');
    await client.until(/one/);
    client.send(get('/2'));
    await take('/2');
    early.send(get('/3'));
    const third = await take('/3');
    const socket = third.req.socket;
    third.end('three');
    await early.until(/three/);
    const bytesRead = socket.bytesRead;
    early.send('GET /unfinished HTTP/1.1\r\nHo');
    await until(() => socket.bytesRead > bytesRead);
    void connections.stop();
    expect(connections.cutOff()).toEqual([
      expect.stringMatching(/^GET \/2 \(after \d+\.\d s\)$/),
      'a request that had not arrived completely, from 127.0.0.1',
    ]);
    connections.dispose();
    await Promise.all([client.ended, early.ended]);
  });
});

describe('cutting off', () => {
  test('names the path that the client asked for, whatever a router made of it', async () => {
    const { connections, port } = await watch((request) => {
      request.url = '/7';
    });
    const client = await open(port);
    client.send(get('/api/orders/7'));
    await until(() => connections.inFlight === 1);
    expect(connections.cutOff()).toEqual(['GET /api/orders/7 (after 0.0 s)']);
    await client.ended;
  });

  test('distinguishes an incomplete request from an idle connection', async () => {
    const { connections, port, server } = await watch(hello);
    const idle = await open(port);
    idle.send(get('/'));
    await idle.until(/hello/);
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const partial = await open(port);
    partial.send('POST /upload HTTP/1.1\r\nHo');
    const socket = await accepted;
    await until(() => socket.bytesRead > 0);
    expect(connections.cutOff()).toEqual(['a request that had not arrived completely, from 127.0.0.1']);
    await Promise.all([idle.ended, partial.ended]);
  });

  test('names upgraded connections, by protocol and path', async () => {
    const { connections, port, server } = await watch(hello);
    server.on('upgrade', (_request, socket) => {
      socket.on('error', () => undefined);
      socket.on('end', () => socket.end()).resume();
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    });
    server.on('connect', (_request, socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    const [echo, tunnel, gone] = [await open(port), await open(port), await open(port)];
    const upgrade = get('/chat?token=secret', 'Connection: Upgrade\r\nUpgrade: echo\r\n');
    echo.send(upgrade);
    gone.send(upgrade);
    tunnel.send('CONNECT db:5432 HTTP/1.1\r\nHost: db\r\n\r\n');
    await Promise.all([echo.until(/101/), gone.until(/101/), tunnel.until(/200/)]);
    gone.socket.destroy();
    await until(() => connections.size === 2);
    expect(connections.cutOff()).toEqual(['echo /chat', 'tunnel db:5432']);
    await Promise.all([echo.ended, tunnel.ended]);
  });

  test('leaves upgrade requests to Node where nobody listens for them, or does no longer', async () => {
    const { port, server } = await watch(hello);
    const ignore = () => undefined;
    const upgrade = get('/', 'Connection: Upgrade\r\nUpgrade: h2c\r\n');
    const client = await open(port);
    client.send(upgrade);
    await client.until(/hello/);
    server.on('upgrade', ignore).on('upgrade', hello);
    server.removeListener('upgrade', hello).removeListener('upgrade', ignore);
    expect(server.listenerCount('upgrade')).toBe(0);
    const other = await open(port);
    other.send(upgrade);
    await other.until(/hello/);
  });
});

describe('refusing WebSockets', () => {
  const upgrade = (protocol: string) => get('/chat', `Connection: Upgrade\r\nUpgrade: ${protocol}\r\n`);

  test('answers 503 before any listener, and closes', async () => {
    const { connections, port, server } = await watch(hello);
    let upgrades = 0;
    server.on('upgrade', (_request, socket) => {
      upgrades++;
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    connections.refuseWebSockets();
    connections.refuseWebSockets();
    const client = await open(port);
    client.send(upgrade('WebSocket'));
    expect(await client.ended).toBeUndefined();
    expect(client.text()).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 1\r\nConnection: close\r\n/);
    expect(upgrades).toBe(0);
    const other = await open(port);
    other.send(upgrade('h2c'));
    await other.until(/400/);
    expect(upgrades).toBe(1);
    connections.dispose();
    const later = await open(port);
    later.send(upgrade('websocket'));
    await later.until(/400/);
  });

  test('leaves them ordinary requests where nobody listens for upgrades', async () => {
    const { connections, port } = await watch(hello);
    connections.refuseWebSockets();
    const client = await open(port);
    client.send(upgrade('websocket'));
    expect(await client.until(/hello/)).toMatch(/^HTTP\/1\.1 200/);
  });
});

describe('an https server', () => {
  const pem = readFileSync(new URL('../fixtures/localhost.pem', import.meta.url));
  const secure = () => createHttpsServer({ key: pem, cert: pem }) as unknown as Server;
  const dial = (port: number) => wire(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }));

  test('closes replies, idle and silent connections', async () => {
    const { clock, connections, port, server } = await watch(hello, secure());
    let accepted = 0;
    server.on('connection', () => accepted++).on('secureConnection', () => accepted++);
    const [used, silent, mute] = [dial(port), dial(port), await open(port)];
    used.send(get('/'));
    await used.until(/keep-alive[\s\S]*hello/);
    await until(() => accepted === 5);
    await clock.advance(1000);
    connections.closeReplies();
    const fresh = dial(port);
    fresh.send(get('/'));
    await fresh.until(/Connection: close/);
    await connections.stop();
    expect(await Promise.all([used.ended, silent.ended, mute.ended])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('cuts off what is in flight, and names a handshake that never ends', async () => {
    const { handler, take } = replies();
    const { connections, port, server } = await watch(handler, secure());
    const client = dial(port);
    client.send(get('/slow'));
    await take('/slow');
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const half = await open(port);
    half.send('\x16\x03\x01\x02\x00');
    const socket = await accepted;
    await until(() => socket.bytesRead > 0);
    expect(connections.size).toBe(3);
    void connections.stop();
    expect(connections.cutOff()).toEqual([
      'GET /slow (after 0.0 s)',
      'a TLS handshake that had not completed, from 127.0.0.1',
    ]);
    await Promise.all([client.ended, half.ended]);
    await until(() => !server.listening && connections.size === 0);
  });
});
