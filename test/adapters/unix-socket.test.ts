import { spawnSync } from 'node:child_process';
import cluster from 'node:cluster';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, onTestFinished, describe as suite, test } from 'vitest';
import { listenOnPath } from '../../src/adapters/unix-socket.ts';
import { askSocket, freshSocketPath } from '../helpers/unix-socket.ts';

function created(): Server {
  const server = createServer((_request, response) => void response.end());
  onTestFinished(() => void server.close());
  return server;
}

/** What a killed process leaves. */
function leave(socketPath: string): void {
  spawnSync(process.execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ]);
  expect(existsSync(socketPath)).toBe(true);
}

suite('the socket of a process', () => {
  test('that is taken is refused with a code', async () => {
    const socketPath = freshSocketPath();
    await listenOnPath(created(), socketPath);
    await expect(listenOnPath(created(), socketPath)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('leaves no listener for errors behind', async () => {
    const server = created();
    const before = server.listenerCount('error');
    await listenOnPath(server, freshSocketPath());
    expect(server.listenerCount('error')).toBe(before);
  });

  test('that someone else removed causes no error on close', async () => {
    const { rmSync } = await import('node:fs');
    const socketPath = freshSocketPath();
    const remove = await listenOnPath(created(), socketPath);
    rmSync(socketPath);
    expect(remove).not.toThrow();
  });
});

// The flag alone, in a process that is no worker: the socket is then shared with nobody, but taken in the same way.
suite('the socket that the workers of a cluster share', () => {
  const flags = cluster as { isWorker: boolean };
  beforeEach(() => {
    flags.isWorker = true;
  });
  afterEach(() => {
    flags.isWorker = false;
  });

  test('is created under its own name, and removed by the primary process', async () => {
    const socketPath = freshSocketPath();
    const server = created();
    const remove = await listenOnPath(server, socketPath);
    expect(server.address()).toBe(socketPath);
    remove();
    expect(existsSync(socketPath)).toBe(true);
    expect(await askSocket(socketPath)).toBe(200);
  });

  test('replaces what a killed process left', async () => {
    const socketPath = freshSocketPath();
    leave(socketPath);
    await listenOnPath(created(), socketPath);
    expect(await askSocket(socketPath)).toBe(200);
  });

  test('is refused if a process listens there, another file is there, or none can be created', async () => {
    const socketPath = freshSocketPath();
    await listenOnPath(created(), socketPath);
    await expect(listenOnPath(created(), socketPath)).rejects.toThrow(`a process listens on ${socketPath}`);
    expect(await askSocket(socketPath)).toBe(200);
    const file = freshSocketPath();
    writeFileSync(file, 'precious');
    await expect(listenOnPath(created(), file)).rejects.toThrow('exists and is not a socket');
    await expect(listenOnPath(created(), '/nowhere/at/all.sock')).rejects.toThrow(/EACCES|ENOENT/);
  });
});
