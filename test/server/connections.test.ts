import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { createRequest, createResponse } from 'node-mocks-http';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/internal/time.ts';
import { Connections } from '../../src/server/connections.ts';
import { hello, replies, watch } from '../helpers/connections.ts';
import { get, open, serve, until } from '../helpers/wire.ts';

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
