/** The recipes of docs/checkers/ping.md that are run: Knex, Sequelize, postgres.js. */
import knexFactory from 'knex';
import postgresJs from 'postgres';
import { Sequelize } from 'sequelize';
import { beforeAll, inject, describe as suite, test } from 'vitest';
import { ping } from '../../src/checkers/ping.ts';
import { checkerFaults } from '../../src/testing/index.ts';
import { startMariadb, suiteWith, type TestServer } from '../helpers/servers.ts';

const TIMEOUT_MS = 500;

const silent = () => undefined;

const url = () => inject('sharedClusterUrl');

const postgresWorld = {
  get port() {
    return Number(new URL(url()).port);
  },
  timeoutMs: TIMEOUT_MS,
};

suite('ping() over Knex lives through every fault', () => {
  const knexThrough = (connectionString: string) =>
    knexFactory({
      client: 'pg',
      connection: { connectionString, connectionTimeoutMillis: TIMEOUT_MS },
      pool: { min: 0, max: 3 },
      acquireConnectionTimeout: TIMEOUT_MS,
      log: { warn: silent, error: silent, debug: silent, deprecate: silent },
    });

  suite('with a bare query', () => {
    checkerFaults(
      (proxy) => {
        const knex = knexThrough(proxy.in(url()));
        return { checker: ping(() => knex.raw('SELECT 1')), close: () => knex.destroy() };
      },
      postgresWorld,
      test,
    );
  });

  suite('with Knex’s own time limit', () => {
    checkerFaults(
      (proxy) => {
        const knex = knexThrough(proxy.in(url()));
        const checker = ping(({ timeoutMs }) => knex.raw('SELECT 1').timeout(timeoutMs));
        return { checker, close: () => knex.destroy() };
      },
      { ...postgresWorld, owns: true },
      test,
    );
  });
});

suite('ping() over postgres.js lives through every fault', () => {
  checkerFaults(
    (proxy) => {
      const sql = postgresJs(proxy.in(url()), { max: 3, connect_timeout: 1, backoff: () => 0.1 });
      const checker = ping(() => sql`SELECT 1`, { cancel: (query) => query.cancel() });
      return { checker, close: () => sql.end({ timeout: 0 }) };
    },
    postgresWorld,
    test,
  );
});

suiteWith('mariadbd', 'ping() over Sequelize lives through every fault', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMariadb();
  });
  checkerFaults(
    (proxy) => {
      const sequelize = new Sequelize({
        dialect: 'mysql',
        host: '127.0.0.1',
        port: proxy.port,
        username: 'app',
        logging: false,
        pool: { max: 3, acquire: TIMEOUT_MS },
        dialectOptions: { connectTimeout: TIMEOUT_MS },
      });
      return { checker: ping(() => sequelize.query('SELECT 1')), close: () => sequelize.close() };
    },
    {
      get port() {
        return server.port;
      },
      timeoutMs: TIMEOUT_MS,
      freeze: () => server.freeze(),
      thaw: () => server.thaw(),
    },
    test,
  );
});
