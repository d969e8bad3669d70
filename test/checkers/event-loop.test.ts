import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type EventLoopOptions, eventLoop } from '../../src/checkers/event-loop.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { CheckResult } from '../../src/health/result.ts';
import { isConfigError } from '../../src/internal/config-error.ts';
import { memoryLogger } from '../helpers/health.ts';

let now = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function setUp(options?: EventLoopOptions) {
  const checker = eventLoop(options);
  onTestFinished(() => checker.close?.());
  const check = () => checker.check({} as never) as CheckResult;
  /** The loop is late by so much, once. */
  const block = (ms: number) => {
    now += 20 + ms;
    vi.advanceTimersByTime(20);
  };
  /** The loop turns for so long. */
  const turn = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 20) block(0);
  };
  return { check, block, turn };
}

describe('the event loop', () => {
  test('that is not blocked is ok, and shows how late it was', () => {
    const { check, turn } = setUp();
    turn(1000);
    expect(check()).toMatchObject({ status: 'ok', value: 0, unit: 'milliseconds', details: { p99Ms: 0 } });
  });

  test('that was blocked once is a warning, although the percentile does not show it', () => {
    const { check, block, turn } = setUp();
    turn(9000);
    block(4000);
    expect(check()).toMatchObject({
      status: 'warning',
      value: 4000,
      details: { longestMs: 4000, p99Ms: 0 },
      message: expect.stringMatching(/late by up to 4000 ms .* expected less than 250 ms/),
    });
  });

  test('forgets what the last run has shown', () => {
    const { check, block, turn } = setUp();
    turn(9000);
    block(4000);
    check();
    expect(check()).toMatchObject({ status: 'ok', value: 0 });
  });

  test('that is late all the time is a warning by its percentile, for 10 s', () => {
    const { check, block, turn } = setUp();
    for (let round = 0; round < 20; round++) block(300);
    check();
    expect(check()).toMatchObject({ status: 'warning', details: { longestMs: 0, p99Ms: 300 } });
    turn(10_000);
    expect(check().status).toBe('ok');
  });

  test('is an error from errorMs on', () => {
    const { check, block } = setUp({ warnMs: 100, errorMs: 1000 });
    block(100);
    expect(check().status).toBe('warning');
    block(1000);
    expect(check().status).toBe('error');
  });

  test('with errorMs alone below the default is an error at once', () => {
    const { check, block } = setUp({ errorMs: 50 });
    block(50);
    expect(check().status).toBe('error');
  });

  test('does not gate unless it is registered otherwise', async () => {
    const health = new HealthController({ logger: memoryLogger() })
      .register('loop', eventLoop())
      .register('gating', eventLoop(), { failOn: 'error' });
    onTestFinished(() => health.close());
    const { checks } = await health.report();
    expect([checks.loop?.failOn, checks.gating?.failOn, checks.loop?.kind]).toEqual([
      'never',
      'error',
      'process',
    ]);
  });

  test('refuses options with every issue', () => {
    const issuesOf = (options: unknown): readonly string[] => {
      try {
        eventLoop(options as EventLoopOptions);
        return [];
      } catch (thrown) {
        return isConfigError(thrown) ? thrown.issues : [String(thrown)];
      }
    };
    expect(issuesOf({ warnMs: 0, errorMs: 1.5, warMs: 1 })).toHaveLength(3);
    expect(issuesOf({ warnMs: 400, errorMs: 400 })).toEqual([]);
    expect(issuesOf({ warnMs: 500, errorMs: 400 })).toEqual([expect.stringContaining('at most `errorMs`')]);
  });
});
