import { EventEmitter } from 'node:events';
import { createPool as createCallbackPool } from 'mysql2';
import { createConnection, createPool } from 'mysql2/promise';
import { beforeAll, expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import { mysql } from '../../../src/checkers/mysql/mysql.ts';
import type { MysqlPool } from '../../../src/checkers/mysql/pool.ts';
import { begin, resultOf } from '../../helpers/run.ts';
import { startMariadb, suiteWith, type TestServer } from '../../helpers/servers.ts';

type Callback = (error: unknown, value?: unknown) => void;

class Connection extends EventEmitter {
  readonly query = vi.fn((_sql: string, callback: Callback) => callback(null, [{ 1: 1 }]));
  readonly release = vi.fn();
  readonly destroy = vi.fn();
  readonly stream = { destroy: vi.fn() };
}

function fakePool() {
  const connection = new Connection();
  const getConnection = vi.fn((callback: Callback) => callback(null, connection));
  const pool = {
    getConnection,
    config: { connectionLimit: 2 },
    _allConnections: { length: 2 },
    _freeConnections: { length: 0 },
    _connectionQueue: { length: 0 },
  };
  return { connection, getConnection, pool };
}

suite('mysql()', () => {
  test('asks once, gives the connection back and leaves no listener', async () => {
    const { connection, pool } = fakePool();
    expect(await resultOf(mysql(pool))).toEqual({
      status: 'ok',
      details: { pool: { total: 2, idle: 0, waiting: 0, max: 2 } },
    });
    expect(connection.query.mock.calls.map(([sql]) => sql)).toEqual(['SELECT 1']);
    expect(connection.release).toHaveBeenCalledTimes(1);
    expect(connection.destroy).not.toHaveBeenCalled();
    expect(connection.eventNames()).toEqual([]);
  });

  test('destroys a connection that fails or hangs, with its socket', async () => {
    const failing = fakePool();
    const lost = Object.assign(new Error('Connection lost'), { code: 'PROTOCOL_CONNECTION_LOST' });
    failing.connection.query.mockImplementation((_, callback) => callback(lost));
    expect(await resultOf(mysql(failing.pool))).toMatchObject({
      status: 'error',
      message: 'Connection lost',
      code: 'PROTOCOL_CONNECTION_LOST',
    });
    const hanging = fakePool();
    hanging.connection.query.mockImplementation(() => undefined);
    const run = begin(mysql(hanging.pool));
    await new Promise((resolve) => setImmediate(resolve));
    expect(run.timeoutMessage()).toBe('no answer to SELECT 1 within 800 ms');
    run.abort();
    expect((await run.result).status).toBe('error');
    for (const { connection } of [failing, hanging]) {
      expect(connection.destroy).toHaveBeenCalledTimes(1);
      expect(connection.stream.destroy).toHaveBeenCalledTimes(1);
      expect(connection.release).not.toHaveBeenCalled();
      // What breaks on the way out must not end the process.
      connection.emit('error', new Error('late'));
    }
  });

  test('has at most one request for a connection pending, and gives back what comes late', async () => {
    const { connection, getConnection, pool } = fakePool();
    let arrive: Callback = () => undefined;
    getConnection.mockImplementation((callback) => {
      arrive = callback;
    });
    pool._connectionQueue.length = 3;
    const checker = mysql(pool);
    const runs = [begin(checker), begin(mysql(pool))];
    expect(getConnection).toHaveBeenCalledTimes(1);
    expect(runs[0]?.timeoutMessage()).toBe('no free connection (2 of 2 in use, 3 waiting)');
    for (const run of runs) run.abort();
    for (const run of runs) expect((await run.result).status).toBe('error');
    arrive(null, connection);
    await new Promise((resolve) => setImmediate(resolve));
    expect(connection.release).toHaveBeenCalledTimes(1);
    expect(connection.query).not.toHaveBeenCalled();
  });

  test('does without figures where a pool has none', async () => {
    const { getConnection } = fakePool();
    expect(await resultOf(mysql({ getConnection }))).toEqual({ status: 'ok', details: {} });
    getConnection.mockImplementation(() => undefined);
    expect(begin(mysql({ getConnection })).timeoutMessage()).toBe('no connection within 800 ms');
  });

  test('wants a pool', () => {
    expect(() => mysql({} as never)).toThrow('Expected `pool` to be a pool of mysql2, from createPool()');
    const connection = { query: vi.fn(), end: vi.fn(), beginTransaction: vi.fn() };
    expect(() => mysql(connection as never)).toThrow('got a single connection; use createPool()');
    expect(mysql({ getConnection: () => undefined })).toMatchObject({
      kind: 'dependency',
      maxOutstanding: 1,
    });
  });
});

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
