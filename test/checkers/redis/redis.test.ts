import { EventEmitter } from 'node:events';
import { createSentinel } from 'redis';
import { expect, describe as suite, test, vi } from 'vitest';
import type { RedisClient } from '../../../src/checkers/redis/client.ts';
import { type RedisOptions, redis } from '../../../src/checkers/redis/redis.ts';
import { gate } from '../../helpers/health.ts';
import { begin, resultOf } from '../../helpers/run.ts';

/** A client of ioredis that answers as the test says. */
class Ioredis extends EventEmitter {
  status = 'ready';
  options = {};
  readonly call = vi.fn((_command: string): Promise<unknown> => Promise.resolve('PONG'));
  readonly duplicate = vi.fn((_overrides: object): unknown => new Ioredis());
  readonly connect = vi.fn((): Promise<unknown> => Promise.resolve());
  readonly disconnect = vi.fn();
  readonly stream = { destroy: vi.fn(), unref: vi.fn() };
}

/** A client of node-redis that answers as the test says. */
class NodeRedis extends EventEmitter {
  isOpen = true;
  isReady = true;
  options = { socket: { host: 'cache', port: 7 } };
  readonly sendCommand = vi.fn((_command: readonly string[]): Promise<unknown> => Promise.resolve('PONG'));
  readonly duplicate = vi.fn((_overrides: object): unknown => new NodeRedis());
  readonly connect = vi.fn((): Promise<unknown> => Promise.resolve());
  readonly destroy = vi.fn();
  readonly disconnect = vi.fn();
  readonly unref = vi.fn();
}

const check = (client: unknown, options?: RedisOptions) => redis(client as RedisClient, options);

suite('the application’s client', () => {
  test.each(['PONG', 'pong', Buffer.from('PONG'), ['pong', '']])('is ok if it answers %j', async (reply) => {
    const client = new Ioredis();
    client.call.mockResolvedValue(reply);
    expect(await resultOf(check(client))).toEqual({ status: 'ok' });
    expect(client.call.mock.calls).toEqual([['PING']]);
  });

  test('is queried in the way of its package', async () => {
    const client = new NodeRedis();
    expect(await resultOf(check(client))).toEqual({ status: 'ok' });
    expect(client.sendCommand.mock.calls).toEqual([[['PING']]]);
  });

  test.each(['', 'HTTP/1.1 400', undefined, 7])('is an error if it answers %j', async (reply) => {
    const client = new NodeRedis();
    client.sendCommand.mockResolvedValue(reply);
    expect((await resultOf(check(client))).message).toMatch(/^expected PONG in reply to PING, got /);
  });

  test('ends at its timeout, and has at most one command waiting, whose reply serves the next run', async () => {
    const client = new Ioredis();
    const reply = gate<unknown>();
    client.call.mockReturnValue(reply.promise);
    const checker = check(client);
    for (let run = 0; run < 12; run++) {
      const overdue = begin(checker);
      overdue.abort();
      expect((await overdue.result).status).toBe('error');
    }
    const next = begin(checker);
    expect(client.call).toHaveBeenCalledTimes(1);
    reply.open('PONG');
    expect(await next.result).toEqual({ status: 'ok' });
    await resultOf(checker);
    expect(client.call).toHaveBeenCalledTimes(2);
  });

  test('gets another command where the driver has lost one for a minute', async () => {
    const now = vi.spyOn(performance, 'now');
    try {
      const client = new Ioredis();
      client.call.mockReturnValueOnce(new Promise(() => undefined));
      const checker = check(client);
      now.mockReturnValue(1_000);
      const lost = begin(checker);
      lost.abort();
      await lost.result;
      now.mockReturnValue(61_000);
      expect(await resultOf(checker)).toEqual({ status: 'ok' });
    } finally {
      now.mockRestore();
    }
  });

  test('starts nothing when the signal is aborted already', async () => {
    const client = new Ioredis();
    const signal = AbortSignal.abort(new Error('over'));
    const context = { name: 'x', timeoutMs: 1, signal, setTimeoutMessage: () => undefined };
    expect(await check(client).check(context)).toMatchObject({
      status: 'error',
      message: expect.stringContaining('over'),
    });
    expect(client.call).not.toHaveBeenCalled();
  });

  test('is quoted with its state and last error, until it answers', async () => {
    const client = new Ioredis();
    const checker = check(client);
    client.status = 'reconnecting';
    client.emit('error', new Error('connect ECONNREFUSED'));
    client.call.mockReturnValueOnce(new Promise(() => undefined));
    const run = begin(checker);
    expect(run.timeoutMessage()).toBe(
      'no answer to PING within 800 ms (the client\'s status is "reconnecting"; last error: connect ECONNREFUSED)',
    );
    run.abort();
    await run.result;
  });

  test('that is closed reports that, and rejects with its code', async () => {
    const client = new NodeRedis();
    client.isReady = false;
    client.isOpen = false;
    client.sendCommand.mockRejectedValue(
      Object.assign(new Error('The client is closed'), { code: 'CLOSED' }),
    );
    expect(await resultOf(check(client))).toEqual({
      status: 'error',
      code: 'CLOSED',
      message: 'The client is closed (the client is closed: was connect() called?)',
    });
    client.isOpen = true;
    expect((await resultOf(check(client))).message).toContain('(the client is reconnecting)');
  });

  test('that is ready but refuses a command is an error that does not mention its state', async () => {
    const client = new NodeRedis();
    client.sendCommand.mockRejectedValue(new Error('LOADING Redis is loading the dataset in memory'));
    expect((await resultOf(check(client))).message).toBe('LOADING Redis is loading the dataset in memory');
  });

  test('gets one listener, however many checks it has', () => {
    const client = new Ioredis();
    check(client);
    check(client, { role: 'master' });
    check(client, { dedicated: true });
    expect(client.listenerCount('error')).toBe(1);
  });
});

