import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { Server as TcpServer } from 'node:net';
import { expect, describe as suite, test } from 'vitest';
import { isGracefulServer, isHttp2Server } from '../../src/server/graceful-server.ts';

const nothing = () => undefined;
const common = { on: nothing, prependListener: nothing, close: nothing, address: nothing };
const http1 = { ...common, closeIdleConnections: nothing, closeAllConnections: nothing };
const http2 = { ...common, updateSettings: nothing };

suite('a server that can be shut down gracefully', () => {
  test('is one of node:http or node:http2, or what looks like one', () => {
    for (const server of [createServer(), createHttp2Server(), http1, http2])
      expect(isGracefulServer(server)).toBe(true);
  });

  test.each(Object.keys(http1))('has `%s`', (method) => {
    expect(isGracefulServer({ ...http1, [method]: undefined })).toBe(false);
  });

  test('is neither a bare TCP server nor anything else', () => {
    for (const value of [new TcpServer(), undefined, null, {}, 7])
      expect(isGracefulServer(value)).toBe(false);
  });

  test('speaks HTTP/2 if it has settings', () => {
    expect(isHttp2Server(http2)).toBe(true);
    expect(isHttp2Server(http1)).toBe(false);
  });
});
