import { expect, describe as suite, test, vi } from 'vitest';
import { MOUNTS } from '../helpers/http.ts';
import { bombardHttp2 } from './hostile-http2.ts';
import { bombard, expectVariety, mounted } from './hostile-requests.ts';
import { bombardThread } from './hostile-thread.ts';

// The thread as it is in src now, whatever was built last.
vi.mock('../../src/thread/worker-source.ts', async () => {
  const { threadProgram } = await import('../../scripts/thread-program.mjs');
  return { WORKER_SOURCE: await threadProgram() };
});

/** For each server; `test/long/` has ten times as many. */
const RUNS = 1_000;

suite('whatever comes over the socket, there is no crash, no hang, no 5xx but 503, and no word of detail', () => {
  test.each(MOUNTS.filter(({ name }) => name !== 'Express 4'))(
    '$name',
    { timeout: 120_000 },
    async (mount) => {
      expectVariety(await bombard(mounted(mount), RUNS));
    },
  );

  test('the two servers that it is about are there', () => {
    expect(MOUNTS.map(({ name }) => name)).toEqual(['node:http', 'Express 4', 'Express 5']);
  });

  test('a listener in a thread', { timeout: 600_000 }, async () => {
    expectVariety(await bombardThread(RUNS), 404);
  });

  test('HTTP/2 in clear', { timeout: 600_000 }, async () => {
    const counts = await bombardHttp2(RUNS);
    for (const code of [200, 405, 418, 503]) expect(counts.get(code), `answers ${code}`).toBeGreaterThan(0);
  });
});
