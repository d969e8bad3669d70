import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { hello, replies, watch } from '../helpers/connections.ts';
import { get, open, until, wire } from '../helpers/wire.ts';

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
