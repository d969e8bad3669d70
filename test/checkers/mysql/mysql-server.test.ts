import { createPool as createCallbackPool } from 'mysql2';
import { createConnection, createPool } from 'mysql2/promise';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { mysql } from '../../../src/checkers/mysql/mysql.ts';
import type { MysqlPool } from '../../../src/checkers/mysql/pool.ts';
import { begin, resultOf } from '../../helpers/run.ts';
import { startMariadb, suiteWith, type TestServer } from '../../helpers/servers.ts';

suiteWith('mariadbd', 'mysql() on a server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMariadb();
  });
  const options = () => ({ host: '127.0.0.1', port: server.port, user: 'app', connectionLimit: 1 });

  test.each([
    ['promise', createPool],
    ['callback', createCallbackPool],
  ])('is ok with a %s pool, and sees that it is full', async (_, make) => {
    const pool = make(options()) as ReturnType<typeof createPool>;
    onTestFinished(() => void pool.end());
    const checker = mysql(pool as MysqlPool);
    expect(await resultOf(checker)).toMatchObject({ status: 'ok', details: { pool: { total: 1, max: 1 } } });
    const core = (pool as unknown as { pool?: ReturnType<typeof createCallbackPool> }).pool ?? pool;
    const held = await new Promise<{ release(): void }>((resolve) => {
      (core as ReturnType<typeof createCallbackPool>).getConnection((_error, connection) =>
        resolve(connection),
      );
    });
    const run = begin(checker);
    expect(run.timeoutMessage()).toBe('no free connection (1 of 1 in use, 1 waiting)');
    run.abort();
    await run.result;
    held.release();
    expect((await resultOf(checker)).status).toBe('ok');
  });

  test('a connection is no pool', async () => {
    const connection = await createConnection(options());
    onTestFinished(() => connection.end());
    expect(() => mysql(connection as never)).toThrow('got a single connection; use createPool()');
  });
});
