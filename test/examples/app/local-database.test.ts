import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startLocalDatabase } from '../../../examples/app/local-database.ts';
import { backends, createDatabase, query, resume, startCluster, suspend } from '../../helpers/database.ts';
import {
  isAlive,
  leftovers,
  patienceMs,
  processesNaming,
  start,
  temporaryFolder,
  untilNothingIsLeft,
} from '../../helpers/processes.ts';

const compiled = new URL('../../../build/examples/app/local-database.js', import.meta.url).href;

/** A program that starts a database, says so, and has nothing else to do. */
const shortLived = `
  const { startLocalDatabase } = await import(${JSON.stringify(compiled)});
  await startLocalDatabase();
  console.log('ready');
`;

/** The same, but it stays. */
const longLived = `${shortLived}; setInterval(() => {}, 60_000);`;

/** Runs such a program, which keeps its databases in `temporary`. */
function startParent(temporary: string, script = longLived) {
  return start(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TMPDIR: temporary },
    detached: true,
  });
}

/** Makes our own local databases land in a folder of the test's. */
async function ownTemporaryFolder(): Promise<string> {
  const temporary = await temporaryFolder();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  return temporary;
}

/** Waits until the database has a folder: something that stays, unlike initdb, which is over in the blink of an eye. */
function folderIn(temporary: string): Promise<unknown> {
  return vi.waitUntil(async () => (await readdir(temporary)).length > 0, {
    timeout: patienceMs,
    interval: 2,
  });
}

describe('a local database', { timeout: 3 * patienceMs }, () => {
  test('answers, and leaves nothing when it is stopped', async () => {
    const temporary = await ownTemporaryFolder();
    const database = await startLocalDatabase();
    expect(await query(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await leftovers(temporary)).not.toEqual([]);
    await database.stop();
    expect(isAlive(database.postmasterPid())).toBe(false);
    expect(await leftovers(temporary)).toEqual([]);
    await database.stop();
    await expect(database.start()).rejects.toThrow('has been stopped');
  });

  test('keeps its data and its port when it is halted the hard way and started again', async () => {
    const database = await startCluster();
    await query(database.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    for (const mode of ['immediate', 'fast'] as const) {
      await database.halt(mode);
      expect(isAlive(database.postmasterPid())).toBe(false);
      await expect(query(database.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
      await database.start();
      expect(await query(database.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    }
  });

  test('is stopped although one of its backends is frozen', async () => {
    const temporary = await ownTemporaryFolder();
    const database = await startCluster();
    const url = await createDatabase(database);
    const sleeper = query(url, 'SELECT pg_sleep(600)').catch((error) => error);
    const backend = await vi.waitUntil(
      async () => (await backends(url)).find(({ state }) => state === 'active'),
      { timeout: patienceMs },
    );
    suspend(backend.pid);
    await database.stop();
    expect(await leftovers(temporary)).toEqual([]);
    expect(await sleeper).toBeInstanceOf(Error);
    resume(backend.pid);
  });

  test('takes as many clients as allowed', async () => {
    const database = await startCluster({ maxConnections: 7 });
    expect(await query(database.url, 'SHOW max_connections')).toEqual([{ max_connections: '7' }]);
  });

  test('on a port that is taken fails with the port in the message and leaves nothing', async () => {
    const temporary = await ownTemporaryFolder();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void squatter.close());
    const { port } = squatter.address() as { port: number };
    await expect(startLocalDatabase({ port })).rejects.toThrow(
      new RegExp(`postgres ended with code 1: .*Address already in use.*${port}`, 's'),
    );
    expect(await leftovers(temporary)).toEqual([]);
  });
});

describe('when the process that started it', { timeout: 3 * patienceMs }, () => {
  test('is killed, server and folder go too', async () => {
    const temporary = await temporaryFolder();
    const child = startParent(temporary);
    await child.says(/ready/);
    child.kill('SIGKILL');
    await untilNothingIsLeft(temporary);
  });

  test('is killed before the server is up, nothing is left either', async () => {
    const temporary = await temporaryFolder();
    const child = startParent(temporary);
    await folderIn(temporary);
    child.kill('SIGKILL');
    await untilNothingIsLeft(temporary);
  });

  test('gets a Ctrl-C, server and folder go too', async () => {
    const temporary = await temporaryFolder();
    const child = startParent(temporary);
    await child.says(/ready/);
    process.kill(-child.pid, 'SIGINT'); // as a terminal does: to the whole process group
    expect(await child.ended).toEqual({ code: null, signal: 'SIGINT' });
    await untilNothingIsLeft(temporary);
  });

  test('sees initdb fail, it reports why and nothing is left', async () => {
    const temporary = await temporaryFolder();
    // No file may be over a megabyte, and the first that initdb writes ahead is of sixteen.
    const limited = 'ulimit -f 2048 && exec "$0" "$@"';
    const child = start('sh', ['-c', limited, process.execPath, '--input-type=module', '-e', longLived], {
      env: { ...process.env, TMPDIR: temporary },
    });
    expect((await child.ended).code).toBe(1);
    expect(child.output()).toMatch(/initdb ended with/);
    expect(await leftovers(temporary)).toEqual([]);
  });

  test('has nothing else to do, it ends, and the server with it', async () => {
    const temporary = await temporaryFolder();
    const child = startParent(temporary, shortLived);
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(child.output()).toBe('ready\n');
    await untilNothingIsLeft(temporary);
  });

  test('loses the helper process, its next request fails and names the reason', async () => {
    const temporary = await ownTemporaryFolder();
    const database = await startCluster();
    await database.halt('fast'); // a helper that is killed cannot stop it
    const [helper] = await processesNaming(temporary, 'local-database-process');
    process.kill(helper ?? Number.NaN, 'SIGKILL');
    await expect(database.start()).rejects.toThrow(/has been stopped|ended unexpectedly with SIGKILL/);
    await database.stop();
  });
});
