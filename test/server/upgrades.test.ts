import { describe, expect, test } from 'vitest';
import { hello, watch } from '../helpers/connections.ts';
import { get, open } from '../helpers/wire.ts';

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
