import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const program = fileURLToPath(new URL('../fixtures/cluster-listeners.mjs', import.meta.url));

test('with port 0 each worker of a cluster has a port of its own, and a socket is shared', () => {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const socketPath = join(folder, 'health.sock');
  const { stdout, stderr } = spawnSync(process.execPath, [program], {
    env: { ...process.env, SOCKET_PATH: socketPath },
    encoding: 'utf8',
    timeout: 50_000,
  });
  const [one, other, ...shared] = JSON.parse(stdout || JSON.stringify([stderr])) as unknown[];
  expect([typeof one, typeof other]).toEqual(['number', 'number']);
  expect(one).not.toBe(other);
  expect(shared).toEqual([socketPath, socketPath]);
  expect(existsSync(socketPath)).toBe(false);
});
