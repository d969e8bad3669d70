import { EventEmitter, getEventListeners } from 'node:events';
import { expect, describe as suite, test, vi } from 'vitest';
import { DedicatedConnection } from '../../../src/checkers/postgres/dedicated-connection.ts';
import type { PostgresPool } from '../../../src/checkers/postgres/pool-connection-source.ts';
import { postgres } from '../../../src/checkers/postgres/postgres.ts';
import { settle } from '../../../src/testing/virtual-clock.ts';
import { gate, virtualHealth } from '../../helpers/health.ts';

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

  test('is cut off without an error where there is nothing to cut', async () => {
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
    expect(() => postgres(pool(options as never), { dedicated: true })).toThrow('needs an actual pg.Pool');
  });
});
