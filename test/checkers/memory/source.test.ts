import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { beforeEach, expect, describe as suite, test, vi } from 'vitest';
import { readMemory } from '../../../src/checkers/memory/source.ts';

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  readFileSync: vi.fn(),
}));
vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  totalmem: vi.fn(() => 16e9),
  freemem: vi.fn(() => 4e9),
}));

const files = vi.mocked(readFileSync as (path: string) => string);
const machine = { limitedBy: 'machine', figures: { limitBytes: 16e9, usedBytes: 12e9 } };

/** What Node finds; undefined on versions that cannot. */
function constrainedTo(bytes: number | undefined) {
  process.constrainedMemory = (bytes === undefined ? undefined : () => bytes) as () => number;
}

const own = process.constrainedMemory;
beforeEach(() => {
  files.mockImplementation((path) => {
    throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
  });
  return () => {
    process.constrainedMemory = own;
  };
});

suite('the memory that limits this process', () => {
  test('is that of its cgroup', () => {
    const tree: Record<string, string> = {
      '/sys/fs/cgroup/memory.max': '1000',
      '/sys/fs/cgroup/memory.current': '900',
    };
    files.mockImplementation((path) => tree[path] ?? '');
    constrainedTo(500);
    expect(readMemory()).toEqual({ limitedBy: 'container', figures: { limitBytes: 1000, usedBytes: 900 } });
  });

  test('is what Node finds, where the cgroup cannot be read', () => {
    constrainedTo(1e9);
    const { limitedBy, figures } = readMemory();
    expect({ limitedBy, limitBytes: figures.limitBytes }).toEqual({
      limitedBy: 'container',
      limitBytes: 1e9,
    });
    expect(figures.usedBytes).toBeGreaterThan(10_000_000);
  });

  test.each([undefined, 0, 16e9, 2 ** 63])('is that of the machine where Node finds %s', (bytes) => {
    constrainedTo(bytes);
    expect(readMemory()).toEqual(machine);
    expect([totalmem(), freemem()]).toEqual([16e9, 4e9]);
  });
});