suite('the role', () => {
  test.each([
    ['master', ['master', 3, []], 'ok'],
    ['replica', ['slave', '127.0.0.1', 6379, 'connected', 3], 'ok'],
    ['master', ['slave', '127.0.0.1', 6379, 'connected', 3], 'error'],
    ['replica', ['master', 3, []], 'error'],
    ['master', ['sentinel', []], 'error'],
  ] as const)('%s is compared with %j', async (role, reply, status) => {
    const client = new NodeRedis();
    client.sendCommand.mockResolvedValue(reply);
    const result = await resultOf(check(client, { role }));
    const found = String(reply[0]).replace('slave', 'replica');
    expect(result).toMatchObject({ status, details: { role: found } });
    if (status === 'error') expect(result.code).toBe('ERR_REDIS_ROLE');
    expect(client.sendCommand.mock.calls).toEqual([[['ROLE']]]);
  });

  test('that was lost in a failover has its reason', async () => {
    const client = new Ioredis();
    client.call.mockResolvedValue(['slave']);
    expect((await resultOf(check(client, { role: 'master' }))).message).toBe(
      'expected a master, found a replica: it accepts no writes; after a failover, does the host name point to the new master?',
    );
  });

  test('of a replica that was promoted has its reason', async () => {
    const client = new Ioredis();
    client.call.mockResolvedValue(['master']);
    expect((await resultOf(check(client, { role: 'replica' }))).message).toBe(
      'expected a replica, found a master: was the replica promoted?',
    );
  });

  test.each([undefined, [], 'OK'])('cannot be read from %j', async (reply) => {
    const client = new Ioredis();
    client.call.mockResolvedValue(reply);
    expect((await resultOf(check(client, { role: 'master' }))).message).toContain(
      'the reply to ROLE cannot be read',
    );
  });
});

