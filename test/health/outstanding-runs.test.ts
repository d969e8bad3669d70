import { expect, describe as suite, test } from 'vitest';
import { OutstandingRuns } from '../../src/health/outstanding-runs.ts';
import { Run } from '../../src/health/run.ts';

/** Runs that have run out of time, one after the other. */
function overdue(maxOutstanding: number, ...starts: readonly number[]) {
  const runs = new OutstandingRuns(maxOutstanding);
  const started = starts.map((startedAt) => {
    const run = new Run('deaf', 800, startedAt);
    runs.add(run);
    run.timedOut = true;
    runs.onOverdue();
    return run;
  });
  return { runs, started };
}

suite('runs that ignore their abort signal', () => {
  test('are counted until they settle, and only the last one decides', () => {
    const { runs, started } = overdue(3, 5_000, 20_000, 40_000);
    const [first, second, third] = started as [Run, Run, Run];
    expect(runs.all).toEqual([first, second, third]);
    expect(runs.stuckSince).toBe(5_000);
    expect(runs.remove(first)).toBe(false);
    expect(runs.has(first)).toBe(false);
    expect(runs.has(second)).toBe(true);
    expect(runs.all).toEqual([second, third]);
    expect(runs.stuckSince).toBe(20_000);
    expect(runs.overdue).toBe(third);
    expect(runs.remove(third)).toBe(true);
    expect(runs.overdue).toBeUndefined();
    expect(runs.stuckSince).toBeUndefined();
    expect(runs.all).toEqual([second]);
    expect(runs.remove(third)).toBe(false);
    expect(runs.all).toEqual([second]);
  });

  test('are written off, the oldest first, where there is no room for another', () => {
    const { runs, started } = overdue(2, 5_000, 20_000, 80_000);
    expect(runs.all).toEqual(started.slice(1));
    runs.clear();
    expect(runs.all).toEqual([]);
  });

  test('let the next attempt begin later each time, and not before there is room', () => {
    expect(overdue(3).runs.nextAttemptAt()).toBe(Number.NEGATIVE_INFINITY);
    expect(overdue(3, 5_000).runs.nextAttemptAt()).toBe(13_000);
    expect(overdue(3, 5_000, 13_000).runs.nextAttemptAt()).toBe(29_000);
    expect(overdue(3, 5_000, 13_000, 29_000).runs.nextAttemptAt()).toBe(65_000);
    expect(overdue(1, 5_000).runs.nextAttemptAt()).toBe(65_000);
  });
});
