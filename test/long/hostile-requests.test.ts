import { expect, describe as suite, test, vi } from 'vitest';
import { bombardHttp2 } from '../faults/hostile-http2.ts';
import { bombard, expectVariety, mounted } from '../faults/hostile-requests.ts';
import { bombardThread } from '../faults/hostile-thread.ts';
import { MOUNTS } from '../helpers/http.ts';

// The thread as it is in src now, whatever was built last.
vi.mock('../../src/thread/worker-source.ts', async () => {
  const { threadProgram } = await import('../../scripts/thread-program.mjs');
  return { WORKER_SOURCE: await threadProgram() };
});

const RUNS = 10_000;

suite('ten times as much over the socket', () => {
  test.each(MOUNTS.filter(({ name }) => name !== 'Express 4'))(
    '$name',
    { timeout: 600_000 },
    async (mount) => {
      expectVariety(await bombard(mounted(mount), RUNS));
    },
  );

  test('a listener in a thread', { timeout: 600_000 }, async () => {
    expectVariety(await bombardThread(RUNS), 404);
  });

  test('HTTP/2 in clear', { timeout: 600_000 }, async () => {
    const counts = await bombardHttp2(RUNS);
    for (const code of [200, 405, 418, 503]) expect(counts.get(code), `answers ${code}`).toBeGreaterThan(0);
  });
});
