import { expect, describe as suite, test } from 'vitest';
import { bombardHttp2 } from '../faults/hostile-http2.ts';
import { bombard, expectVariety } from '../faults/hostile-requests.ts';
import { MOUNTS } from '../helpers/http.ts';

const RUNS = 10_000;

suite('ten times as much over the socket', () => {
  test.each(MOUNTS.filter(({ name }) => name !== 'Express 4'))(
    '$name',
    { timeout: 600_000 },
    async (mount) => {
      expectVariety(await bombard(mount, RUNS));
    },
  );

  test('HTTP/2 in clear', { timeout: 600_000 }, async () => {
    const counts = await bombardHttp2(RUNS);
    for (const code of [200, 405, 418, 503]) expect(counts.get(code), `answers ${code}`).toBeGreaterThan(0);
  });
});
