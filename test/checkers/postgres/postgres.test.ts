import { EventEmitter } from 'node:events';
import { expect, describe as suite, test, vi } from 'vitest';
import type { PostgresClient, PostgresPool } from '../../../src/checkers/postgres/pool-connection-source.ts';
import { postgres } from '../../../src/checkers/postgres/postgres.ts';
import { settle } from '../../../src/testing/virtual-clock.ts';
import { type Gate, gate, messageOf, statuses, virtualHealth } from '../../helpers/health.ts';

class FakeClient extends EventEmitter {
  readonly query = vi.fn((_text: string): Promise<unknown> => Promise.resolve({}));
  readonly release = vi.fn((_destroy?: boolean | Error) => undefined);
}

/** A pool whose clients come when the test says so. */
class FakePool extends EventEmitter implements PostgresPool {
  readonly pending: Gate<PostgresClient>[] = [];
  readonly connect = vi.fn((): Promise<PostgresClient> => {
    const next = gate<PostgresClient>();
    this.pending.push(next);
    return next.promise;
  });
  totalCount = 0;
  idleCount = 0;
  waitingCount = 0;
  options = { max: 10 };
}

function checked() {
  const pool = new FakePool();
  const context = virtualHealth();
  context.health.register('database', postgres(pool));
  return { pool, ...context };
}

