import { once } from 'node:events';
import net, { type AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { TcpProxy } from '../../src/testing/tcp-proxy.ts';

test('a connection that is just ending can be cut too, and nothing of it stays open', async () => {
  // It ends each connection at the first byte.
  const server = net.createServer((socket) => socket.on('data', () => socket.end())).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const proxy = await TcpProxy.to((server.address() as AddressInfo).port);
  onTestFinished(() => proxy.close());
  const { end } = Socket.prototype;
  const ended = vi.spyOn(Socket.prototype, 'end').mockImplementation(function (this: Socket, ...parts) {
    const socket = end.apply(this, parts as never);
    // In the same turn, while the connection is being shut down.
    if (this.localPort === proxy.port) proxy.cut();
    return socket;
  });
  onTestFinished(() => ended.mockRestore());
  const client = net.connect(proxy.port, '127.0.0.1');
  client.on('error', () => undefined).write('x');
  await once(client, 'close');
  await expect.poll(() => proxy.connections).toBe(0);
});
