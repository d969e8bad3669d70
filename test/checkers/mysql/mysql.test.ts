import { EventEmitter } from 'node:events';
import { expect, describe as suite, test, vi } from 'vitest';
import { mysql } from '../../../src/checkers/mysql/mysql.ts';
import { begin, resultOf } from '../../helpers/run.ts';

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
  test('asks once, returns the connection and leaves no listener', async () => {
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

  test('names a pool that gives connections by promise, and gives its connection back', async () => {
    const release = vi.fn(async () => undefined);
    const mariadb = { getConnection: async () => ({ release }) };
    expect(await resultOf(mysql(mariadb))).toMatchObject({
      status: 'error',
      message: expect.stringContaining("takes no callback: use ping(() => pool.query('SELECT 1'))"),
    });
    expect(release).toHaveBeenCalledTimes(1);
    const { connection, pool } = fakePool();
    const both = {
      async getConnection(callback: Callback) {
        pool.getConnection(callback);
        return connection;
      },
    };
    expect(await resultOf(mysql(both))).toMatchObject({ status: 'ok' });
    expect(connection.release).toHaveBeenCalledTimes(1);
    const down = { getConnection: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    expect(await resultOf(mysql(down))).toMatchObject({ status: 'error', message: 'connect ECONNREFUSED' });
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

  test('has at most one request for a connection pending, and returns what comes late', async () => {
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

  test.each(['_allConnections', '_freeConnections', '_connectionQueue', 'config'] as const)(
    'has no figures where a pool lacks `%s`',
    async (field) => {
      const { pool } = fakePool();
      const { [field]: _, ...rest } = pool;
      expect(await resultOf(mysql(rest))).toEqual({ status: 'ok', details: {} });
    },
  );

  test('names the pool only where it is full and others wait', async () => {
    const { getConnection, pool } = fakePool();
    getConnection.mockImplementation(() => undefined);
    const saying = (total: number, idle: number, waiting: number) => {
      pool._allConnections.length = total;
      pool._freeConnections.length = idle;
      pool._connectionQueue.length = waiting;
      return begin(mysql(pool)).timeoutMessage();
    };
    expect(saying(2, 0, 0)).toBe('no connection within 800 ms');
    expect(saying(1, 0, 1)).toBe('no connection within 800 ms');
    expect(saying(2, 1, 1)).toBe('no free connection (1 of 2 in use, 1 waiting)');
  });

  test('requests a second connection while the pool has an idle one', async () => {
    const { getConnection, pool } = fakePool();
    getConnection.mockImplementationOnce(() => undefined);
    pool._freeConnections.length = 1;
    const first = begin(mysql(pool));
    expect(await resultOf(mysql(pool))).toMatchObject({ status: 'ok' });
    expect(await first.result).toMatchObject({ status: 'ok' });
  });

  test('is an error with the reason where the pool opens no connection', async () => {
    const { getConnection, pool } = fakePool();
    getConnection.mockImplementation((callback) => callback(new Error('connect ECONNREFUSED')));
    expect(await resultOf(mysql(pool))).toMatchObject({ status: 'error', message: 'connect ECONNREFUSED' });
  });

  test('needs no more of a connection than what it calls', async () => {
    for (const stream of [undefined, {}]) {
      const query = vi.fn((_sql: string, callback: Callback) => callback(new Error('gone')));
      const bare = { query, release: vi.fn(), destroy: vi.fn(), stream };
      const pool = { getConnection: (callback: Callback) => callback(null, bare) };
      expect(await resultOf(mysql(pool))).toMatchObject({ status: 'error', message: 'gone' });
      expect(bare.destroy).toHaveBeenCalledTimes(1);
    }
    for (const promised of [undefined, {}])
      expect((await resultOf(mysql({ getConnection: async () => promised }))).message).toContain(
        'takes no callback',
      );
  });

  test('has no figures where a pool has none', async () => {
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
