import { EventEmitter, getEventListeners } from 'node:events';
import { expect, describe as suite, test, vi } from 'vitest';
import { heap } from '../../src/checkers/heap.ts';
import { DedicatedConnection } from '../../src/checkers/postgres/dedicated-connection.ts';
import {
  connectionSourceOf,
  type PostgresClient,
  type PostgresPool,
} from '../../src/checkers/postgres/pool-connection-source.ts';
import { postgres } from '../../src/checkers/postgres/postgres.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { gate, messageOf, virtualHealth } from '../helpers/health.ts';

const client = (): PostgresClient => ({ query: async () => ({}), release: () => undefined });

/** What a pool with these figures says when nothing comes in time. */
async function complaint(figures: Partial<PostgresPool>): Promise<string | undefined> {
  const { health, clock } = virtualHealth();
  health.register('database', postgres({ connect: () => new Promise(() => undefined), ...figures }));
  const answer = health.report();
  await clock.advance(800);
  return messageOf(await answer, 'database');
}

suite('what a pool that gives nothing is said to lack', () => {
  test.each<[Partial<PostgresPool>, string]>([
    [
      { totalCount: 10, idleCount: 3, waitingCount: 1, options: { max: 10 } },
      'no free connection (7 of 10 in use, 1 waiting)',
    ],
    [
      { totalCount: 10, waitingCount: 1, options: { max: 10 } },
      'no free connection (10 of 10 in use, 1 waiting)',
    ],
    [{ totalCount: 9, idleCount: 0, waitingCount: 1, options: { max: 10 } }, 'no connection within 800 ms'],
    [{ totalCount: 10, idleCount: 0, waitingCount: 0, options: { max: 10 } }, 'no connection within 800 ms'],
    [{ totalCount: 10, idleCount: 0, options: { max: 10 } }, 'no connection within 800 ms'],
    [{ idleCount: 0, waitingCount: 1, options: { max: 10 } }, 'no connection within 800 ms'],
    [{ totalCount: 10, idleCount: 0, waitingCount: 1 }, 'no connection within 800 ms'],
    [{ totalCount: 10, idleCount: 0, waitingCount: 1, options: {} }, 'no connection within 800 ms'],
  ])('%j', async (figures, message) => {
    expect(await complaint(figures)).toBe(message);
  });
});

suite('the door of a pool leaves no listener on a signal', () => {
  test('when a client comes, when connecting fails, when time is up, and when it was up before', async () => {
    const next = [gate<PostgresClient>(), gate<PostgresClient>(), gate<PostgresClient>()];
    let connects = 0;
    const door = connectionSourceOf({ connect: () => (next[connects++] as (typeof next)[0]).promise });
    const { signal } = new AbortController();
    const first = door.acquire(signal);
    next[0]?.open(client());
    await first;
    expect(getEventListeners(signal, 'abort').length).toBe(0);
    const second = door.acquire(signal);
    next[1]?.fail(new Error('no'));
    await expect(second).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort').length).toBe(0);
    const stop = new AbortController();
    const third = door.acquire(stop.signal);
    stop.abort(new Error('over'));
    await expect(third).rejects.toThrow('over');
    await expect(door.acquire(AbortSignal.abort(new Error('long over')))).rejects.toThrow('long over');
    expect(connects).toBe(3);
  });

  test('nor does a query that was answered', async () => {
    const { health } = virtualHealth();
    const checker = postgres({ connect: async () => client() });
    let seen: AbortSignal | undefined;
    health.register('database', {
      ...checker,
      check: (context) => {
        seen = context.signal;
        return checker.check(context);
      },
    });
    await health.report();
    expect(getEventListeners(seen as AbortSignal, 'abort').length).toBe(0);
  });
});

class Driver extends EventEmitter {
  static last: Driver | undefined;
  readonly given: Record<string, unknown>;
  readonly connect = async () => undefined;
  readonly query = async () => ({ rows: [] });
  readonly end = vi.fn(async () => undefined);
  constructor(given: Record<string, unknown>) {
    super();
    this.given = given;
    Driver.last = this;
  }
}

