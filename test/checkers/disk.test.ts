import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, expect, describe as suite, test, vi } from 'vitest';
import { type DiskOptions, disk } from '../../src/checkers/disk.ts';
import { issuesOf } from '../helpers/health.ts';
import { begin, resultOf } from '../helpers/run.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return { ...real, statfs: vi.fn(real.statfs) };
});

const figures = vi.mocked(statfs as (path: string) => Promise<unknown>);

/** A file system of 1000 blocks of 1 MB, 100 of them reserved for root. */
function device(freeBlocks: number, freeInodes = 1000, inodes = 1000) {
  return {
    bsize: 1_000_000,
    blocks: 1000,
    bfree: freeBlocks + 100,
    bavail: freeBlocks,
    files: inodes,
    ffree: freeInodes,
  };
}

afterEach(() => {
  figures.mockReset();
});

async function statusOf(free: object, options: Omit<DiskOptions, 'path'> = {}) {
  figures.mockResolvedValue(free);
  return (await resultOf(disk({ path: '/data', ...options }))).status;
}

suite('thresholds', () => {
  test('of its own are 10 % for a warning and 5 % for an error, of what df counts', async () => {
    expect(await statusOf(device(90))).toBe('ok');
    expect(await statusOf(device(89))).toBe('warning');
    expect(await statusOf(device(45))).toBe('warning');
    expect(await statusOf(device(44))).toBe('error');
    expect(await statusOf(device(0))).toBe('error');
  });

  test('in bytes', async () => {
    const options = { warnFreeBytes: 300_000_000, errorFreeBytes: 200_000_000 };
    expect(await statusOf(device(300), options)).toBe('ok');
    expect(await statusOf(device(299), options)).toBe('warning');
    expect(await statusOf(device(199), options)).toBe('error');
  });

  test('one alone leaves the other level out', async () => {
    expect(await statusOf(device(1), { warnFreeRatio: 0.5 })).toBe('warning');
    expect(await statusOf(device(1), { errorFreeBytes: 500_000 })).toBe('ok');
  });

  test('apply to inodes too', async () => {
    expect(await statusOf(device(900, 100))).toBe('ok');
    expect(await statusOf(device(900, 99))).toBe('warning');
    expect(await statusOf(device(900, 49))).toBe('error');
    expect(await statusOf(device(900, 299), { errorFreeRatio: 0.3 })).toBe('error');
    expect(await statusOf(device(900, 49), { errorFreeBytes: 1 })).toBe('error');
  });

  test('a file system without a number of inodes has enough of them', async () => {
    expect(await statusOf(device(900, 0, 0))).toBe('ok');
  });

  test('a file system of no size is ok', async () => {
    figures.mockResolvedValue({ bsize: 1, blocks: 0, bfree: 0, bavail: 0, files: 0, ffree: 0 });
    expect(await resultOf(disk({ path: '/proc' }))).toMatchObject({
      status: 'ok',
      details: { freeRatio: 1, freeInodeRatio: 1 },
    });
  });
});

suite('what it says', () => {
  test('is what is free, what was expected and what to do', async () => {
    figures.mockResolvedValue(device(20, 500));
    expect(await resultOf(disk({ path: '/data' }))).toEqual({
      status: 'error',
      message: '20 MB (2.2 %) free on /data, expected at least 5.0 %: delete files, or grow the volume',
      value: 20_000_000,
      unit: 'bytes',
      details: { path: '/data', freeBytes: 20_000_000, freeRatio: 0.022, freeInodeRatio: 0.5 },
    });
    figures.mockResolvedValue(device(900, 10));
    expect((await resultOf(disk({ path: '/data' }))).message).toBe(
      '1.0 % of the inodes free on /data, expected at least 5.0 %: delete small files',
    );
    figures.mockResolvedValue(device(20));
    expect((await resultOf(disk({ path: '/data', errorFreeBytes: 2_000_000_000 }))).message).toContain(
      'expected at least 2.0 GB',
    );
  });

  test('a path that does not exist is an error with its code', async () => {
    const missing = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });
    figures.mockRejectedValue(missing);
    expect(await resultOf(disk({ path: '/none' }))).toMatchObject({ status: 'error', code: 'ENOENT' });
  });
});

test('a dead mount holds one thread, however often it is asked, and serves again when it is back', async () => {
  let answer: (value: unknown) => void = () => undefined;
  figures.mockReturnValue(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  const checker = disk({ path: '/mnt' });
  const runs = [begin(checker), begin(checker), begin(checker)];
  await new Promise((resolve) => setImmediate(resolve));
  expect(figures).toHaveBeenCalledTimes(1);
  expect(runs[0]?.timeoutMessage()).toContain('no answer from the file system of /mnt within 800 ms');
  answer(device(900));
  for (const run of runs) expect((await run.result).status).toBe('ok');
  figures.mockResolvedValue(device(0));
  expect((await resultOf(checker)).status).toBe('error');
  expect(checker).toMatchObject({ kind: 'dependency', failOn: 'error', maxOutstanding: 1 });
});

test('reads a real file system', async () => {
  const real = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
  figures.mockImplementation(real.statfs);
  const result = await resultOf(disk({ path: tmpdir(), errorFreeBytes: 1 }));
  expect(result).toMatchObject({ status: 'ok', unit: 'bytes' });
  expect(result.value).toBeGreaterThan(0);
});

test('every issue is named at once', () => {
  expect(issuesOf(() => disk(undefined as never))).toEqual([
    'Expected `options` to be an object with a `path`, got `undefined`',
  ]);
  expect(issuesOf(() => disk(7 as never))).toEqual([
    'Expected `options` to be an object, got `7` (number)',
    'Expected `path` to be a path on the file system to watch, got `undefined`',
  ]);
  const bytes = { path: '', warnFreeBytes: 0, errorFreeBytes: 1.5, x: 1 };
  expect(issuesOf(() => disk(bytes as never))).toEqual([
    'Unknown option `x`; the options are `path`, `warnFreeRatio`, `errorFreeRatio`, `warnFreeBytes`, `errorFreeBytes`',
    "Expected `path` to be a non-empty string, got `''` (string)",
    'Expected `warnFreeBytes` to be a whole number from 1 to 9007199254740991, got `0` (number)',
    'Expected `errorFreeBytes` to be a whole number from 1 to 9007199254740991, got `1.5` (number)',
    'Expected `errorFreeBytes` to be at most `warnFreeBytes`, got `1.5` (number) over `0` (number)',
  ]);
  expect(issuesOf(() => disk({ path: '/', warnFreeRatio: 2, errorFreeRatio: 3 }))).toEqual([
    'Expected `warnFreeRatio` to be a number over 0 and up to 1, got `2` (number)',
    'Expected `errorFreeRatio` to be a number over 0 and up to 1, got `3` (number)',
    'Expected `errorFreeRatio` to be at most `warnFreeRatio`, got `3` (number) over `2` (number)',
  ]);
  const both = { path: '/', warnFreeRatio: 0.1, warnFreeBytes: 1, errorFreeRatio: 0.1, errorFreeBytes: 1 };
  expect(issuesOf(() => disk(both))).toEqual([
    'Give `warnFreeBytes` or `warnFreeRatio`, not both',
    'Give `errorFreeBytes` or `errorFreeRatio`, not both',
  ]);
});
