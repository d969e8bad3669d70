import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ListeningThread } from '../../src/thread/listening-thread.ts';
import type { ThreadData } from '../../src/thread/protocol.ts';
import { memoryLogger } from '../helpers/health.ts';

class FakeWorker extends EventEmitter {
  readonly postMessage = vi.fn();
  readonly terminate = vi.fn(async () => 1);
  readonly ref = vi.fn();
  readonly unref = vi.fn();
}

vi.mock('node:worker_threads', () => ({ Worker: vi.fn() }));

const place = { socketPath: undefined, port: 0, host: '127.0.0.1' };

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(Worker).mockReset();
});

/** A thread that listens, in workers that only seem so. */
async function setUp() {
  const workers: FakeWorker[] = [];
  const refuses = { worker: false, data: false };
  vi.mocked(Worker).mockImplementation(function start() {
    if (refuses.worker) throw new Error('no thread to be had');
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as never;
  });
  const logger = memoryLogger();
  const thread = new ListeningThread({
    logger,
    onMessage: () => undefined,
    data: () => {
      if (refuses.data) throw new Error('no report to be had');
      return { place } as ThreadData;
    },
  });
  const started = thread.start();
  workers[0]?.emit('message', { type: 'listening', port: 4711 });
  expect(await started).toBe(4711);
  const places = () => vi.mocked(Worker).mock.calls.map(([, options]) => options?.workerData.place);
  return { thread, workers, refuses, logger, places };
}

test('a thread that dies is started again on its port, at most once a second', async () => {
  const { workers, places, logger } = await setUp();
  vi.advanceTimersByTime(400);
  workers[0]?.emit('error', new Error('out of memory'));
  workers[0]?.emit('exit', 1);
  expect(logger.lines).toEqual([expect.stringMatching(/^error The health thread ended \(out of memory\)/)]);
  vi.advanceTimersByTime(599);
  expect(workers).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(places()).toEqual([place, { ...place, port: 4711 }]);
  workers[1]?.emit('exit', 1);
  vi.advanceTimersByTime(999);
  expect(workers).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(workers).toHaveLength(3);
});

test('one that has run for long is started again at once', async () => {
  const { workers } = await setUp();
  vi.advanceTimersByTime(5000);
  workers[0]?.emit('exit', 1);
  vi.advanceTimersByTime(1);
  expect(workers).toHaveLength(2);
});

test.each(['worker', 'data'] as const)(
  'where the next cannot be started for want of a %s, it is tried every second',
  async (what) => {
    const { workers, refuses, logger } = await setUp();
    refuses[what] = true;
    workers[0]?.emit('exit', 1);
    vi.advanceTimersByTime(5000);
    expect(workers).toHaveLength(1);
    expect(logger.lines).toHaveLength(6);
    refuses[what] = false;
    vi.advanceTimersByTime(1000);
    expect(workers).toHaveLength(2);
  },
);

test('one that never listened is the caller’s business, and a closed one is not started again', async () => {
  const { workers, thread, logger } = await setUp();
  const failing = new ListeningThread({
    logger,
    onMessage: () => undefined,
    data: () => ({ place }) as ThreadData,
  });
  const failed = failing.start();
  workers[1]?.emit('message', { type: 'failed', code: 'EADDRINUSE', message: 'in use' });
  workers[1]?.emit('exit', 0);
  await expect(failed).rejects.toMatchObject({ code: 'EADDRINUSE', message: 'in use' });
  const closed = thread.close(800);
  expect(workers[0]?.postMessage.mock.calls).toEqual([[{ type: 'close' }]]);
  workers[0]?.emit('exit', 0);
  await closed;
  vi.advanceTimersByTime(10_000);
  expect([workers.length, workers[0]?.terminate.mock.calls, logger.lines]).toEqual([2, [], []]);
});

test('closing ends the wait for the next thread', async () => {
  const { workers, thread } = await setUp();
  workers[0]?.emit('exit', 1);
  await thread.close(800);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(10_000);
  expect(workers).toHaveLength(1);
});

test('one that does not close in time is ended', async () => {
  const { workers, thread } = await setUp();
  const closed = thread.close(800);
  await vi.advanceTimersByTimeAsync(3800);
  await closed;
  expect(workers[0]?.terminate).toHaveBeenCalledTimes(1);
});

test('what keeps the process running is kept over a restart', async () => {
  const { workers, thread } = await setUp();
  thread.unref();
  workers[0]?.emit('exit', 1);
  vi.advanceTimersByTime(1000);
  expect([workers[0]?.unref, workers[1]?.unref].map((each) => each?.mock.calls.length)).toEqual([1, 1]);
  thread.ref();
  expect(workers[1]?.ref).toHaveBeenCalledTimes(1);
});
