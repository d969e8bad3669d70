import { beforeEach, expect, describe as suite, test, vi } from 'vitest';
import { listen } from '../../src/adapters/listen.ts';
import { keepOpen } from '../../src/server/closing-order.ts';
import { listenInThread } from '../../src/thread/listen-in-thread.ts';
import { virtualHealth } from '../helpers/health.ts';

// Without the thread itself, which has suites of its own: what listen() makes of it.
vi.mock('../../src/thread/listen-in-thread.ts', () => ({ listenInThread: vi.fn() }));

const start = vi.mocked(listenInThread);
const thread = { port: 7000, close: vi.fn(async () => undefined), ref: vi.fn(), unref: vi.fn() };

beforeEach(() => {
  vi.clearAllMocks();
  start.mockResolvedValue(thread);
});

suite('a health listener in a thread', () => {
  test('gets where to listen and what to answer, and reports where it is', async () => {
    const { health } = virtualHealth();
    const server = await listen(health, { port: 0, thread: true, stallMs: 700, degradedStatusCode: 429 });
    expect(start.mock.calls).toEqual([
      [
        health,
        { socketPath: undefined, port: 0, host: '127.0.0.1' },
        expect.objectContaining({ stallMs: 700, http: expect.objectContaining({ degradedStatusCode: 429 }) }),
      ],
    ]);
    expect(server).toMatchObject({ port: 7000, host: '127.0.0.1', url: 'http://127.0.0.1:7000' });
    expect(server.server).toBeUndefined();
    server.ref();
    server.unref();
    expect([thread.ref, thread.unref].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  test('closes with the controller, unless a shutdown closes it last, and by itself', async () => {
    const { health } = virtualHealth();
    await listen(health, { thread: true });
    await health.close();
    expect(thread.close).toHaveBeenCalledTimes(1);
    const other = virtualHealth();
    const kept = await listen(other.health, { thread: true });
    keepOpen(kept);
    await other.health.close();
    expect(thread.close).toHaveBeenCalledTimes(1);
    const third = virtualHealth();
    await (await listen(third.health, { thread: true })).close();
    await third.health.close();
    expect(thread.close).toHaveBeenCalledTimes(2);
  });

  test('is released if the controller has closed in the meantime', async () => {
    const { health } = virtualHealth();
    const listening = listen(health, { thread: true });
    await health.close();
    await expect(listening).rejects.toThrow(
      'Port 9091 of 127.0.0.1 was released, because the controller is closed',
    );
    expect(thread.close).toHaveBeenCalled();
    const socketPath = '/tmp/health.sock';
    await expect(listen(health, { thread: true, socketPath })).rejects.toThrow(
      'The socket /tmp/health.sock was released, because the controller is closed',
    );
  });

  test('that cannot listen rejects with the reason, and with Node’s error as its cause', async () => {
    const { health } = virtualHealth();
    const inUse = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
    start.mockRejectedValueOnce(inUse);
    const refused: unknown = await listen(health, { thread: true }).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({
      message:
        'Cannot serve health on port 9091 of 127.0.0.1: port 9091 is in use. Stop what listens there, or choose another `port`; 0 picks a free one',
      cause: inUse,
    });
    start.mockRejectedValueOnce(Object.assign(new Error('listen EACCES'), { code: 'EACCES' }));
    await expect(listen(health, { thread: true, port: 80 })).rejects.toThrow(
      'Cannot serve health on port 80 of 127.0.0.1: listen EACCES. Expected `host` to be an address of this machine, such as ' +
        '127.0.0.1 or 0.0.0.0, and `port` to be one that this user may listen on: ports below 1024 need a privilege',
    );
  });

  test('that cannot start for another reason rejects with that error', async () => {
    const reason = new Error('no threads here');
    start.mockRejectedValueOnce(reason);
    await expect(listen(virtualHealth().health, { thread: true })).rejects.toBe(reason);
  });

  test('has options that mean nothing without it', async () => {
    const { health } = virtualHealth();
    for (const option of [{ stallMs: 700 }, { stackAfterMs: 700 }])
      await expect(listen(health, option)).rejects.toThrow(
        'Invalid listen() options: `stallMs` and `stackAfterMs` have no effect without `thread: true`',
      );
  });
});
