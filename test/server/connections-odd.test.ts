import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, describe as suite, test } from 'vitest';
import { systemClock } from '../../src/internal/time.ts';
import { Connections } from '../../src/server/connections.ts';
import { VirtualClock } from '../../src/testing/index.ts';
import { hello, watch } from '../helpers/connections.ts';
import { freshSocketPath } from '../helpers/unix-socket.ts';
import { get, open, serve, until, wire } from '../helpers/wire.ts';

suite('a server', () => {
  test('that begins to listen while the process shuts down stops at once', async () => {
    const server = createServer(hello);
    const connections = new Connections(server, systemClock);
    await connections.stop();
    server.listen(0, '127.0.0.1');
    await once(server, 'close');
    expect(server.listening).toBe(false);
    connections.dispose();
  });

  test('that is stopped leaves no timer behind once every connection has ended', async () => {
    const clock = new VirtualClock();
    const server = createServer(hello);
    const connections = new Connections(server, clock);
    onTestFinished(() => connections.dispose());
    const client = await open(await serve(server));
    client.send(get('/'));
    await client.until(/hello/);
    const ended = connections.stop();
    expect(clock.pending).toBe(1);
    await ended;
    expect(clock.pending).toBe(0);
    expect(connections.size).toBe(0);
    const other = new Connections(createServer(hello), clock);
    void other.stop();
    other.dispose();
    expect(clock.pending).toBe(0);
  });
});

suite('what is cut off', () => {
  test('names no connection that has sent nothing', async () => {
    const { connections, port } = await watch(hello);
    const silent = await open(port);
    await until(() => connections.size === 1);
    expect(connections.cutOff()).toEqual([]);
    await silent.ended;
  });

  test('came from a local socket where there is no address', async () => {
    const path = freshSocketPath();
    const server = createServer(hello).listen(path);
    const connections = new Connections(server, systemClock);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const connected = once(server, 'connection');
    const client = wire(connect(path));
    client.send('GET / HTTP/1.1\r\nHost:');
    const [socket] = (await connected) as [{ bytesRead: number }];
    await until(() => socket.bytesRead > 0);
    expect(connections.cutOff()).toEqual(['a request that had not arrived completely, from a local socket']);
    await client.ended;
    connections.dispose();
  });
});
