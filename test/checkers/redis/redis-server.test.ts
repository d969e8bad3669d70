import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { redis } from '../../../src/checkers/redis/redis.ts';
import { resultOf } from '../../helpers/run.ts';
import { startRedis, suiteWith, type TestServer } from '../../helpers/servers.ts';

suiteWith('redis-server', 'a master and its replica', () => {
  let master: TestServer;
  let replica: TestServer;
  beforeAll(async () => {
    master = await startRedis();
    replica = await startRedis(master);
  });

  function ioredis(port: number, options = {}): Redis {
    const client = new Redis(port, '127.0.0.1', options);
    onTestFinished(() => client.disconnect());
    return client;
  }

  test('are distinguished by both clients', async () => {
    expect(await resultOf(redis(ioredis(master.port), { role: 'master' }))).toEqual({
      status: 'ok',
      details: { role: 'master' },
    });
    expect(await resultOf(redis(ioredis(replica.port), { role: 'master' }))).toMatchObject({
      status: 'error',
      code: 'ERR_REDIS_ROLE',
    });
    const client = createClient({ url: `redis://127.0.0.1:${replica.port}` });
    await client.connect();
    onTestFinished(() => client.destroy());
    expect((await resultOf(redis(client, { role: 'replica' }))).status).toBe('ok');
    const own = redis(client, { role: 'replica', dedicated: true });
    expect((await resultOf(own)).status).toBe('ok');
    await own.close?.();
  });

  test('answer a connection that subscribes', async () => {
    const client = ioredis(master.port, { protocol: 2 });
    await client.subscribe('news');
    expect((await resultOf(redis(client))).status).toBe('ok');
  });

  test('a wrong password is an error that does not show it', async () => {
    const client = ioredis(master.port);
    const own = redis(client, { dedicated: true });
    const password = 'hush';
    client.options.password = password;
    client.options.username = 'nobody';
    const result = await resultOf(own);
    expect(result.status).toBe('error');
    expect(result.message).toMatch(/WRONGPASS/);
    expect(JSON.stringify(result)).not.toContain(password);
    await own.close?.();
  });

  test('a client that was never connected, and one whose offline queue is off, are errors at once', async () => {
    const client = createClient({ url: `redis://127.0.0.1:${master.port}` });
    expect((await resultOf(redis(client))).message).toContain('was connect() called?');
    const offline = ioredis(1, { enableOfflineQueue: false, retryStrategy: () => 10_000 });
    const checker = redis(offline);
    const result = await resultOf(checker);
    expect(result.status).toBe('error');
    expect(result.message).toMatch(/enableOfflineQueue/);
  });
});