suite('a connection of the check’s own', () => {
  test('of ioredis neither queues nor reconnects by itself, and is kept', async () => {
    const client = new Ioredis();
    const own = new Ioredis();
    client.duplicate.mockReturnValue(own);
    const checker = check(client, { dedicated: true });
    expect((await resultOf(checker)).status).toBe('ok');
    expect((await resultOf(checker)).status).toBe('ok');
    expect(client.duplicate).toHaveBeenCalledTimes(1);
    expect(client.duplicate.mock.calls[0]?.[0]).toEqual({
      lazyConnect: true,
      retryStrategy: null,
      sentinelRetryStrategy: null,
      reconnectOnError: null,
      autoResendUnfulfilledCommands: false,
      connectTimeout: 1_600,
      disconnectTimeout: 100,
    });
    expect(own.call).toHaveBeenCalledTimes(2);
    expect(own.stream.unref).toHaveBeenCalledTimes(1);
    expect(client.call).not.toHaveBeenCalled();
    await checker.close?.();
    expect(own.disconnect).toHaveBeenCalledTimes(1);
    expect(own.stream.destroy).toHaveBeenCalledTimes(1);
  });

  test('of node-redis keeps its address, and is destroyed when it hangs', async () => {
    const client = new NodeRedis();
    const [hung, good] = [new NodeRedis(), new NodeRedis()];
    client.duplicate.mockReturnValueOnce(hung).mockReturnValueOnce(good);
    hung.sendCommand.mockReturnValue(new Promise(() => undefined));
    const checker = check(client, { dedicated: true });
    const run = begin(checker, 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(run.timeoutMessage()).toBe('no answer to PING within 1 ms');
    run.abort();
    expect((await run.result).status).toBe('error');
    expect(hung.destroy).toHaveBeenCalledTimes(1);
    expect(client.duplicate.mock.calls[0]?.[0]).toMatchObject({
      socket: { host: 'cache', port: 7, reconnectStrategy: false, connectTimeout: 2 },
    });
    await expect.poll(() => begin(checker, 1).result).toMatchObject({ status: 'ok' });
    expect(good.unref).toHaveBeenCalledTimes(1);
  });

  test('that is refused reports the code of the refusal', async () => {
    const client = new Ioredis();
    const own = new Ioredis();
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    own.connect.mockRejectedValue(refused);
    client.duplicate.mockReturnValue(own);
    expect(await resultOf(check(client, { dedicated: true }))).toEqual({
      status: 'error',
      message: 'connect ECONNREFUSED',
      code: 'ECONNREFUSED',
    });
  });

  test('of an old node-redis without destroy() is disconnected', async () => {
    const client = new NodeRedis();
    const own = new NodeRedis();
    Object.assign(own, { destroy: undefined });
    own.disconnect.mockRejectedValue(new Error('closed already'));
    client.duplicate.mockReturnValue(own);
    const checker = check(client, { dedicated: true });
    await resultOf(checker);
    await checker.close?.();
    expect(own.disconnect).toHaveBeenCalledTimes(1);
  });

  test('to a server in the wrong role is closed', async () => {
    const client = new Ioredis();
    const own = new Ioredis();
    own.call.mockResolvedValue(['slave']);
    client.duplicate.mockReturnValue(own);
    const checker = check(client, { dedicated: true, role: 'master' });
    expect(await resultOf(checker)).toMatchObject({ status: 'error', code: 'ERR_REDIS_ROLE' });
    expect(own.disconnect).toHaveBeenCalledTimes(1);
  });

  test('that broke while idle is opened again, and the loss is quoted until there is an answer', async () => {
    const client = new Ioredis();
    const [first, second] = [new Ioredis(), new Ioredis()];
    client.duplicate.mockReturnValueOnce(first).mockReturnValueOnce(second);
    const checker = check(client, { dedicated: true });
    await resultOf(checker);
    first.emit('end');
    second.call.mockRejectedValueOnce(new Error('LOADING'));
    expect((await resultOf(checker)).message).toBe(
      'LOADING (an idle connection was lost before: the server closed the connection)',
    );
  });

  test('that cannot be closed is left', async () => {
    const client = new NodeRedis();
    const own = new NodeRedis();
    own.destroy.mockImplementation(() => {
      throw new Error('The client is closed');
    });
    client.duplicate.mockReturnValue(own);
    const checker = check(client, { dedicated: true });
    await resultOf(checker);
    await expect(checker.close?.()).resolves.toBeUndefined();
  });
});

suite('arguments', () => {
  test.each([undefined, null, {}, 'redis://x', new EventEmitter()])('%s is no client', (client) => {
    expect(() => check(client)).toThrow('Expected `client` to be a client of ioredis or node-redis');
  });

  test('a client with callbacks, a cluster and a sentinel of node-redis are named', () => {
    const old = { send_command: () => undefined, on: () => undefined };
    expect(() => check(old)).toThrow('got one that takes callbacks: use ping()');
    expect(() => check(Object.assign(new Ioredis(), old, { sendCommand: vi.fn() }))).not.toThrow();
    const cluster = { sendCommand: vi.fn(), nodeClient: vi.fn(), getSlotRandomNode: vi.fn() };
    expect(() => check(cluster)).toThrow('got a node-redis cluster: use ping(');
    const sentinel = createSentinel({ name: 'main', sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }] });
    expect(() => check(sentinel)).toThrow('got a node-redis sentinel: use ping(');
  });

  test('a cluster of ioredis has no connection of one server', () => {
    const cluster = Object.assign(new Ioredis(), { isCluster: true });
    expect(() => check(cluster)).not.toThrow();
    expect(() => check(cluster, { dedicated: true })).toThrow('this is a cluster');
  });

  test('every issue is named at once', () => {
    expect(() => check(1, { role: 'slave', dedicated: 1, x: 1 } as never)).toThrow(
      /^Invalid redis\(\) options:(\n {2}- .*){4}$/,
    );
  });
});
