import { once } from 'node:events';
import net from 'node:net';
import pg from 'pg';
import { beforeAll, expect, inject, onTestFinished, describe as suite, test, vi } from 'vitest';
import type { LocalDatabase } from '../../../examples/app/local-database.ts';
import { postgres } from '../../../src/checkers/postgres/postgres.ts';
import { HealthController } from '../../../src/health/controller.ts';
import {
  backends,
  createDatabase,
  query,
  resume,
  startCluster,
  suspend,
  withDatabase,
} from '../../helpers/database.ts';
import { messageOf } from '../../helpers/health.ts';
import { patienceMs } from '../../helpers/processes.ts';

/** A pool and a controller that asks it anew each time; both end with the test. */
function watch(url: string, options: pg.PoolConfig = {}, timeoutMs = 400) {
  const pool = new pg.Pool({ connectionString: url, ...options });
  const health = new HealthController({ timeoutMs }).register('database', postgres(pool), { maxAgeMs: 0 });
  onTestFinished(async () => {
    await health.close();
    await pool.end();
  });
  return { pool, health };
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: patienceMs, interval: 20 });
}

/** Every client of the pool can be had at once, nobody waits, and the server knows of no more than the pool does. */
async function expectWholePool(pool: pg.Pool, url: string, max: number, others = 0): Promise<void> {
  const clients = await Promise.all(Array.from({ length: max }, () => pool.connect()));
  expect(pool.waitingCount).toBe(0);
  for (const client of clients) client.release();
  await until(async () => (await backends(url)).length <= max + others);
}

suite('the postgres checker on a real server', () => {
  test('is ok', async () => {
    const { health } = watch(await createDatabase());
    expect((await health.report()).status).toBe('healthy');
  });

  test('reports a wrong password, without printing it', async () => {
    const url = new URL(await createDatabase());
    url.password = 'wr0ng-s3cret';
    const { health } = watch(url.href);
    const check = (await health.report()).checks.database;
    expect(check).toMatchObject({ status: 'error', code: '28P01' });
    expect(check?.message).toContain('password authentication failed');
    expect(JSON.stringify(check)).not.toContain('wr0ng-s3cret');
  });

  test('names a database that does not exist', async () => {
    const { health } = watch(withDatabase(inject('sharedClusterUrl'), 'nowhere'));
    expect((await health.report()).checks.database).toMatchObject({
      message: 'database "nowhere" does not exist',
      code: '3D000',
    });
  });

  test('reports that the application holds the only client, and returns the one that arrives late', async () => {
    const url = await createDatabase();
    const { pool, health } = watch(url, { max: 1 });
    const held = await pool.connect();
    expect(messageOf(await health.report(), 'database')).toBe(
      'no free connection (1 of 1 in use, 1 waiting)',
    );
    held.release();
    await until(() => pool.idleCount === 1 && pool.waitingCount === 0);
    expect((await health.report()).status).toBe('healthy');
    await expectWholePool(pool, url, 1);
  });

  test('takes at most one slot of the pool for 12 timed-out runs against a server that is silent', async () => {
    const sockets = new Set<net.Socket>();
    const silent = net.createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as net.AddressInfo;
    const { pool, health } = watch(`postgres://u:p@127.0.0.1:${port}/x`, { max: 3 }, 60);
    // Before the pool ends, which would wait for its connections.
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    for (let run = 0; run < 12; run++) {
      expect(messageOf(await health.report(), 'database')).toBe('no connection within 60 ms');
      expect(pool.totalCount).toBe(1);
    }
    expect(sockets.size).toBe(1);
  });
});

suite('the postgres checker on a server of its own', () => {
  let cluster: LocalDatabase;

  beforeAll(async () => {
    cluster = await startCluster();
  });

  test('destroys the client of a backend that never answers, and the pool is whole afterwards', async () => {
    const url = await createDatabase(cluster);
    const { pool, health } = watch(url, { max: 2 });
    await health.report();
    const [backend] = await query<{ pid: number }>(
      withDatabase(url, 'template1'),
      'SELECT pid FROM pg_stat_activity WHERE datname = $1',
      [new URL(url).pathname.slice(1)],
    );
    suspend((backend as { pid: number }).pid);
    // A process may go on for a moment after SIGSTOP was sent.
    await until(
      async () => messageOf(await health.report(), 'database') === 'no answer to SELECT 1 within 400 ms',
    );
    expect(pool.totalCount).toBe(0);
    // On a new connection, once the old one has ended.
    await until(async () => (await health.report()).status === 'healthy');
    resume((backend as { pid: number }).pid);
    await expectWholePool(pool, url, 2);
    expect((await health.report()).status).toBe('healthy');
  });

  test('sees the server go, cold and warm, lives on, and sees it come back', async () => {
    const url = await createDatabase(cluster);
    const warm = watch(url, { max: 2 });
    const cold = watch(url, { max: 2 });
    await warm.health.report();
    await cluster.halt('immediate');
    // A run that takes the client before the pool has noticed gets the error itself.
    await until(() => warm.pool.totalCount === 0);
    for (const { health } of [warm, cold]) {
      await until(async () => (await health.report()).status === 'unhealthy');
      expect(messageOf(await health.report(), 'database')).toContain('ECONNREFUSED');
    }
    expect(messageOf(await warm.health.report(), 'database')).toContain('an idle connection was lost before');
    await cluster.start();
    for (const { health, pool } of [warm, cold]) {
      await until(async () => (await health.report()).status === 'healthy');
      await expectWholePool(pool, url, 2, 2);
    }
  });
});
