import { expect, describe as suite, test, vi } from 'vitest';
import type { CheckFunction } from '../../src/health/checker.ts';
import { engineOf } from '../../src/health/source.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { fail, pass, statuses, virtualHealth } from '../helpers/health.ts';

/** A machine that is suspended: the wall clock goes on, the monotonic clock and its timers stand still. */
function suspendable() {
  const world = virtualHealth();
  let aheadMs = 0;
  vi.spyOn(world.clock, 'epochMs').mockImplementation(
    () => VirtualClock.EPOCH_MS + world.clock.now() + aheadMs,
  );
  const setAhead = (ms: number) => {
    aheadMs = ms;
  };
  return { ...world, setAhead };
}

suite('a machine that was suspended', () => {
  test('shows no result from before as ok, although the monotonic clock stood still', async () => {
    const { health, setAhead } = suspendable();
    const check = vi.fn<CheckFunction>(pass);
    health.register('c', check);
    await health.report();
    check.mockImplementation(fail);
    setAhead(3_600_000);
    expect(engineOf(health).fresh('all')).toBeUndefined();
    expect(statuses(await health.report())).toEqual({ c: 'error' });
    expect(check).toHaveBeenCalledTimes(2);
  });

  test('waits for a background check that was due meanwhile', async () => {
    const { clock, health, setAhead } = suspendable();
    const check = vi.fn(
      () => new Promise<undefined>((resolve) => clock.setTimeout(() => resolve(undefined), 50)),
    );
    health.register('c', check, { intervalMs: 10_000 });
    await clock.advance(100);
    setAhead(3_600_000);
    const answer = health.report();
    await clock.advance(50);
    expect(statuses(await answer)).toEqual({ c: 'ok' });
    expect(check).toHaveBeenCalledTimes(2);
  });

  test('a step of a few milliseconds makes nothing stale', async () => {
    const { health, setAhead } = suspendable();
    health.register('c', pass);
    const report = await health.report();
    setAhead(20);
    expect(await health.report()).toBe(report);
  });

  test('with the wall clock set back, no earlier time lies after the last run', async () => {
    const { clock, health, setAhead } = suspendable();
    health.register('c', pass);
    await health.report();
    setAhead(-3_600_000);
    await clock.advance(1_000);
    const { sinceMs = 0, checkedAtMs = 0 } = (await health.report()).checks.c ?? {};
    expect(checkedAtMs).toBe(VirtualClock.EPOCH_MS + 1_000 - 3_600_000);
    expect(sinceMs).toBeLessThanOrEqual(checkedAtMs);
  });

  test('nor the last ok result, where the run after it fails', async () => {
    const { clock, health, setAhead } = suspendable();
    let isBad = false;
    health.register('c', () => (isBad ? fail() : undefined));
    await health.report();
    isBad = true;
    setAhead(-3_600_000);
    await clock.advance(1_000);
    const { status, lastOkAtMs, checkedAtMs } = (await health.report()).checks.c ?? {};
    expect(status).toBe('error');
    expect(lastOkAtMs).toBe(checkedAtMs);
  });
});

suite('a loop that was blocked for longer than a background result answers', () => {
  test('starts the overdue run at the first probe, and the probe waits for it', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn(
      () => new Promise<undefined>((resolve) => clock.setTimeout(() => resolve(undefined), 50)),
    );
    health.register('c', check, { intervalMs: 1_000 });
    await clock.advance(100);
    clock.block(15_000);
    const answer = health.report();
    expect(check).toHaveBeenCalledTimes(2);
    await clock.advance(50);
    expect(statuses(await answer)).toEqual({ c: 'ok' });
  });

  test('joins the run that its timer has started already', async () => {
    const { clock, health } = virtualHealth();
    let runs = 0;
    health.register(
      'c',
      () => {
        runs++;
        return new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 50));
      },
      { intervalMs: 1_000 },
    );
    await clock.advance(100);
    clock.block(15_000);
    await clock.advance(0);
    expect(runs).toBe(2);
    const answer = health.report();
    await clock.advance(50);
    expect(statuses(await answer)).toEqual({ c: 'ok' });
    expect(runs).toBe(2);
  });

  test('waits no longer than an answer may take', async () => {
    const { clock, health } = virtualHealth();
    let isSlow = false;
    health.register('c', () => (isSlow ? new Promise(() => undefined) : undefined), {
      intervalMs: 1_000,
      timeoutMs: 5_000,
    });
    isSlow = true;
    clock.block(60_000);
    const askedAt = clock.now();
    let answeredAt: number | undefined;
    void health.report().then(({ status }) => {
      expect(status).toBe('unhealthy');
      answeredAt = clock.now();
    });
    await clock.advance(1_000);
    expect(answeredAt).toBe(askedAt + 800);
  });
});
