import { expect, describe as suite, test, vi } from 'vitest';
import { inSeconds, MAX_TIMER_MS, settlesWithin, systemClock } from '../../src/internal/time.ts';
import { VirtualClock } from '../../src/testing/index.ts';

suite('work with a time limit', () => {
  test('reports whether it settled in time', async () => {
    const clock = new VirtualClock();
    const never = settlesWithin(clock, 100, new Promise(() => undefined));
    const inTime = settlesWithin(
      clock,
      100,
      new Promise((resolve) => clock.setTimeout(() => resolve(7), 99)),
    );
    await clock.advance(100);
    expect(await never).toBe(false);
    expect(await inTime).toBe(true);
  });

  test('rejects as the work does, and leaves no timer behind', async () => {
    const clock = new VirtualClock();
    const clear = vi.spyOn(clock, 'clearTimeout');
    await expect(settlesWithin(clock, 100, Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await settlesWithin(clock, 100, Promise.resolve())).toBe(true);
    expect(clear).toHaveBeenCalledTimes(2);
  });
});

suite('the clock of the machine', () => {
  test('gives monotonic time and wall-clock time', () => {
    expect(systemClock.now()).toBeLessThanOrEqual(performance.now());
    expect(Math.abs(systemClock.epochMs() - Date.now())).toBeLessThan(10_000);
  });

  test('calls back once, unless the timer was cleared', async () => {
    const cleared = vi.fn();
    systemClock.clearTimeout(systemClock.setTimeout(cleared, 1));
    const before = performance.now();
    await new Promise<void>((resolve) => void systemClock.setTimeout(resolve, 30));
    expect(performance.now() - before).toBeGreaterThan(25);
    expect(cleared).not.toHaveBeenCalled();
  });

  test('takes timers of up to 2^31 - 1 ms', () => {
    expect(MAX_TIMER_MS).toBe(2 ** 31 - 1);
  });
});

test('a duration is shown in seconds with one decimal', () => {
  expect(inSeconds(12_449)).toBe('12.4 s');
  expect(inSeconds(0)).toBe('0.0 s');
});
