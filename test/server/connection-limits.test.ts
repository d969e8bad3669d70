import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ConnectionLimits } from '../../src/server/connection-limits.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { get, open, serve, until } from '../helpers/wire.ts';

async function setUp(most: number, body: string | Buffer = 'here') {
  const clock = new VirtualClock();
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/wait') waiting.push(() => response.end(body));
    else response.end(body);
  });
  const limits = new ConnectionLimits(server, clock, most);
  onTestFinished(() => limits.dispose());
  return { clock, server, limits, waiting, port: await serve(server) };
}

describe('of too many connections', () => {
  test('the longest idle one is closed, so that a prober gets in', async () => {
    const { port } = await setUp(3);
    const first = await open(port);
    const second = await open(port);
    const third = await open(port);
    // The first one has done something since.
    for (const each of [second, third, first]) {
      each.send(get('/'));
      await each.until(/here/);
    }
    const prober = await open(port);
    prober.send(get('/'));
    await prober.until(/here/);
    await second.ended;
    expect([first, third].map((each) => each.socket.closed)).toEqual([false, false]);
  });

  test('one that waits for an answer stays, as long as another is idle', async () => {
    const { port, waiting } = await setUp(2);
    const busy = await open(port);
    busy.send(get('/wait'));
    await until(() => waiting.length === 1);
    const idle = await open(port);
    idle.send(get('/'));
    await idle.until(/here/);
    const prober = await open(port);
    await idle.ended;
    waiting[0]?.();
    await busy.until(/here/);
    expect(prober.socket.closed).toBe(false);
  });

  test('where all wait for answers, the one that has waited longest goes', async () => {
    const { port, waiting } = await setUp(2);
    const clients = [];
    for (let count = 1; count <= 2; count++) {
      const client = await open(port);
      client.send(get('/wait'));
      await until(() => waiting.length === count);
      clients.push(client);
    }
    const prober = await open(port);
    prober.send(get('/'));
    await prober.until(/here/);
    await clients[0]?.ended;
    expect(clients[1]?.socket.closed).toBe(false);
  });

  test('is one closed from 1000 on', () => {
    const server = createServer();
    const limits = new ConnectionLimits(server, new VirtualClock());
    onTestFinished(() => limits.dispose());
    const sockets = Array.from({ length: 1001 }, () =>
      Object.assign(new EventEmitter(), { destroyed: false, destroy: vi.fn() }),
    );
    const destroyed = () => sockets.filter(({ destroy }) => destroy.mock.calls.length > 0);
    for (const socket of sockets.slice(0, 1000)) server.emit('connection', socket as unknown as Socket);
    expect(destroyed()).toEqual([]);
    server.emit('connection', sockets[1000] as unknown as Socket);
    expect(destroyed()).toEqual([sockets[0]]);
  });

  test('those that have sent nothing at all count too', async () => {
    const { port } = await setUp(2);
    const silent = await open(port);
    await open(port);
    await open(port);
    await silent.ended;
  });
});

describe('a client that does not read its answer', () => {
  const LARGE = Buffer.alloc(40_000_000, 'x');

  test('is cut off after 30 s', async () => {
    const { clock, port, server } = await setUp(10, LARGE);
    const client = await open(port);
    client.socket.pause();
    const written = new Promise<void>((resolve) => server.once('request', () => setImmediate(resolve)));
    client.send(get('/'));
    await written;
    await settled(client.socket);
    await clock.advance(31_000);
    client.socket.resume();
    await client.ended;
    expect(client.text().length).toBeLessThan(LARGE.length);
  });

  test('is not while it reads, however slowly, nor one that is idle', async () => {
    const { clock, port } = await setUp(10, LARGE);
    const idle = await open(port);
    idle.send('GET /wait HTTP/1.1\r\n');
    const client = await open(port);
    client.socket.pause();
    client.send(get('/', 'Connection: close\r\n'));
    for (let second = 0; second < 100; second++) {
      await clock.advance(1000);
      if (second % 20 === 0) {
        // More than the system keeps for it, or nothing more would leave.
        await readSome(client.socket, 6_000_000);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    client.socket.resume();
    await client.ended;
    expect(client.text().length).toBeGreaterThan(LARGE.length);
    expect(idle.socket.closed).toBe(false);
  });
});

/** Lets a paused client read this much, up to a chunk, and pauses it again. */
async function readSome(socket: Socket, length: number): Promise<void> {
  const until = socket.bytesRead + length;
  while (socket.bytesRead < until) {
    const chunk = once(socket, 'data');
    socket.resume();
    await chunk;
    socket.pause();
  }
}

/** Waits until the system takes no more for a client that does not read. */
async function settled(socket: { bytesRead: number }): Promise<void> {
  let before = -1;
  while (socket.bytesRead !== before) {
    before = socket.bytesRead;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('disposing of the limits leaves no listener and no timer', async () => {
  const { clock, server, limits, port } = await setUp(10);
  const client = await open(port);
  client.send(get('/'));
  await client.until(/here/);
  limits.dispose();
  expect([server.listenerCount('request'), clock.pending]).toEqual([1, 0]);
});
