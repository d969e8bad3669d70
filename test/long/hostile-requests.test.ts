import { describe as suite, test } from 'vitest';
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
});
