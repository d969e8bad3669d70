import { Redis } from 'ioredis';
import knexFactory from 'knex';
import { createPool } from 'mysql2/promise';
import pg from 'pg';
import postgresJs from 'postgres';
import { createClient } from 'redis';
import { Sequelize } from 'sequelize';
import { expect, describe as suite, test, vi } from 'vitest';
import { postgres } from '../../../src/checkers/postgres/postgres.ts';

const nothing = () => undefined;

suite('what is no pool is refused when it is registered, with what to pass instead', () => {
  test.each<[string, unknown, string]>([
    [
      'a pg.Client',
      new pg.Client(),
      'got a pg.Client, which is one connection and does not reconnect; pass a pg.Pool',
    ],
    [
      'a MongoClient',
      { connect: nothing, db: nothing, startSession: nothing, close: nothing },
      'got a MongoClient; use ping(() => client.db().command({ ping: 1 }))',
    ],
    ['an ioredis client', new Redis({ lazyConnect: true }), 'got a Redis client; use redis(client)'],
    ['a node-redis client', createClient(), 'got a Redis client; use redis(client)'],
    ['a mysql2 pool', createPool({}), 'got a MySQL pool; use mysql(pool)'],
    [
      'a Drizzle database',
      { $client: new pg.Pool(), select: nothing, execute: nothing },
      'got a Drizzle database; pass its `$client`: postgres(db.$client)',
    ],
    [
      'a TypeORM DataSource',
      { driver: {}, manager: {}, initialize: nothing },
      'got a TypeORM DataSource; pass its pool, once it is initialized: postgres(dataSource.driver.master)',
    ],
    ['a Prisma client', { $queryRaw: nothing, $connect: nothing }, 'got a Prisma client; use ping('],
    ['Knex', knexFactory({ client: 'pg' }), "got a Knex instance; use ping(() => knex.raw('SELECT 1'))"],
    [
      'Sequelize',
      new Sequelize({ dialect: 'mysql' }),
      "got a Sequelize instance; use ping(() => sequelize.query('SELECT 1'))",
    ],
    ['postgres.js', postgresJs(), 'got a postgres.js client; use ping(() => sql`SELECT 1`'],
  ])('%s', (_, value, message) => {
    expect(() => postgres(value as never)).toThrow(`Expected \`pool\` to be a pg.Pool, ${message}`);
  });

  test('and only that is reported', () => {
    expect(() => postgres(new pg.Client() as never, { dedicated: true })).toThrow(
      /^Invalid postgres\(\) options: Expected/,
    );
  });

  test.each([null, undefined, 7, {}, { driver: {}, initialize: nothing }])(
    '%j is named as it is',
    (value) => {
      expect(() => postgres(value as never)).toThrow(
        /Expected `pool` to be a pg.Pool, got (`|an (empty )?object)/,
      );
    },
  );
});

suite('what is a pool is taken', () => {
  test.each<[string, object]>([
    ['a pg.Pool', new pg.Pool()],
    ['what wraps one', { connect: vi.fn(), query: vi.fn(), end: vi.fn() }],
  ])('%s', (_, pool) => {
    expect(postgres(pool as never)).toMatchObject({ kind: 'dependency', maxOutstanding: 1 });
  });
});
