import { createPool as createCallbackPool } from 'mysql2';
import { createPool, type PoolOptions } from 'mysql2/promise';
import { beforeAll, describe as suite, test } from 'vitest';
import { mysql } from '../../src/checkers/mysql/mysql.ts';
import { checkerFaults, type TcpProxy } from '../../src/testing/index.ts';
import { startMariadb, suiteWith, type TestServer } from '../helpers/servers.ts';

const TIMEOUT_MS = 400;

function optionsFor(proxy: TcpProxy): PoolOptions {
  return {
    host: '127.0.0.1',
    port: proxy.port,
    user: 'app',
    connectionLimit: 3,
    connectTimeout: TIMEOUT_MS,
  };
}

suiteWith('mariadbd', 'mysql() lives through every fault', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMariadb();
  });
  const world = {
    get port() {
      return server.port;
    },
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    timeoutMs: TIMEOUT_MS,
    owns: true,
  };

  suite('with a promise pool', () => {
    checkerFaults(
      (proxy) => {
        const pool = createPool(optionsFor(proxy));
        return { checker: mysql(pool), client: pool, close: () => pool.end() };
      },
      world,
      test,
    );
  });

  suite('with a callback pool', () => {
    checkerFaults(
      (proxy) => {
        const pool = createCallbackPool(optionsFor(proxy));
        const close = () => new Promise<void>((resolve) => pool.end(() => resolve()));
        return { checker: mysql(pool), client: pool, close };
      },
      world,
      test,
    );
  });
});
