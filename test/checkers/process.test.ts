import v8 from 'node:v8';
import { expect, describe as suite, test, vi } from 'vitest';
import { type HeapOptions, heap } from '../../src/checkers/heap.ts';
import { uptime } from '../../src/checkers/uptime.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { CheckResult } from '../../src/health/result.ts';
import type { ConfigError } from '../../src/internal/config-error.ts';

const getHeapStatistics = vi.spyOn(v8, 'getHeapStatistics');

const GB = 1_000_000_000;

/** What the checker says when V8 reports this much. */
function heapSays(usedBytes: number, options?: HeapOptions): CheckResult {
  const real = getHeapStatistics();
  vi.mocked(getHeapStatistics).mockReturnValue({
    ...real,
    heap_size_limit: 2 * GB,
    used_heap_size: usedBytes,
    total_heap_size: usedBytes,
  });
  const result = heap(options).check({} as never) as CheckResult;
  vi.mocked(getHeapStatistics).mockReset();
  return result;
}

suite('heap', () => {
  test('without thresholds warns from 0.9 of the limit on, whatever the heap has grown to', () => {
    expect(heapSays(1.79 * GB)).toEqual({ status: 'ok', value: 1.79 * GB, unit: 'bytes' });
    expect(heapSays(1.8 * GB)).toMatchObject({ status: 'warning', value: 1.8 * GB });
  });

  test('names what was found, what was expected and what to do', () => {
    expect(heapSays(950_000_000, { warnBytes: 900_000_000 }).message).toBe(
      "950 MB of heap in use, expected less than 900 MB (V8's limit is 2000 MB): look for a leak in a heap snapshot, or " +
        'raise --max-old-space-size',
    );
  });

  test.each<[HeapOptions, number, string]>([
    [{ warnBytes: GB }, GB - 1, 'ok'],
    [{ warnBytes: GB }, GB, 'warning'],
    [{ errorBytes: GB }, 1.9 * GB, 'error'],
    [{ errorBytes: GB }, 0.9 * GB, 'ok'],
    [{ warnBytes: GB, errorBytes: 1.5 * GB }, 1.2 * GB, 'warning'],
    [{ warnBytes: GB, errorBytes: 1.5 * GB }, 1.5 * GB, 'error'],
    [{ warnRatio: 0.5 }, GB, 'warning'],
    [{ errorRatio: 0.95 }, 1.85 * GB, 'ok'],
    [{ errorRatio: 0.95 }, 1.9 * GB, 'error'],
    [{ warnRatio: 0.5, errorBytes: 1.5 * GB }, 1.6 * GB, 'error'],
  ])('%o at %d bytes is %s', (options, usedBytes, status) => {
    expect(heapSays(usedBytes, options).status).toBe(status);
  });

  test('a byte threshold that V8 could not reach is lowered, with one warning that names both', () => {
    const emitted = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    expect(heapSays(1.8 * GB, { warnBytes: 3 * GB }).status).toBe('warning');
    expect(emitted).toHaveBeenCalledTimes(1);
    expect(String(emitted.mock.calls[0]?.[0])).toMatch(
      /warnBytes: 3000000000.*heap_size_limit is 2000000000.*1800000000 is used/s,
    );
    heapSays(GB, { warnBytes: 1.8 * GB });
    expect(emitted).toHaveBeenCalledTimes(1);
    emitted.mockRestore();
  });

  test.each<[unknown, RegExp[]]>([
    [{ warnBytes: -1, errorBytes: 1.5 }, [/Expected `warnBytes`/, /Expected `errorBytes`/]],
    [
      { warnRatio: 0, errorRatio: 90 },
      [/Expected `warnRatio` to be a number over 0 and up to 1, got `0`/, /Expected `errorRatio`/],
    ],
    [{ warnBytes: 1, warnRatio: 0.5 }, [/`warnBytes` or `warnRatio`, not both/]],
    [{ errorBytes: 1, errorRatio: 0.5 }, [/`errorBytes` or `errorRatio`, not both/]],
    [{ warnBytes: 2, errorBytes: 1 }, [/Expected `warnBytes` to be at most `errorBytes`/]],
    [{ warnRatio: 0.9, errorRatio: 0.8 }, [/Expected `warnRatio` to be at most `errorRatio`/]],
    [{ warnMb: 1 }, [/Unknown option `warnMb`/]],
    ['900MB', [/Expected `options` to be an object/]],
  ])('%o is an issue', (options, faults) => {
    expect.assertions(faults.length + 1);
    try {
      heap(options as HeapOptions);
    } catch (thrown) {
      expect((thrown as ConfigError).issues.length).toBe(faults.length);
      faults.forEach((fault, i) => void expect((thrown as ConfigError).issues[i]).toMatch(fault));
    }
  });

  test('of this very process is ok', async () => {
    const report = await new HealthController()
      .register('memory', heap(), { groups: ['live'] })
      .report('live');
    expect(report.checks.memory).toMatchObject({ status: 'ok', unit: 'bytes', display: 'status' });
  });
});

suite('uptime', () => {
  test('is whole seconds and shown as a number', async () => {
    vi.spyOn(process, 'uptime').mockReturnValueOnce(4242.9);
    const report = await new HealthController().register('uptime', uptime()).report();
    expect(report.checks.uptime).toMatchObject({
      status: 'ok',
      value: 4242,
      unit: 'seconds',
      display: 'value',
      kind: 'process',
    });
  });
});
