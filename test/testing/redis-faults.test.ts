import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { beforeAll, describe as suite, test, vi } from 'vitest';
import { redis } from '../../src/checkers/redis/redis.ts';
import { type CheckerSubject, checkerFaults, type TcpProxy } from '../../src/testing/index.ts';
import { patienceMs } from '../helpers/processes.ts';
import { startRedis, suiteWith, type TestServer } from '../helpers/servers.ts';

function ioredis(proxy: TcpProxy, dedicated: boolean): CheckerSubject {
  const client = new Redis(proxy.port, '127.0.0.1', { disconnectTimeout: 50 });
  return {
    checker: redis(client, { dedicated }),
    client,
    reconnected: () => vi.waitUntil(() => client.status === 'ready', { timeout: patienceMs }),
    close: () => client.disconnect(),
  };
}

async function nodeRedis(proxy: TcpProxy, dedicated: boolean): Promise<CheckerSubject> {
  const client = createClient({ socket: { host: '127.0.0.1', port: proxy.port } });
  const checker = redis(client, { dedicated });
  await client.connect();
  return {
    checker,
    client,
    reconnected: () => vi.waitUntil(() => client.isReady, { timeout: patienceMs }),
    close: () => client.destroy(),
  };
}

suiteWith('redis-server', 'redis() lives through every fault', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  const world = (dedicated: boolean) => ({
    get port() {
      return server.port;
    },
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    timeoutMs: 400,
    owns: dedicated,
  });

  suite.each([
    { client: 'ioredis', make: ioredis },
    { client: 'node-redis', make: nodeRedis },
  ])('with $client', ({ make }) => {
    suite('that the application shares', () => {
      checkerFaults((proxy) => make(proxy, false), world(false), test);
    });
    suite('on a connection of the check’s own', () => {
      checkerFaults((proxy) => make(proxy, true), world(true), test);
    });
  });
});