suite('a connection of the check’s own, on a driver that has only what is needed', () => {
  const pool = (options: object) =>
    ({ connect: vi.fn(), Client: Driver, options }) as unknown as PostgresPool;

  test('is opened, and closed with its controller while it is well', async () => {
    const { health } = virtualHealth();
    health.register('database', postgres(pool({}), { dedicated: true }));
    expect((await health.report()).status).toBe('healthy');
    expect(Driver.last?.end).not.toHaveBeenCalled();
    await health.close();
    expect(Driver.last?.end).toHaveBeenCalledTimes(1);
  });

  test('is cut off without complaint where there is nothing to cut', async () => {
    vi.useFakeTimers();
    try {
      const dedicated = new DedicatedConnection(pool({}));
      await dedicated.acquire(new AbortController().signal, 60_000);
      const goodbye = gate<undefined>();
      Driver.last?.end.mockReturnValue(goodbye.promise);
      const closing = dedicated.close();
      await vi.advanceTimersByTimeAsync(1_000);
      goodbye.open(undefined);
      await closing;
    } finally {
      vi.useRealTimers();
    }
  });

  test('the driver can still change the password that it is given', async () => {
    const dedicated = new DedicatedConnection(pool({ password: 'first' }));
    await dedicated.acquire(new AbortController().signal, 60_000);
    const given = Driver.last?.given as { password: string };
    given.password = 'second';
    expect(given.password).toBe('second');
  });

  test('a failure without a code has none during the pause either', async () => {
    class Failing extends Driver {
      override readonly connect = async () => Promise.reject(new Error('no'));
    }
    const failing = { ...pool({}), Client: Failing } as PostgresPool;
    const dedicated = new DedicatedConnection(failing);
    const { signal } = new AbortController();
    await expect(dedicated.acquire(signal, 60_000)).rejects.toThrow('no');
    await settle();
    const thrown = await dedicated.acquire(signal, 60_000).catch((error: unknown) => error);
    expect(String(thrown)).toMatch(/^Error: no; the next attempt is due in 0\.\d s$/);
    expect('code' in (thrown as object)).toBe(false);
    expect(getEventListeners(signal, 'abort').length).toBe(0);
  });

  test.each(['x', undefined, null, 7])('options %j open nothing', (options) => {
    expect(() => postgres(pool(options as never), { dedicated: true })).toThrow('needs a pg.Pool itself');
  });
});

suite('faults of checkers', () => {
  test('name the checker and the option', () => {
    expect(() => heap({ errorRatio: '1' as never })).toThrow(
      "Invalid heap() options: Expected `errorRatio` to be a number over 0 and up to 1, got `'1'` (string)",
    );
    expect(() => postgres(undefined as never, 7 as never)).toThrow(
      /^Invalid postgres\(\) options:\n {2}- Expected `pool`.*\n {2}- Expected `options` to be an object/,
    );
    expect(() => heap({ warnRatio: 1, errorRatio: 1 })).not.toThrow();
    expect(() => heap({ warnBytes: 5, errorBytes: 5 })).not.toThrow();
  });

  test('a threshold out of reach is told as a warning with a code', () => {
    const emit = vi.spyOn(process, 'emitWarning').mockReturnValue();
    heap({ errorBytes: Number.MAX_SAFE_INTEGER });
    expect(emit).toHaveBeenCalledWith(expect.stringMatching(/^heap\(\{ errorBytes: /), {
      type: 'AllswellWarning',
      code: 'ALLSWELL_HEAP_THRESHOLD',
    });
    emit.mockRestore();
  });

  test('a heap that is too full is measured in bytes', async () => {
    const { health } = virtualHealth();
    health.register('memory', heap({ warnBytes: 1 })).register('error', heap({ errorBytes: 1 }));
    const { checks } = await health.report();
    expect(checks.memory).toMatchObject({ status: 'warning', unit: 'bytes' });
    expect(checks.error).toMatchObject({ status: 'error', unit: 'bytes' });
  });
});
