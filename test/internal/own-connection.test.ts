import { expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import { OwnConnection } from '../../src/internal/own-connection.ts';
import { settle, VirtualClock } from '../../src/testing/index.ts';
import { type Gate, gate } from '../helpers/health.ts';

interface Client {
  readonly opening: Gate<unknown>;
  readonly lost: (reason: unknown) => void;
}

const NEVER = new AbortController().signal;

function connection(make?: () => never) {
  const made: Client[] = [];
  const disposed: Client[] = [];
  const clock = new VirtualClock();
  clock.block(5_000);
  const own = new OwnConnection<Client>(
    {
      make(lost) {
        make?.();
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

  /** Fails the attempt in progress. */
  const refuse = async (
    { own, made }: ReturnType<typeof connection>,
    reason: unknown,
    timeoutMs = 60_000,
  ) => {
    const waiting = own.acquire(NEVER, timeoutMs);
    made.at(-1)?.opening.fail(reason);
    await expect(waiting).rejects.toBe(reason);
  };

  test.each([
    ['the whole pause', 0, ['0.3 s', '0.5 s', '1.0 s', '2.0 s', '4.0 s', '5.0 s', '5.0 s']],
    ['up to half less', 1, ['0.1 s', '0.3 s', '0.5 s', '1.0 s', '2.0 s', '2.5 s', '2.5 s']],
  ])('doubles the pause up to five seconds: %s', async (_, random, pauses) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    onTestFinished(() => void vi.restoreAllMocks());
    const scene = connection();
    for (const pause of pauses) {
      await refuse(scene, new Error('refused'));
      await expect(scene.own.acquire(NEVER, 60_000)).rejects.toThrow(`the next attempt is due in ${pause}`);
      scene.clock.block(5000);
    }
  });

  test('begins with the shortest pause again once it has been confirmed', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());
    const scene = connection();
    for (let i = 0; i < 3; i++) {
      await refuse(scene, new Error('refused'));
      scene.clock.block(5000);
    }
    scene.own.confirm();
    await refuse(scene, new Error('refused'));
    await expect(scene.own.acquire(NEVER, 60_000)).rejects.toThrow('due in 0.3 s');
  });

  test('rejects during a pause with the code of the failure, if it had one', async () => {
    for (const code of ['ECONNREFUSED', undefined]) {
      const scene = connection();
      await refuse(scene, Object.assign(new Error('refused'), code && { code }));
      const paused: unknown = await scene.own.acquire(NEVER, 60_000).catch((thrown: unknown) => thrown);
      expect(Object.entries(paused as object)).toEqual(code === undefined ? [] : [['code', code]]);
    }
  });

  test('disposes of a client that was refused', async () => {
    const scene = connection();
    await refuse(scene, new Error('refused'));
    expect(scene.disposed).toEqual(scene.made);
  });

  test('rejects if no client can be made, and has none to dispose of', async () => {
    const scene = connection(() => {
      throw new Error('no such option');
    });
    await expect(scene.own.acquire(NEVER, 100)).rejects.toThrow('no such option');
    expect(scene.disposed).toEqual([]);
    await scene.own.close();
    expect(scene.disposed).toEqual([]);
  });

  const open = async ({ own, made }: ReturnType<typeof connection>) => {
    const waiting = own.acquire(NEVER, 100);
    made.at(-1)?.opening.open(undefined);
    return waiting;
  };

  test('opens another one at once where the idle one broke, and keeps the reason', async () => {
    const scene = connection();
    const first = await open(scene);
    expect(await scene.own.acquire(NEVER, 100)).toBe(first);
    first.lost(new Error('terminated by the administrator'));
    first.lost(new Error('the socket was closed'));
    expect(scene.own.lastLoss).toBe('terminated by the administrator');
    expect(scene.disposed).toEqual([first]);
    const second = await open(scene);
    expect(second).not.toBe(first);
    first.lost(new Error('late'));
    expect(await scene.own.acquire(NEVER, 100)).toBe(second);
    expect(scene.own.lastLoss).toBe('terminated by the administrator');
  });

  test('pauses after one was discarded, but not because of one that was replaced before', async () => {
    const scene = connection();
    const first = await open(scene);
    first.lost(new Error('broken'));
    const second = await open(scene);
    scene.own.discard(first);
    expect(await scene.own.acquire(NEVER, 100)).toBe(second);
    scene.own.discard(second);
    expect(scene.disposed).toEqual([first, first, second]);
    await expect(scene.own.acquire(NEVER, 100)).rejects.toThrow(
      'the last connection was closed because it gave no good answer; the next attempt is due in 0.1 s',
    );
  });

  test('closes the open connection, or the attempt to open one', async () => {
    const opened = connection();
    const client = await open(opened);
    await opened.own.close();
    expect(opened.disposed).toEqual([client]);
    const opening = connection();
    void opening.own.acquire(NEVER, 100);
    await opening.own.close();
    expect(opening.disposed).toEqual(opening.made);
    expect(opening.made).toHaveLength(1);
    await connection().own.close();
  });

  test('says how long the attempt has been going on where it began long before the run', () => {
    const { own, clock } = connection();
    expect(own.waitingFor(100)).toBe('no connection within 100 ms');
    void own.acquire(NEVER, 100);
    clock.block(200);
    expect(own.waitingFor(100)).toBe('no connection within 100 ms');
    clock.block(1);
    expect(own.waitingFor(100)).toBe('no connection within 100 ms (the attempt began 0.2 s ago)');
  });

  test('starts nothing for a run that is already over', async () => {
    const { own, made } = connection();
    await expect(own.acquire(AbortSignal.abort(new Error('over')), 100)).rejects.toThrow('over');
    expect(made).toEqual([]);
  });
});
