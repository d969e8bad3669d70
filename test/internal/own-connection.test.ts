import { expect, describe as suite, test, vi } from 'vitest';
import { OwnConnection } from '../../src/internal/own-connection.ts';
import { settle, VirtualClock } from '../../src/testing/index.ts';
import { type Gate, gate } from '../helpers/health.ts';

interface Client {
  readonly opening: Gate<unknown>;
  readonly lost: (reason: unknown) => void;
}

const NEVER = new AbortController().signal;

function connection() {
  const made: Client[] = [];
  const disposed: Client[] = [];
  const clock = new VirtualClock();
  const own = new OwnConnection<Client>(
    {
      make(lost) {
        const client = { opening: gate<unknown>(), lost };
        made.push(client);
        return client;
      },
      connect: (client) => client.opening.promise,
      opened: () => undefined,
      async dispose(client) {
        disposed.push(client);
      },
    },
    clock,
  );
  return { own, made, disposed, clock };
}

suite('a connection of a check’s own', () => {
  test('abandons an attempt that has taken twice the time limit, and its later result', async () => {
    const { own, made, disposed, clock } = connection();
    const abort = new AbortController();
    const first = own.acquire(abort.signal, 100);
    abort.abort(new Error('over'));
    await expect(first).rejects.toThrow('over');
    clock.block(199);
    void own.acquire(NEVER, 100).catch(() => undefined);
    expect(made.length).toBe(1);
    clock.block(1);
    const second = own.acquire(NEVER, 100);
    expect(made.length).toBe(2);
    expect(disposed).toEqual([made[0]]);
    made[0]?.opening.fail(new Error('too late'));
    made[1]?.opening.open(undefined);
    expect(await second).toBe(made[1]);
    expect(disposed).toEqual([made[0]]);
  });

  test('closes what opens after it was abandoned', async () => {
    const { own, made, disposed, clock } = connection();
    void own.acquire(NEVER, 100).catch(() => undefined);
    clock.block(200);
    void own.acquire(NEVER, 100).catch(() => undefined);
    made[0]?.opening.open(undefined);
    await settle();
    expect(disposed).toEqual([made[0], made[0]]);
  });

  test('pauses no longer than the timeout', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    try {
      const { own, made, clock } = connection();
      for (let failures = 1; failures <= 5; failures++) {
        const waiting = own.acquire(NEVER, 100);
        made.at(-1)?.opening.fail(new Error('refused'));
        await expect(waiting).rejects.toThrow('refused');
        clock.block(99);
        await expect(own.acquire(NEVER, 100)).rejects.toThrow('refused; the next attempt is due in 0.0 s');
        expect(made.length).toBe(failures);
        clock.block(1);
      }
    } finally {
      vi.restoreAllMocks();
    }
  });

  test('rejects with the first event where a client has one, which says more', async () => {
    const { own, made } = connection();
    const waiting = own.acquire(NEVER, 100);
    made[0]?.lost(new Error('connect ECONNREFUSED'));
    made[0]?.lost(new Error('the server closed the connection'));
    made[0]?.opening.fail(new Error('Connection is closed.'));
    await expect(waiting).rejects.toThrow('connect ECONNREFUSED');
    expect(own.lastLoss).toBeUndefined();
  });
});
