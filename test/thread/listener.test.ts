import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../../src/adapters/listen.ts';
import type { ListenOptions } from '../../src/adapters/listen-options.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { HealthSource } from '../../src/health/source.ts';
import { stallsOf } from '../../src/health/stalls.ts';
import { gate, memoryLogger, reportOf } from '../helpers/health.ts';
import { askSocket, freshSocketPath } from '../helpers/unix-socket.ts';
import { httpClient } from '../helpers/worlds.ts';

// The thread as it is in src now, whatever was built last.
vi.mock('../../src/thread/worker-source.ts', async () => {
  const { threadProgram } = await import('../../scripts/thread-program.mjs');
  return { WORKER_SOURCE: await threadProgram() };
});

async function listening(health: HealthSource, options: ListenOptions = { port: 0 }) {
  const threads: Worker[] = [];
  const onWorker = (worker: Worker) => threads.push(worker);
  process.on('worker', onWorker);
  onTestFinished(() => void process.off('worker', onWorker));
  const listener = await listen(health, { thread: true, ...options });
  onTestFinished(() => listener.close());
  return { listener, threads, ask: httpClient(listener.port) };
}

describe('on a Unix socket', () => {
  test('it answers there, says where, and removes it on close', async () => {
    const socketPath = freshSocketPath();
    const { listener } = await listening(new HealthController(), { socketPath });
    expect(listener).toMatchObject({
      socketPath,
      port: 0,
      host: '',
      server: undefined,
      url: `http+unix://${encodeURIComponent(socketPath)}`,
    });
    expect(await askSocket(socketPath)).toBe(200);
    await listener.close();
    expect(readdirSync(dirname(socketPath))).toEqual([]);
  });

  test('it leaves alone what another process has put there since', async () => {
    const socketPath = freshSocketPath();
    const { listener } = await listening(new HealthController(), { socketPath });
    rmSync(socketPath);
    // An inode of its own, as that of another process.
    const other = await listen(new HealthController(), { socketPath });
    onTestFinished(() => other.close());
    await listener.close();
    expect(await askSocket(socketPath)).toBe(200);
    await other.close();
    expect(existsSync(socketPath)).toBe(false);
  });

  test('it refuses one that somebody listens on, and takes over what a dead thread left', async () => {
    const socketPath = freshSocketPath();
    const logger = memoryLogger();
    const { threads } = await listening(new HealthController({ logger }), { socketPath });
    await expect(listen(new HealthController(), { socketPath, thread: true })).rejects.toThrow(
      /^Cannot serve health on the socket .*: a process listens on .* Expected `socketPath` to be/,
    );
    await threads[0]?.terminate();
    await expect.poll(() => askSocket(socketPath), { timeout: 30_000 }).toBe(200);
    expect(logger.lines).toEqual([expect.stringContaining('; restarting it')]);
  });
});

/** A source as a user may write it, with a fault for each group. */
function brokenSource(): HealthSource {
  const reports: Record<string, () => object> = {
    live: () => reportOf('live', 'healthy'),
    // A text begins with the name of the group.
    ready: () => reportOf(undefined as never, 'healthy'),
    // There is no code for this.
    startup: () => reportOf('startup', 'splendid' as never),
    all: () => {
      throw new Error('gone');
    },
  };
  const lastReport = (group = 'all') => reports[group]?.() as never;
  return {
    report: async (group) => lastReport(group),
    lastReport,
    history: () => [],
    groups: Object.keys(reports),
    has: (group) => group in reports,
    isDraining: false,
    on: () => undefined,
    off: () => undefined,
  };
}

test('requests that cannot be answered are answered 503 in the same thread, and others as ever', async () => {
  const lines = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { ask, threads } = await listening(brokenSource());
  const text = { headers: { accept: 'text/plain' } };
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all([
      ask('/livez'),
      ask('/readyz'),
      ask('/readyz', text),
      ask('/startupz'),
      ask('/healthz'),
      ask('/healthz?verbose'),
      ask('/livez'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 503, 503, 503, 503, 200]);
    for (const { text: body } of answers.slice(2, 6))
      expect(body).toBe('{"error":"health could not be reported; see the log"}');
  }
  expect(threads).toHaveLength(1);
  expect(lines.mock.calls.flat().join('\n')).toMatch(/health request failed; answering 503/);
});

test('closing does not wait for a scrape that hangs', async () => {
  const terminate = vi.spyOn(Worker.prototype, 'terminate');
  onTestFinished(() => terminate.mockRestore());
  const rendering = gate();
  const metrics = {
    contentType: 'text/plain',
    metrics: () => {
      rendering.open(undefined);
      return new Promise<string>(() => undefined);
    },
  };
  const { listener, ask } = await listening(new HealthController({ timeoutMs: 50 }), { port: 0, metrics });
  const scrape = ask('/metrics').catch(() => 'cut off');
  await rendering.promise;
  await listener.close();
  expect(await scrape).toBe('cut off');
  expect(terminate).not.toHaveBeenCalled();
});

test('closing it twice leaves the stalls that another one looks for', async () => {
  const health = new HealthController();
  const { listener } = await listening(health);
  await listening(health);
  await Promise.all([listener.close(), listener.close()]);
  await listener.close();
  expect(stallsOf(health).isWatched).toBe(true);
});
