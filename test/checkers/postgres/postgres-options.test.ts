import { EventEmitter } from 'node:events';
import { expect, describe as suite, test, vi } from 'vitest';
import type { PostgresClient, PostgresPool } from '../../../src/checkers/postgres/pool-connection-source.ts';
import { type PostgresOptions, postgres } from '../../../src/checkers/postgres/postgres.ts';
import { settle } from '../../../src/testing/virtual-clock.ts';
import { gate, messageOf, virtualHealth } from '../../helpers/health.ts';

class Client extends EventEmitter {
  readonly query = vi.fn(
    (_text: string): Promise<unknown> => Promise.resolve({ rows: [{ role: 'primary' }] }),
  );
  readonly release = vi.fn((_destroy?: boolean | Error): void => undefined);
}

function checked(options?: PostgresOptions, figures: Partial<PostgresPool> = {}) {
  const client = new Client();
  const connect = vi.fn((): Promise<PostgresClient> => Promise.resolve(client));
  const context = virtualHealth();
  context.health.register('database', postgres({ connect, ...figures }, options));
  const check = async () => (await context.health.report()).checks.database;
  return { client, connect, check, ...context };
}

suite('the role that is expected', () => {
  test('is requested as text, in one query, and is ok where it is found', async () => {
    const { client, check } = checked({ role: 'primary' });
    expect(await check()).toMatchObject({ status: 'ok', details: { role: 'primary' } });
    expect(client.query.mock.calls).toEqual([
      ["SELECT CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END AS role"],
    ]);
    expect(client.release.mock.calls).toEqual([[false]]);
  });

  test('is an error where it is another, and the client is closed', async () => {
    const { client, check } = checked({ role: 'standby' });
    expect(await check()).toMatchObject({
      status: 'error',
      code: 'ERR_POSTGRES_ROLE',
      message:
        'expected a standby server, found a primary: reads now load the primary; was the standby promoted?',
      details: { role: 'primary' },
    });
    expect(client.release.mock.calls).toEqual([[true]]);
  });

  test('reports a failover that was not followed', async () => {
    const { client, check } = checked({ role: 'primary' });
    client.query.mockResolvedValue({ rows: [{ role: 'standby' }] });
    expect((await check())?.message).toBe(
      'expected a primary server, found a standby: it accepts no writes; after a failover, does the host name point to the new primary?',
    );
  });

  test.each([
    [undefined],
    [{}],
    [{ rows: [] }],
    [{ rows: [{}] }],
    [{ rows: [{ role: 'king' }] }],
    [{ rows: [{ role: 1 }] }],
  ])('cannot be read from %j, which is an error', async (answer) => {
    const { client, check } = checked({ role: 'primary' });
    client.query.mockResolvedValue(answer);
    expect((await check())?.message).toContain('the answer to pg_is_in_recovery() cannot be read');
    expect(client.release.mock.calls).toEqual([[true]]);
  });

  test('is named when there is no answer in time', async () => {
    const { client, health, clock } = checked({ role: 'primary' });
    client.query.mockReturnValue(new Promise(() => undefined));
    const answer = health.report();
    await clock.advance(800);
    expect(messageOf(await answer, 'database')).toBe('no answer to pg_is_in_recovery() within 800 ms');
  });
});

suite('the pool’s figures', () => {
  const figures = { totalCount: 4, idleCount: 3, waitingCount: 2, options: { max: 10 } };
  const shown = { pool: { total: 4, idle: 3, waiting: 2, max: 10 } };

  test('are in the details, whatever the result', async () => {
    expect((await checked(undefined, figures).check())?.details).toEqual(shown);
    const broken = checked(undefined, figures);
    broken.client.query.mockRejectedValue(Object.assign(new Error('no'), { code: '57P01' }));
    expect(await broken.check()).toMatchObject({ status: 'error', code: '57P01', details: shown });
    const plain = checked(undefined, figures);
    plain.client.query.mockRejectedValue(new Error('no'));
    expect((await plain.check())?.details).toEqual(shown);
  });

  test('are left out where a pool does not expose them', async () => {
    expect((await checked().check())?.details).toEqual({});
    const { details } = (await checked(undefined, { totalCount: 1 }).check()) ?? {};
    expect(JSON.stringify(details)).toBe('{"pool":{"total":1}}');
  });
});

suite('a pool that misbehaves', () => {
  test('and does not take a client back is reported, and ends nothing', async () => {
    const { client, check } = checked();
    client.release.mockImplementation(() => {
      throw new Error('Release called on client which has already been released to the pool.');
    });
    expect((await check())?.message).toContain('Release called on client');
    expect(client.release).toHaveBeenCalledTimes(1);
  });

  test('and does not take a hung client back ends nothing', async () => {
    const { client, health, clock } = checked();
    client.query.mockReturnValue(new Promise(() => undefined));
    client.release.mockImplementation(() => {
      throw new Error('Release called');
    });
    const answer = health.report();
    await clock.advance(800);
    expect(messageOf(await answer, 'database')).toBe('no answer to SELECT 1 within 800 ms');
  });

  test('and does not take a late client back, or gave none, ends nothing', async () => {
    const { client, connect, health, clock } = checked();
    const late = gate<PostgresClient>();
    connect.mockReturnValue(late.promise);
    client.release.mockImplementation(() => {
      throw new Error('Release called');
    });
    void health.report();
    await clock.advance(2_000);
    late.open(client);
    await settle();
    expect(client.release).toHaveBeenCalledTimes(1);
    connect.mockResolvedValue(undefined as never);
    expect((await health.report()).status).toBe('unhealthy');
  });

  test('and neither opens nor refuses is reported after ten seconds', async () => {
    const { connect, health, clock } = checked();
    connect.mockReturnValue(new Promise(() => undefined));
    const now = vi.spyOn(performance, 'now').mockReturnValue(1_000);
    try {
      const first = health.report();
      await clock.advance(800);
      expect(messageOf(await first, 'database')).toBe('no connection within 800 ms');
      now.mockReturnValue(10_999);
      await clock.advance(1_000);
      const second = health.report();
      await clock.advance(800);
      expect(messageOf(await second, 'database')).toBe('no connection within 800 ms');
      now.mockReturnValue(11_000);
      await clock.advance(1_000);
      const third = health.report();
      await clock.advance(800);
      expect(messageOf(await third, 'database')).toBe(
        'no connection within 800 ms: a connection requested 10 s ago has neither opened nor failed; set ' +
          '`connectionTimeoutMillis` on the pool so that such attempts end',
      );
    } finally {
      now.mockRestore();
    }
  });
});
