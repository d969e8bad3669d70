import { EventEmitter, getEventListeners } from 'node:events';
import { expect, describe as suite, test } from 'vitest';
import {
  connectionSourceOf,
  type PostgresClient,
  type PostgresPool,
} from '../../../src/checkers/postgres/pool-connection-source.ts';
import { postgres } from '../../../src/checkers/postgres/postgres.ts';
import { gate, messageOf, virtualHealth } from '../../helpers/health.ts';

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

suite('a client that breaks in the moment in which it is handed out', () => {
  test('ends neither the process nor the check, and keeps no listener', async () => {
    const pool = Object.assign(new EventEmitter(), { connect: () => arriving.promise });
    const arriving = gate<PostgresClient>();
    const breaking = Object.assign(new EventEmitter(), client());
    const taken = connectionSourceOf(pool).acquire(new AbortController().signal);
    pool.emit('acquire', breaking);
    breaking.emit('error', new Error('terminated by the administrator'));
    arriving.open(breaking);
    expect(await taken).toBe(breaking);
    await new Promise((resolve) => setImmediate(resolve));
    expect(breaking.eventNames()).toEqual([]);
  });

  test('is left alone where no check waits for one, and may be no emitter', async () => {
    const pool = Object.assign(new EventEmitter(), { connect: () => Promise.resolve(client()) });
    const source = connectionSourceOf(pool);
    const foreign = Object.assign(new EventEmitter(), client());
    pool.emit('acquire', foreign);
    expect(foreign.eventNames()).toEqual([]);
    const taken = source.acquire(new AbortController().signal);
    pool.emit('acquire', client());
    await taken;
    await new Promise((resolve) => setImmediate(resolve));
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
