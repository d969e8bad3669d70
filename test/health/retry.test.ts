import { afterEach, beforeEach, expect, describe as suite, test, vi } from 'vitest';
import type { CheckFunction } from '../../src/health/checker.ts';
import { missedRuns, retryDelayMs } from '../../src/health/schedule.ts';
import { fail, pass, statuses, virtualHealth, warn } from '../helpers/health.ts';

suite('an error does not outlive its fault', () => {
  beforeEach(() => vi.spyOn(Math, 'random').mockReturnValue(0.5));
  afterEach(() => vi.restoreAllMocks());

  test('with maxAgeMs of 30 s, a check is ok 1 s and one probe after a blip', async () => {
    const { clock, health } = virtualHealth();
    health.register('database', () => (clock.now() < 500 ? fail() : undefined), { maxAgeMs: 30_000 });
    expect(statuses(await health.report())).toEqual({ database: 'error' });
    await clock.advance(999);
    expect(statuses(await health.report())).toEqual({ database: 'error' });
    await clock.advance(1);
    expect(statuses(await health.report())).toEqual({ database: 'ok' });
  });

  test('with intervalMs of 60 s, a background check is ok within 2 s of a blip', async () => {
    const { clock, health } = virtualHealth();
    health.register('database', () => (clock.now() < 500 ? fail() : undefined), { intervalMs: 60_000 });
    await clock.advance(1_000);
    expect(statuses(health.lastReport())).toEqual({ database: 'ok' });
  });

  test.each([
    ['when asked for', { maxAgeMs: 20_000 }, [0, 1_000, 3_000, 7_000, 15_000, 31_000, 51_000]],
    ['in the background', { intervalMs: 20_000 }, [0, 1_000, 3_000, 7_000, 15_000, 31_000, 51_000]],
  ] as const)(
    'it runs again after 1, 2, 4, 8 s, up to its usual period, %s',
    async (_, options, expected) => {
      const { clock, health } = virtualHealth();
      const startedAt: number[] = [];
      health.register(
        'down',
        () => {
          startedAt.push(clock.now());
          return fail();
        },
        options,
      );
      while (clock.now() < 60_000) {
        await health.report();
        await clock.advance(100);
      }
      expect(startedAt).toEqual(expected);
    },
  );

  test('a good run resets that, and a warning is not retried faster', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn<CheckFunction>(fail);
    health.register('c', check, { maxAgeMs: 20_000 });
    const runsIn = async (ms: number) => {
      check.mockClear();
      for (const end = clock.now() + ms; clock.now() < end; ) {
        await health.report();
        await clock.advance(500);
      }
      return check.mock.calls.length;
    };
    expect(await runsIn(3_000)).toBe(2);
    check.mockImplementation(warn);
    expect(await runsIn(20_000)).toBe(1);
    check.mockImplementation(pass);
    expect(await runsIn(20_000)).toBe(1);
    check.mockImplementation(fail);
    expect(await runsIn(3_500)).toBe(3);
  });

  test('with the defaults nothing changes: a failing check runs once per maxAgeMs of 1 s', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn<CheckFunction>(fail);
    health.register('c', check);
    for (let i = 0; i < 100; i++) {
      await health.report();
      await clock.advance(100);
    }
    expect(check).toHaveBeenCalledTimes(10);
  });
});

test('pauses vary by a tenth, and never beyond the usual period', () => {
  for (let errors = 1; errors < 100; errors++) {
    for (const periodMs of [0, 1, 999, 1_000, 1_001, 30_000, 2_147_483_647]) {
      const delayMs = retryDelayMs(errors, periodMs);
      const expectedMs = Math.min(periodMs, 1_000 * 2 ** (errors - 1));
      expect(delayMs).toBeLessThanOrEqual(Math.min(periodMs, expectedMs * 1.1 + 1));
      expect(delayMs).toBeGreaterThanOrEqual(Math.floor(expectedMs * 0.9));
    }
  }
});

test('the missed runs are those that were due in the pauses', () => {
  expect(missedRuns(0, 1, 200)).toEqual({ runs: 0, nextAtMs: 200 });
  expect(missedRuns(799, 1, 200)).toEqual({ runs: 3, nextAtMs: 800 });
  expect(missedRuns(800, 1, 200)).toEqual({ runs: 4, nextAtMs: 1_000 });
  expect(missedRuns(999, 1, 10_000)).toEqual({ runs: 0, nextAtMs: 1_000 });
  expect(missedRuns(7_000, 1, 10_000)).toEqual({ runs: 3, nextAtMs: 15_000 });
  expect(missedRuns(25_000, 1, 10_000)).toEqual({ runs: 5, nextAtMs: 35_000 });
});
