import { expect, describe as suite, test, vi } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { gate, messageOf, statuses, virtualHealth } from '../helpers/health.ts';

suite('background checks', () => {
  test('run first at registration, then on their period with jitter, whether anybody asks or not', async () => {
    const { clock, health } = virtualHealth();
    const startedAt: number[] = [];
    health.register('background', () => void startedAt.push(clock.now()), { intervalMs: 1_000 });
    await clock.advance(20_000);
    expect(startedAt[0]).toBe(0);
    const gaps = startedAt.slice(1).map((at, i) => at - (startedAt[i] as number));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(900);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1_100);
    expect(new Set(gaps).size).toBeGreaterThan(1);
  });

  test('the first probe waits for the first result, as long as an answer may take', async () => {
    const { clock, health } = virtualHealth();
    const first = gate();
    health.register('background', () => first.promise, { intervalMs: 60_000, timeoutMs: 30_000 });
    const answer = health.report();
    await clock.advance(800);
    const report = await answer;
    expect(report.checks.background).toMatchObject({
      status: 'error',
      message: 'no result yet',
      code: 'ERR_NO_RESULT',
    });
    first.open(undefined);
    await settle();
    expect(statuses(await health.report())).toEqual({ background: 'ok' });
    expect(clock.now()).toBe(800);
  });

  test('a result older than maxAgeMs is not shown: by default 2 × interval + timeout', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn(() => undefined);
    health.register('background', check, { intervalMs: 1_000, timeoutMs: 500 });
    clock.block(2_499); // the process was suspended: no timer fires
    expect(statuses(health.lastReport())).toEqual({ background: 'ok' });
    clock.block(1);
    expect(health.lastReport().checks.background).toMatchObject({
      status: 'error',
      message: 'last result is 2.5 s old',
      code: 'ERR_CHECK_STALE',
    });
    clock.block(60_000);
    expect(messageOf(health.lastReport(), 'background')).toBe('last result is 62.5 s old');
    expect(check).toHaveBeenCalledTimes(1);
  });

  test('a run that hangs times out, is not doubled before its time, and the check recovers when it ends', async () => {
    const { clock, health } = virtualHealth();
    const hang = gate();
    const check = vi.fn((): Promise<undefined> => hang.promise);
    health.register('background', check, { intervalMs: 1_000, timeoutMs: 2_000 });
    await clock.advance(19_000);
    expect(check).toHaveBeenCalledTimes(1);
    expect(messageOf(await health.report(), 'background')).toContain('still running after 19.0 s');
    check.mockReturnValue(Promise.resolve(undefined));
    hang.open(undefined);
    await clock.advance(1_100);
    expect(statuses(await health.report())).toEqual({ background: 'ok' });
  });

  test('their timers let the process end, unless a caller waits for them', () => {
    const { clock, health } = virtualHealth();
    const unref = vi.fn();
    const setTimeout = clock.setTimeout.bind(clock);
    clock.setTimeout = (callback, delayMs) => Object.assign(setTimeout(callback, delayMs), { unref });
    health.register('background', () => new Promise(() => undefined), { intervalMs: 1_000 });
    expect(unref).toHaveBeenCalledTimes(2);
    health.register('asked', () => new Promise(() => undefined));
    void health.report();
    expect(unref).toHaveBeenCalledTimes(2);
  });

  test('a very long period still fits into a timer', async () => {
    const { clock, health } = virtualHealth();
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.999);
    const delays: number[] = [];
    const setTimeout = clock.setTimeout.bind(clock);
    clock.setTimeout = (callback, delayMs) => {
      delays.push(delayMs);
      return setTimeout(callback, delayMs);
    };
    health.register('background', () => undefined, { intervalMs: 2_147_483_647 });
    expect(delays).toEqual([2_147_483_647]);
  });
});
