import { totalmem } from 'node:os';
import { expect, describe as suite, test } from 'vitest';
import { cgroupMemory } from '../../../src/checkers/memory/cgroup.ts';
import { type MemoryOptions, memory } from '../../../src/checkers/memory/memory.ts';
import { memoryFrom } from '../../../src/checkers/memory/memory-from.ts';
import { issuesOf } from '../../helpers/health.ts';
import { resultOf } from '../../helpers/run.ts';

const MACHINE = 16e9;

/** Reads from a tree of files. */
function figuresIn(files: Record<string, string>) {
  return cgroupMemory((path) => files[path], MACHINE);
}

suite('cgroup v2', () => {
  const container = {
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/memory.max': '1000000000\n',
    '/sys/fs/cgroup/memory.current': '900000000\n',
    '/sys/fs/cgroup/memory.stat':
      'anon 1\nfile 1\ninactive_file 300000000\nactive_file 100000000\nslab_reclaimable 50000000\n',
  };

  test('counts without the cache that can be reclaimed', () => {
    expect(figuresIn(container)).toEqual({ limitBytes: 1e9, usedBytes: 450_000_000 });
  });

  test('counts everything where there are no statistics, and never less than nothing', () => {
    const { '/sys/fs/cgroup/memory.stat': _, ...bare } = container;
    expect(figuresIn(bare)?.usedBytes).toBe(900_000_000);
    expect(figuresIn({ ...container, '/sys/fs/cgroup/memory.current': '7' })?.usedBytes).toBe(0);
  });

  test.each(['max', '16000000000', '99999999999999', '', 'x'])('a limit of %j is none', (limit) => {
    expect(figuresIn({ ...container, '/sys/fs/cgroup/memory.max': limit })).toBeUndefined();
  });

  test('takes the fullest of the groups above it', () => {
    const nested = {
      '/proc/self/cgroup': '0::/pod/app\n',
      '/sys/fs/cgroup/pod/app/memory.max': '1000',
      '/sys/fs/cgroup/pod/app/memory.current': '100',
      '/sys/fs/cgroup/pod/memory.max': '2000',
      '/sys/fs/cgroup/pod/memory.current': '1900',
    };
    expect(figuresIn(nested)).toEqual({ limitBytes: 2000, usedBytes: 1900 });
    const wide = { '/sys/fs/cgroup/pod/memory.max': '20000', '/sys/fs/cgroup/pod/memory.current': '1900' };
    expect(figuresIn({ ...nested, ...wide })).toEqual({ limitBytes: 1000, usedBytes: 100 });
  });

  test('finds its figures even if the path is that of the host', () => {
    expect(figuresIn({ ...container, '/proc/self/cgroup': '0::/../../pod-7\n' })?.limitBytes).toBe(1e9);
  });
});

suite('cgroup v1', () => {
  const container = {
    '/proc/self/cgroup': '5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n0::/docker/1\n',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': '1000\n',
    '/sys/fs/cgroup/memory/memory.usage_in_bytes': '800\n',
    '/sys/fs/cgroup/memory/memory.stat': 'inactive_file 9\ntotal_inactive_file 200\ntotal_active_file 100\n',
  };

  test('counts the whole hierarchy without cache', () => {
    expect(figuresIn(container)).toEqual({ limitBytes: 1000, usedBytes: 500 });
  });

  test('has no limit where the figure is the highest possible', () => {
    expect(
      figuresIn({ ...container, '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712' }),
    ).toBeUndefined();
  });
});

test('there are no figures without cgroups', () => {
  expect(figuresIn({})).toBeUndefined();
});

suite('memory()', () => {
  const at = (usedBytes: number, options?: MemoryOptions, limitedBy: 'container' | 'machine' = 'container') =>
    resultOf(memoryFrom(() => ({ limitedBy, figures: { usedBytes, limitBytes: 1e9 } }), options));

  test('is a warning from 85 % and an error from 95 %', async () => {
    expect(await at(849_999_999)).toEqual({
      status: 'ok',
      value: 849_999_999,
      unit: 'bytes',
      details: { limitBytes: 1e9, limitedBy: 'container' },
    });
    expect((await at(850_000_000)).status).toBe('warning');
    expect((await at(949_999_999)).status).toBe('warning');
    expect(await at(950_000_000)).toMatchObject({
      status: 'error',
      message:
        "950 MB of 1.0 GB in use, 95 % of the container's limit; expected under 95 %: look for a leak, or raise the limit",
    });
  });

  test('has the given levels, and no others', async () => {
    expect((await at(999_000_000, { warnRatio: 0.5 })).status).toBe('warning');
    expect((await at(499_000_000, { errorRatio: 0.5 })).status).toBe('ok');
    expect((await at(500_000_000, { errorRatio: 0.5 })).status).toBe('error');
  });

  test('states that there is no limit', async () => {
    expect(await at(1e8, {}, 'machine')).toMatchObject({
      status: 'ok',
      message: "100 MB of 1.0 GB in use, 10 % of the machine's memory (no container limit found)",
    });
  });

  test('reads this machine', async () => {
    const result = await resultOf(memory({ errorRatio: 1 }));
    expect(result.status).toBe('ok');
    expect(result.value).toBeGreaterThan(10_000_000);
    expect(result.details?.limitBytes).toBeLessThanOrEqual(totalmem());
  });

  test('belongs to the process, and a warning does not take it out', () => {
    expect(memory()).toMatchObject({ kind: 'process', failOn: 'error' });
  });

  test('names every issue at once', () => {
    expect(issuesOf(() => memory({ warnRatio: 0, errorRatio: 2, x: 1 } as never))).toEqual([
      'Unknown option `x`; the options are `warnRatio`, `errorRatio`',
      'Expected `warnRatio` to be a number over 0 and up to 1, got `0` (number)',
      'Expected `errorRatio` to be a number over 0 and up to 1, got `2` (number)',
    ]);
    expect(issuesOf(() => memory({ warnRatio: 0.9, errorRatio: 0.8 }))).toEqual([
      'Expected `warnRatio` to be at most `errorRatio`, got `0.9` (number) over `0.8` (number)',
    ]);
    expect(() => memory(7 as never)).toThrow(
      'Invalid memory() options: Expected `options` to be an object, got `7` (number)',
    );
  });
});
