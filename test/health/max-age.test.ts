import { expect, describe as suite, test, vi } from 'vitest';
import { engineOf } from '../../src/health/source.ts';
import { statuses, virtualHealth } from '../helpers/health.ts';

suite('age', () => {
  test('a result answers for maxAgeMs, counted from when it settled', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn(
      () => new Promise<undefined>((resolve) => clock.setTimeout(() => resolve(undefined), 200)),
    );
    health.register('database', check, { maxAgeMs: 500 });
    void health.report();
    await clock.advance(200 + 499);
    await health.report();
    expect(check).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    void health.report();
    expect(check).toHaveBeenCalledTimes(2);
  });

  test('a failure is reused for as long', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn(() => Promise.reject(new Error('down')));
    health.register('database', check);
    await health.report();
    await clock.advance(999);
    expect(statuses(await health.report())).toEqual({ database: 'error' });
    expect(check).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    await health.report();
    expect(check).toHaveBeenCalledTimes(2);
  });

  test('with maxAgeMs 0 each probe that finds no run under way starts one', async () => {
    const { health } = virtualHealth();
    const check = vi.fn(() => undefined);
    health.register('trivial', check, { maxAgeMs: 0 });
    await health.report();
    await health.report();
    await health.report();
    expect(check).toHaveBeenCalledTimes(3);
  });

  test('groups share results', async () => {
    const { health } = virtualHealth();
    const check = vi.fn(() => undefined);
    health.register('database', check);
    await Promise.all([health.report(), health.report('ready'), health.report('checks/database')]);
    expect(check).toHaveBeenCalledTimes(1);
  });

  test('checks that would become stale while an answer waits for a slow one run along with it', async () => {
    const { clock, health } = virtualHealth();
    const quick = vi.fn(() => Promise.resolve(undefined));
    health.register('quick', quick);
    health.register('slow', () => new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 700)), {
      maxAgeMs: 100,
    });
    const first = health.report();
    await clock.advance(700);
    await first;
    await clock.advance(100);
    const second = health.report(); // quick is 800 ms old: fresh now, too old when slow is done
    await clock.advance(700);
    const report = await second;
    expect(report.atMs - (report.checks.quick?.checkedAtMs ?? 0)).toBeLessThanOrEqual(1000);
    expect(quick).toHaveBeenCalledTimes(2);
  });

  test('callers that join a wait do not rerun the other checks over and over', async () => {
    const { clock, health } = virtualHealth();
    const quick = vi.fn(() => Promise.resolve(undefined));
    health.register('quick', quick, { maxAgeMs: 10 });
    health.register('slow', () => new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 700)));
    for (let i = 0; i < 100; i++) {
      void health.report();
      await clock.advance(1);
    }
    // By its age alone: about one run per 10 ms.
    expect(quick.mock.calls.length).toBeLessThanOrEqual(11);
  });
});

suite('the cached report of a group', () => {
  test('is fresh for as long as its oldest result answers, and not longer', async () => {
    const { clock, health } = virtualHealth();
    await clock.advance(5_000);
    health.register('a', () => undefined).register('b', () => undefined, { maxAgeMs: 2_000 });
    const { freshMs } = engineOf(health);
    expect(freshMs('all')).toBe(0);
    await health.report();
    expect(freshMs('all')).toBe(1_000);
    await clock.advance(300);
    expect(freshMs('all')).toBe(700);
    expect(freshMs('nobody')).toBe(0);
    await clock.advance(700);
    expect(freshMs('all')).toBe(0);
  });
});
