import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, describe as suite, test, vi } from 'vitest';
import { DedicatedConnection } from '../../../src/checkers/postgres/dedicated-connection.ts';
import type { PostgresPool } from '../../../src/checkers/postgres/pool-connection-source.ts';
import { postgres } from '../../../src/checkers/postgres/postgres.ts';
import { settle, VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { type Gate, gate, messageOf, statuses, virtualHealth } from '../../helpers/health.ts';

/** A driver whose clients do what the test says. */
function driver(options: Record<string, unknown> = {}) {
  const made: FakeClient[] = [];
  class FakeClient extends EventEmitter {
    readonly given: Record<string, unknown>;
    readonly opening: Gate<unknown> = gate<unknown>();
    readonly connect = vi.fn(() => this.opening.promise);
    readonly query = vi.fn((_text: string): Promise<unknown> => Promise.resolve({ rows: [] }));
    readonly end = vi.fn((): Promise<unknown> => Promise.resolve());
    readonly unref = vi.fn();
    readonly connection = { stream: { destroy: vi.fn() } };
    constructor(given: Record<string, unknown>) {
      super();
      this.given = given;
      made.push(this);
    }
  }
  const pool = { connect: vi.fn(), Client: FakeClient, options: { max: 10, ...options } };
  return { made, pool: pool as typeof pool & PostgresPool };
}

const NEVER = new AbortController().signal;

/** A time limit that no pause reaches. */
const LIMIT_MS = 60_000;

function connection(options: Record<string, unknown> = {}) {
  const { made, pool } = driver(options);
  const clock = new VirtualClock();
  return { made, pool, clock, dedicated: new DedicatedConnection(pool, clock) };
}

/** Lets the attempt `n` fail, and gives the message that comes of it. */
async function refuse(
  dedicated: DedicatedConnection,
  made: ReturnType<typeof driver>['made'],
): Promise<void> {
  const waiting = dedicated.acquire(NEVER, LIMIT_MS);
  made.at(-1)?.opening.fail(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  await expect(waiting).rejects.toThrow('connect ECONNREFUSED');
}

suite('a connection of the check’s own', () => {
  test('is opened once with the pool’s options, kept, and never keeps the process alive', async () => {
    const { made, pool, dedicated } = connection({ host: 'db', application_name: 'shop' });
    Object.defineProperty(pool.options, 'password', { value: 'hidden' });
    const waiting = dedicated.acquire(NEVER, LIMIT_MS);
    made[0]?.opening.open(undefined);
    const client = await waiting;
    await client.query('SELECT 1');
    client.release(false);
    (await dedicated.acquire(NEVER, LIMIT_MS)).release();
    expect(made.length).toBe(1);
    expect(made[0]?.given).toMatchObject({
      host: 'db',
      application_name: 'shop',
      fallback_application_name: 'allswell',
      connectionTimeoutMillis: 5_000,
    });
    expect(made[0]?.given.password).toBe('hidden');
    expect(Object.keys(made[0]?.given ?? {})).not.toContain('password');
    expect(made[0]?.query.mock.calls).toEqual([['SELECT 1']]);
    expect(made[0]?.unref).toHaveBeenCalledTimes(1);
    expect(made[0]?.end).not.toHaveBeenCalled();
    expect(pool.connect).not.toHaveBeenCalled();
  });

  test('respects the pool’s own connection timeout, and adds no password where there is none', () => {
    const { made, dedicated } = connection({ connectionTimeoutMillis: 300 });
    void dedicated.acquire(NEVER, LIMIT_MS);
    expect(made[0]?.given.connectionTimeoutMillis).toBe(300);
    expect('password' in (made[0]?.given ?? {})).toBe(false);
  });

  test('an attempt that outlasts its check serves the next', async () => {
    const { made, clock, dedicated } = connection();
    const abort = new AbortController();
    const first = dedicated.acquire(abort.signal, LIMIT_MS);
    expect(dedicated.waitingFor(800)).toBe('no connection within 800 ms');
    clock.block(800);
    expect(dedicated.waitingFor(800)).toBe('no connection within 800 ms');
    abort.abort(new Error('time is up'));
    await expect(first).rejects.toThrow('time is up');
    clock.block(2_200);
    const second = dedicated.acquire(NEVER, LIMIT_MS);
    expect(made.length).toBe(1);
    expect(dedicated.waitingFor(800)).toBe('no connection within 800 ms (the attempt began 3.0 s ago)');
    made[0]?.opening.open(undefined);
    await second;
    expect(dedicated.waitingFor(800)).toBe('no connection within 800 ms');
  });

  test('a signal that is already aborted opens nothing', async () => {
    const { made, dedicated } = connection();
    await expect(dedicated.acquire(AbortSignal.abort(new Error('over')), LIMIT_MS)).rejects.toThrow('over');
    expect(made.length).toBe(0);
  });

  test('leaves no listener on the signal', async () => {
    const { made, dedicated } = connection();
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const waiting = dedicated.acquire(signal, LIMIT_MS);
    made[0]?.opening.open(undefined);
    await waiting;
    await settle();
    expect(remove).toHaveBeenCalledWith('abort', expect.any(Function));
  });

  test('a class that cannot be constructed is a failure like any other', async () => {
    const { pool, clock } = connection();
    class Broken {
      constructor() {
        throw new Error('bad option');
      }
    }
    const broken = new DedicatedConnection({ ...pool, Client: Broken } as PostgresPool, clock);
    await expect(broken.acquire(NEVER, LIMIT_MS)).rejects.toThrow('bad option');
  });
});

suite('pauses between failures', () => {
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('double up to five seconds, and meanwhile the last failure is reported', async () => {
    const { made, clock, dedicated } = connection();
    for (const pauseMs of [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
      await refuse(dedicated, made);
      await settle();
      const attempts = made.length;
      clock.block(pauseMs - 1);
      await expect(dedicated.acquire(NEVER, LIMIT_MS)).rejects.toMatchObject({
        message: 'connect ECONNREFUSED; the next attempt is due in 0.0 s',
        code: 'ECONNREFUSED',
      });
      expect(made.length).toBe(attempts);
      clock.block(1);
    }
    expect(made.every(({ end }) => end.mock.calls.length === 1)).toBe(true);
  });

  test('vary by up to a half', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const { made, clock, dedicated } = connection();
    await refuse(dedicated, made);
    clock.block(124);
    await expect(dedicated.acquire(NEVER, LIMIT_MS)).rejects.toThrow('due in');
    clock.block(2);
    void dedicated.acquire(NEVER, LIMIT_MS);
    expect(made.length).toBe(2);
  });

  test('start again once a query is answered, not with a mere connection', async () => {
    const { made, clock, dedicated } = connection();
    await refuse(dedicated, made);
    clock.block(250);
    const opened = dedicated.acquire(NEVER, LIMIT_MS);
    made[1]?.opening.open(undefined);
    (await opened).release(true);
    expect(made[1]?.end).toHaveBeenCalledTimes(1);
    clock.block(499);
    await expect(dedicated.acquire(NEVER, LIMIT_MS)).rejects.toThrow(
      'the last connection was closed because it gave no good answer; the next attempt is due in 0.0 s',
    );
    clock.block(1);
    const again = dedicated.acquire(NEVER, LIMIT_MS);
    made[2]?.opening.open(undefined);
    const client = await again;
    client.release(false);
    client.release(true);
    clock.block(250);
    void dedicated.acquire(NEVER, LIMIT_MS);
    expect(made.length).toBe(4);
  });
});

suite('a connection that breaks', () => {
  async function opened() {
    const context = connection();
    const waiting = context.dedicated.acquire(NEVER, LIMIT_MS);
    context.made[0]?.opening.open(undefined);
    const client = await waiting;
    client.release(false);
    return { ...context, client };
  }

  test('while idle is closed, reported, and replaced at once', async () => {
    const { made, dedicated } = await opened();
    made[0]?.emit('error', new Error('terminating connection, password=x'));
    expect(dedicated.lastLoss).toBe('terminating connection, password=***');
    expect(made[0]?.end).toHaveBeenCalledTimes(1);
    void dedicated.acquire(NEVER, LIMIT_MS);
    expect(made.length).toBe(2);
    made[0]?.emit('error', new Error('once more'));
    expect(dedicated.lastLoss).not.toContain('once more');
    expect(made[0]?.end).toHaveBeenCalledTimes(1);
  });

  test('while it connects ends neither process nor promise twice', async () => {
    const { made, dedicated } = connection();
    const waiting = dedicated.acquire(NEVER, LIMIT_MS);
    made[0]?.emit('error', new Error('read ECONNRESET'));
    made[0]?.opening.fail(new Error('read ECONNRESET'));
    await expect(waiting).rejects.toThrow('read ECONNRESET');
    expect(dedicated.lastLoss).toBeUndefined();
  });

  test('is not closed twice by a check that finds it gone', async () => {
    const { made, dedicated, client } = await opened();
    made[0]?.emit('error', new Error('gone'));
    client.release(true);
    void dedicated.acquire(NEVER, LIMIT_MS);
    expect(made.length).toBe(2);
  });

  test('and does not say goodbye is cut off', async () => {
    vi.useFakeTimers();
    try {
      const { made, dedicated } = await opened();
      const goodbye = gate<unknown>();
      made[0]?.end.mockReturnValue(goodbye.promise);
      const closing = dedicated.close();
      await vi.advanceTimersByTimeAsync(499);
      expect(made[0]?.connection.stream.destroy).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(made[0]?.connection.stream.destroy).toHaveBeenCalledTimes(1);
      goodbye.fail(new Error('Connection terminated'));
      await closing;
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('closed while it is being opened, it is ended, even if it arrives after all', async () => {
    const { made, dedicated } = connection();
    const waiting = dedicated.acquire(NEVER, LIMIT_MS);
    await dedicated.close();
    expect(made[0]?.end).toHaveBeenCalledTimes(1);
    made[0]?.opening.open(undefined);
    await waiting;
    await settle();
    expect(made[0]?.end).toHaveBeenCalledTimes(2);
    expect(made[0]?.unref).not.toHaveBeenCalled();
  });

  test('closed while it is being opened, its failure starts no pause', async () => {
    const { made, dedicated } = connection();
    const waiting = dedicated.acquire(NEVER, LIMIT_MS);
    await dedicated.close();
    made[0]?.opening.fail(new Error('refused'));
    await expect(waiting).rejects.toThrow('refused');
    await settle();
    void dedicated.acquire(NEVER, LIMIT_MS);
    expect(made.length).toBe(2);
  });

  test('closing what was never opened does nothing', async () => {
    const { made, dedicated } = connection();
    await dedicated.close();
    expect(made.length).toBe(0);
  });
});

suite('postgres() with a connection of its own', () => {
  test('reports when nothing comes in time, closes it with the controller, and leaves the pool alone', async () => {
    const { made, pool } = driver();
    const { health, clock } = virtualHealth();
    health.register('database', postgres(pool, { dedicated: true }));
    const answer = health.report();
    made[0]?.opening.open(undefined);
    expect(statuses(await answer)).toEqual({ database: 'ok' });
    const hang = gate<unknown>();
    made[0]?.query.mockReturnValue(hang.promise);
    await clock.advance(1_000);
    const hung = health.report();
    await clock.advance(800);
    expect(messageOf(await hung, 'database')).toBe('no answer to SELECT 1 within 800 ms');
    expect(made[0]?.end).toHaveBeenCalledTimes(1);
    hang.fail(new Error('Connection terminated'));
    await health.close();
    expect(pool.connect).not.toHaveBeenCalled();
  });

  test('a pool of another kind is an issue, and so is everything else that is wrong', () => {
    const pool = { connect: () => new Promise<never>(() => undefined) };
    expect(() => postgres(pool, { dedicated: true })).toThrow('`dedicated` needs an actual pg.Pool');
    expect(() =>
      postgres({ ...pool, Client: class {}, options: null } as never, { dedicated: true }),
    ).toThrow('`dedicated` needs an actual pg.Pool');
    expect(() => postgres({ ...pool, options: {} } as never, { dedicated: true })).toThrow(
      'needs an actual pg.Pool',
    );
    const wrong = { role: 'leader', dedicated: 'yes', retries: 3 } as never;
    expect(() => postgres(pool, wrong)).toThrow(
      [
        'Invalid postgres() options:',
        'Unknown option `retries`; the options are `role`, `dedicated`',
        "Expected `role` to be one of 'primary', 'standby', got `'leader'` (string)",
        "Expected `dedicated` to be true or false, got `'yes'` (string)",
      ].join('\n  - '),
    );
    expect(() => postgres(undefined as never, { dedicated: true })).toThrow(
      'Invalid postgres() options: Expected `pool` to be a pg.Pool, got `undefined`',
    );
  });

  test('without it there is nothing to close', () => {
    const { pool } = driver();
    expect(postgres(pool).close).toBeUndefined();
    expect(postgres(pool, { dedicated: false }).close).toBeUndefined();
    expect(postgres(pool, { dedicated: true }).close).toBeTypeOf('function');
  });
});
