import { fork } from 'node:child_process';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { patienceMs, start } from '../helpers/processes.ts';
import { expectGracefulEnd, portOfItsOwn, programFile, recipe, urlOf } from '../helpers/recipes.ts';

const page = (name: string) => recipe(name, 'shutdown/recipes.test.ts');

async function running(name: string) {
  return start(process.execPath, ['--import', portOfItsOwn, await programFile(await page(name))]);
}

describe('the recipe for', { timeout: 2 * patienceMs }, () => {
  test.each(['express.md', 'connect.md', 'hono.md', 'fastify.md', 'koa.md', 'cluster.md'])(
    '%s loses no request',
    async (name) => {
      const child = await running(name);
      const isCluster = name === 'cluster.md';
      // The primary, which accepts for all, and two workers.
      if (isCluster) await child.says(/(?:listening[\s\S]*){3}/);
      await expectGracefulEnd(child, isCluster ? 2 : 1);
    },
  );

  test.each([['polling'], ['websocket']])(
    'socket.io.md sends clients over %s elsewhere',
    async (transport) => {
      const child = await running('socket.io.md');
      const client = io(await urlOf(child), {
        transports: [transport],
        reconnectionDelay: 50,
        reconnectionDelayMax: 50,
      });
      onTestFinished(() => void client.close());
      await new Promise<void>((resolve) => client.once('connect', resolve));
      let refusals = 0;
      client.on('connect_error', () => refusals++);
      await expectGracefulEnd(child);
      expect(refusals).toBeGreaterThan(0);
      expect(client.connected).toBe(false);
    },
  );

  test('pm2.md is ready when it reports that, and ends on SIGINT within kill_timeout', async () => {
    // What PM2 does in fork mode: an IPC channel, then the signal.
    const child = fork(await programFile(await page('pm2.md')), {
      execArgv: ['--import', portOfItsOwn],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    onTestFinished(() => void (child.exitCode ?? child.kill('SIGKILL')));
    expect(await once(child, 'message')).toEqual(['ready', undefined]);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
