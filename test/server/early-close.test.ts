import { createServer } from 'node:http';
import { expect, test, vi } from 'vitest';
import { onEarlyClose } from '../../src/server/early-close.ts';
import { serve } from '../helpers/wire.ts';

test('reports who closed a server, and closes it', async () => {
  const server = createServer();
  await serve(server);
  const { close } = server;
  const seen = vi.fn();
  const unwatch = onEarlyClose(server, seen);
  const closed = new Promise((resolve) => server.close(resolve));
  expect(seen).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('early-close.test.ts'));
  await closed;
  unwatch();
  expect(server.close).toBe(close);
  expect(Object.hasOwn(server, 'close')).toBe(false);
});

test('restores the server’s own close()', () => {
  const server = createServer();
  const own = vi.fn();
  server.close = own;
  onEarlyClose(server, () => undefined)();
  expect(server.close).toBe(own);
});

test('leaves a close() alone that was wrapped after it, and is silent from then on', () => {
  const server = createServer();
  const original = vi.fn();
  server.close = original;
  const seen = vi.fn();
  const unwatch = onEarlyClose(server, seen);
  const watched = server.close;
  const wrapped = () => watched.call(server);
  server.close = wrapped;
  unwatch();
  expect(server.close).toBe(wrapped);
  server.close();
  expect([original.mock.calls.length, seen.mock.calls.length]).toEqual([1, 0]);
});
