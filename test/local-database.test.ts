import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startLocalDatabase } from '../examples/app/local-database.ts';
import { backends, createDatabase, query, resume, startCluster, suspend } from './helpers/database.ts';
import { isAlive, patienceMs, processesNaming, start, untilNothingIsLeft } from './helpers/processes.ts';

const compiled = new URL('../build/examples/app/local-database.js', import.meta.url).href;

/** A program that starts a database, says where, and stays. */
const parent = `
  const { startLocalDatabase } = await import(${JSON.stringify(compiled)});
  const { folder } = await startLocalDatabase();
  console.log('folder ' + folder + ';');
  setInterval(() => {}, 60_000);
`;

let temporary = '';

/** A temporary folder that everybody may enter, for clusters whose name a test cannot know. */
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'allswell-test-'));
  await chmod(temporary, 0o755);
});

afterAll(() => rm(temporary, { recursive: true, force: true }));

function startParent() {
  return start(process.execPath, ['--input-type=module', '-e', parent], {
    env: { ...process.env, TMPDIR: temporary },
    detached: true,
  });
}

describe('a local database', { timeout: 3 * patienceMs }, () => {
  test('answers, and leaves nothing when it is stopped', async () => {
    const database = await startLocalDatabase();
    expect(await query(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await processesNaming(database.folder)).toHaveLength(2);
    await database.stop();
    expect(isAlive(database.postmasterPid())).toBe(false);
    expect(existsSync(database.folder)).toBe(false);
    await untilNothingIsLeft(database.folder);
    await database.stop();
    await expect(database.start()).rejects.toThrow('has been stopped');
  });

  test('keeps its data and its port when it is halted the hard way and started again', async () => {
    const database = await startCluster();
    await query(database.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await database.halt('immediate');
    expect(isAlive(database.postmasterPid())).toBe(false);
    await expect(query(database.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await database.start();
    expect(await query(database.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await database.halt('fast');
    await database.start();
    expect(await query(database.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('is stopped although one of its backends is frozen', async () => {
    const database = await startCluster();
    const url = await createDatabase(database);
    const sleeper = query(url, 'SELECT pg_sleep(600)').catch((error) => error);
    const [backend] = await vi.waitUntil(
      async () => {
        const rows = await backends(url);
        return rows[0]?.state === 'active' && rows;
      },
      { timeout: patienceMs },
    );
    suspend(backend?.pid ?? Number.NaN);
    await database.stop();
    await untilNothingIsLeft(database.folder);
    expect(await sleeper).toBeInstanceOf(Error);
    resume(backend?.pid ?? Number.NaN);
  });

  test('takes as many clients as it is told to', async () => {
    const database = await startCluster({ maxConnections: 7 });
    expect(await query(database.url, 'SHOW max_connections')).toEqual([{ max_connections: '7' }]);
  });

  test('on a port that is taken fails with the port in the message and leaves nothing', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const port = (squatter.address() as { port: number }).port;
    vi.stubEnv('TMPDIR', temporary);
    try {
      await expect(startLocalDatabase({ port })).rejects.toThrow(
        new RegExp(`postgres ended with code 1: .*Address already in use.*${port}`, 's'),
      );
      expect(await readdir(temporary)).toEqual([]);
      expect(await processesNaming(temporary)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      squatter.close();
    }
  });
});

describe('when the process that started it', { timeout: 3 * patienceMs }, () => {
  test('is killed, server and folder go too', async () => {
    const child = startParent();
    const [, folder = ''] = await child.says(/folder (.+);/);
    expect(await processesNaming(folder)).toHaveLength(2);
    child.kill('SIGKILL');
    await untilNothingIsLeft(folder);
  });

  test('is killed before the server is up, nothing is left either', async () => {
    const child = startParent();
    await vi.waitUntil(async () => (await processesNaming(temporary, 'initdb')).length > 0, {
      timeout: patienceMs,
      interval: 2,
    });
    child.kill('SIGKILL');
    const [folder = ''] = await readdir(temporary);
    await untilNothingIsLeft(join(temporary, folder));
  });

  test('gets a Ctrl-C, the server is not cut off but ends with it', async () => {
    const child = startParent();
    const [, folder = ''] = await child.says(/folder (.+);/);
    process.kill(-child.pid, 'SIGINT'); // as a terminal does: to the whole process group
    expect(await child.ended).toEqual({ code: null, signal: 'SIGINT' });
    await untilNothingIsLeft(folder);
  });

  test('sees initdb die, it learns why and nothing is left', async () => {
    const child = startParent();
    const [initdb] = await vi.waitUntil(
      async () => {
        const pids = await processesNaming(temporary, 'initdb');
        return pids.length > 0 && pids;
      },
      { timeout: patienceMs, interval: 2 },
    );
    process.kill(initdb ?? Number.NaN, 'SIGKILL');
    expect((await child.ended).code).toBe(1);
    expect(child.output()).toContain('initdb ended with SIGKILL');
    expect(await readdir(temporary)).toEqual([]);
    expect(await processesNaming(temporary)).toEqual([]);
  });

  test('has nothing else to do, it ends, and the server with it', async () => {
    const script = parent.replace(/setInterval.*/, '');
    const child = start(process.execPath, ['--input-type=module', '-e', script]);
    const [, folder = ''] = await child.says(/folder (.+);/);
    expect(await child.ended).toEqual({ code: 0, signal: null });
    await untilNothingIsLeft(folder);
  });
});