suite('the postgres checker on a pool of our own', () => {
  test('takes one client, sends SELECT 1 and returns the client', async () => {
    const { pool, health } = checked();
    const client = new FakeClient();
    const answer = health.report();
    pool.pending[0]?.open(client);
    expect(statuses(await answer)).toEqual({ database: 'ok' });
    expect(client.query.mock.calls).toEqual([['SELECT 1']]);
    expect(client.release.mock.calls).toEqual([[false]]);
    expect(client.listenerCount('error')).toBe(0);
  });

  test('a query that fails destroys its client and reports why', async () => {
    const { pool, health } = checked();
    const client = new FakeClient();
    client.query.mockRejectedValue(Object.assign(new Error('terminating connection'), { code: '57P01' }));
    const answer = health.report();
    pool.pending[0]?.open(client);
    expect((await answer).checks.database).toMatchObject({
      message: 'terminating connection',
      code: '57P01',
    });
    expect(client.release.mock.calls).toEqual([[true]]);
  });

  test('a query that hangs destroys its client at the time limit, once, and reports it', async () => {
    const { pool, clock, health } = checked();
    const client = new FakeClient();
    const hang = gate<unknown>();
    client.query.mockReturnValue(hang.promise);
    const answer = health.report();
    pool.pending[0]?.open(client);
    await clock.advance(800);
    expect(messageOf(await answer, 'database')).toBe('no answer to SELECT 1 within 800 ms');
    expect(client.release.mock.calls).toEqual([[true]]);
    hang.fail(new Error('Connection terminated'));
    await settle();
    expect(client.release).toHaveBeenCalledTimes(1);
  });

  test('a client whose connection breaks while we hold it does not end the process', async () => {
    const { pool, health } = checked();
    const client = new FakeClient();
    const hang = gate<unknown>();
    client.query.mockReturnValue(hang.promise);
    const answer = health.report();
    pool.pending[0]?.open(client);
    await settle();
    client.emit('error', new Error('read ECONNRESET'));
    hang.fail(new Error('read ECONNRESET'));
    expect(messageOf(await answer, 'database')).toBe('read ECONNRESET');
  });

  test('a pool without a free connection is distinguished, with its figures', async () => {
    const { pool, clock, health } = checked();
    Object.assign(pool, { totalCount: 10, idleCount: 0, waitingCount: 37 });
    const answer = health.report();
    await clock.advance(800);
    expect(messageOf(await answer, 'database')).toBe('no free connection (10 of 10 in use, 37 waiting)');
  });

  test('a server that does not accept the connection is distinguished', async () => {
    const { pool, clock, health } = checked();
    Object.assign(pool, { totalCount: 1, waitingCount: 0 });
    const answer = health.report();
    await clock.advance(800);
    expect(messageOf(await answer, 'database')).toBe('no connection within 800 ms');
  });

  test('at most one connect of ours is pending, and a later run reports on that one', async () => {
    const { pool, clock, health } = checked();
    for (let run = 0; run < 12; run++) {
      void health.report();
      await clock.advance(1_800);
    }
    expect(pool.connect).toHaveBeenCalledTimes(1);
    const client = new FakeClient();
    const answer = health.report();
    pool.pending[0]?.open(client);
    expect(statuses(await answer)).toEqual({ database: 'ok' });
    expect(client.release).toHaveBeenCalledTimes(1);
  });

  test('a connect that never settles does not keep the check from a client that is idle', async () => {
    const { pool, clock, health } = checked();
    const stuck = health.report();
    await clock.advance(800);
    expect(statuses(await stuck)).toEqual({ database: 'error' });
    await clock.advance(1_000);
    pool.idleCount = 1;
    for (let run = 1; run <= 2; run++) {
      const answer = health.report();
      expect(pool.connect).toHaveBeenCalledTimes(1 + run);
      pool.pending[run]?.open(new FakeClient());
      expect(statuses(await answer)).toEqual({ database: 'ok' });
      await clock.advance(1_000);
    }
    const stuckToo = health.report();
    await clock.advance(800);
    await stuckToo;
    await clock.advance(1_000);
    void health.report();
    expect(pool.connect).toHaveBeenCalledTimes(4);
  });

  test('a connect that fails leaves the check to the one still pending', async () => {
    const { pool, clock, health } = checked();
    void health.report();
    await clock.advance(1_800);
    pool.idleCount = 1;
    const answer = health.report();
    pool.pending[0]?.fail(new Error('ETIMEDOUT'));
    await settle();
    pool.pending[1]?.open(new FakeClient());
    expect(statuses(await answer)).toEqual({ database: 'ok' });
  });

  test('a client that arrives when nobody waits any more is given back at once, unused', async () => {
    const { pool, clock, health } = checked();
    void health.report();
    await clock.advance(1_000);
    const client = new FakeClient();
    pool.pending[0]?.open(client);
    await settle();
    expect(client.query).not.toHaveBeenCalled();
    expect(client.release.mock.calls).toEqual([[]]);
    await clock.advance(1_000);
    void health.report();
    expect(pool.connect).toHaveBeenCalledTimes(2);
  });

  test('a connect that fails fails every check that waited for it', async () => {
    const { pool, health } = checked();
    health.register('other', postgres(pool));
    const answer = health.report();
    pool.pending[0]?.fail(new Error('password authentication failed'));
    expect(statuses(await answer)).toEqual({ database: 'error', other: 'error' });
    expect(pool.connect).toHaveBeenCalledTimes(1);
  });

  test('two checks on a pool take turns', async () => {
    const { pool, health } = checked();
    health.register('other', postgres(pool));
    const answer = health.report();
    pool.pending[0]?.open(new FakeClient());
    await settle();
    expect(pool.connect).toHaveBeenCalledTimes(2);
    pool.pending[1]?.open(new FakeClient());
    expect(statuses(await answer)).toEqual({ database: 'ok', other: 'ok' });
  });

  test('a pool that throws instead of rejecting is contained', async () => {
    const { pool, health } = checked();
    pool.connect.mockImplementation(() => {
      throw new Error('Cannot use a pool after calling end on the pool');
    });
    expect(messageOf(await health.report(), 'database')).toContain('Cannot use a pool after calling end');
  });

  test('closing while a client is on its way returns it', async () => {
    const { pool, health } = checked();
    void health.report();
    await health.close();
    const client = new FakeClient();
    pool.pending[0]?.open(client);
    await settle();
    expect(client.release.mock.calls).toEqual([[]]);
  });

  test('closing between the client and the query destroys nothing of the application', async () => {
    const { pool, health } = checked();
    const client = new FakeClient();
    void health.report();
    pool.pending[0]?.open(client);
    await Promise.resolve();
    await Promise.resolve();
    await health.close();
    await settle();
    expect(client.release).toHaveBeenCalledTimes(1);
  });

  test('the pool gets one error listener, however many checks use it, and the last error is quoted', async () => {
    const { pool, health, clock } = checked();
    postgres(pool);
    health.register('other', postgres(pool));
    expect(pool.listenerCount('error')).toBe(1);
    pool.emit('error', new Error('terminating connection due to administrator command'));
    const answer = health.report();
    pool.pending[0]?.fail(new Error('connect ECONNREFUSED'));
    expect(messageOf(await answer, 'database')).toBe(
      'connect ECONNREFUSED (an idle connection was lost before: terminating connection due to administrator command)',
    );
    await clock.advance(1_000);
    const recovered = health.report('checks/database');
    pool.pending[1]?.open(new FakeClient());
    await recovered;
    await clock.advance(1_000);
    const again = health.report('checks/database');
    pool.pending[2]?.fail(new Error('connect ECONNREFUSED'));
    expect(messageOf(await again, 'database')).toBe('connect ECONNREFUSED');
  });

  test('a pool that exposes no figures will do', async () => {
    const { health, clock } = virtualHealth();
    health.register('database', postgres({ connect: () => new Promise(() => undefined) }));
    const bare = { query: () => Promise.resolve(), release: vi.fn() };
    health.register('bare', postgres({ connect: () => Promise.resolve(bare) }));
    const answer = health.report();
    await clock.advance(800);
    expect(messageOf(await answer, 'database')).toBe('no connection within 800 ms');
    expect(statuses(await answer).bare).toBe('ok');
    expect(bare.release).toHaveBeenCalledTimes(1);
  });

  test('anything that is not a pool is an issue', () => {
    expect(() => postgres({} as PostgresPool)).toThrow(
      'Expected `pool` to be a pg.Pool, got an empty object',
    );
    expect(() => postgres(undefined as unknown as PostgresPool)).toThrow('Expected `pool` to be a pg.Pool');
  });
});
