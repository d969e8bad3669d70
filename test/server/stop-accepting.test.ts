import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { GracefulServer } from '../../src/server/graceful-server.ts';
import { isStopped, socketFileOf, stopAccepting } from '../../src/server/stop-accepting.ts';
import { temporaryFolder } from '../helpers/processes.ts';
import { serve } from '../helpers/wire.ts';

async function onFile(): Promise<{ server: Server; path: string }> {
  const path = join(await temporaryFolder(), 'service.sock');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return { server, path };
}

function stop(server: Server): Promise<void> {
  const file = socketFileOf(server);
  return new Promise((resolve) => stopAccepting(server, file, resolve));
}

describe('the file of a Unix socket', () => {
  test('is removed by the process that made it', async () => {
    const { server, path } = await onFile();
    await stop(server);
    expect(existsSync(path)).toBe(false);
  });

  test('stays where something else stands in its place, with nothing left next to it', async () => {
    const { server, path } = await onFile();
    const file = socketFileOf(server);
    const { rmSync, readdirSync } = await import('node:fs');
    rmSync(path);
    writeFileSync(path, 'of the next process');
    await new Promise<void>((resolve) => stopAccepting(server, file, resolve));
    expect(readFileSync(path, 'utf8')).toBe('of the next process');
    expect(readdirSync(join(path, '..'))).toEqual(['service.sock']);
  });

  test('causes no error where it is gone', async () => {
    const { server, path } = await onFile();
    const file = socketFileOf(server);
    const { rmSync } = await import('node:fs');
    rmSync(path);
    await new Promise<void>((resolve) => stopAccepting(server, file, resolve));
    expect(socketFileOf(server)).toBeUndefined();
  });

  test('is undefined with TCP', async () => {
    const server = createServer();
    await serve(server);
    expect(socketFileOf(server)).toBeUndefined();
  });
});

test('a server that is not of node:net is closed its own way, as Bun’s', () => {
  const close = vi.fn((callback: () => void) => callback());
  const closed = vi.fn();
  stopAccepting({ close } as unknown as GracefulServer, undefined, closed);
  expect([close.mock.calls.length, closed.mock.calls.length]).toEqual([1, 1]);
});

test('a server is known to have been stopped by this package, or by another copy of it', async () => {
  const { server } = await onFile();
  expect(isStopped(server)).toBe(false);
  await stop(server);
  expect(isStopped(server)).toBe(true);
  expect(isStopped({ [Symbol.for('allswell.stopped')]: true } as unknown as GracefulServer)).toBe(true);
});
