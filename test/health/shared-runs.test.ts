import { expect, describe as suite, test, vi } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { gate, messageOf, statuses, virtualHealth } from '../helpers/health.ts';

suite('one run at a time', () => {
  test('concurrent probes share a run', async () => {
    const { health } = virtualHealth();
    const pass = gate();
    const check = vi.fn(() => pass.promise);
    health.register('shared', check);
    const answers = Array.from({ length: 100 }, () => health.report());
    pass.open(undefined);
    const reports = await Promise.all(answers);
    expect(check).toHaveBeenCalledTimes(1);
    expect(new Set(reports).size).toBe(1);
  });

  test('100 probers of a 50 ms check for 5 s start one run at a time, and at most one per maxAgeMs + 50 ms', async () => {
    const { clock, health } = virtualHealth();
    const startedAt: number[] = [];
    let outstanding = 0;
    health.register('database', () => {
      expect(++outstanding).toBe(1);
      startedAt.push(clock.now());
      return new Promise((resolve) => {
        clock.setTimeout(() => {
          outstanding--;
          resolve(undefined);
        }, 50);
      });
    });
    for (let at = 0; at < 5_000; at += 10) {
      for (let prober = 0; prober < 100; prober++) void health.report(prober % 2 === 0 ? 'all' : 'ready');
      await clock.advance(10);
    }
    expect(startedAt).toEqual([0, 1_050, 2_100, 3_150, 4_200]);
  });

  test('100 probers of a check that never settles start one run, wait for it once, and are answered at once from then on', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn(() => new Promise<undefined>(() => undefined));
    health.register('hung', check);
    const waits: number[] = [];
    const probe = () => {
      const askedAt = clock.now();
      void health.report().then(() => waits.push(clock.now() - askedAt));
    };
    for (let prober = 0; prober < 100; prober++) probe();
    await clock.advance(800);
    expect(waits).toEqual(Array.from({ length: 100 }, () => 800));
    waits.length = 0;
    for (let at = 0; at < 5_000; at += 100) {
      for (let prober = 0; prober < 100; prober++) probe();
      await clock.advance(100);
    }
    expect(new Set(waits)).toEqual(new Set([0]));
    expect(waits.length).toBe(5_000);
    expect(check).toHaveBeenCalledTimes(1);
  });

  test('a run that outlived its timeout still counts, and the check shows it at once', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn(() => new Promise<undefined>(() => undefined));
    health.register('deaf', check);
    void health.report();
    await clock.advance(12_400);
    const report = health.lastReport();
    expect(clock.now()).toBe(12_400);
    expect(check).toHaveBeenCalledTimes(1);
    expect(report.checks.deaf).toMatchObject({
      status: 'error',
      code: 'ERR_CHECK_TIMEOUT',
      timedOut: true,
    });
    expect(messageOf(report, 'deaf')).toBe(
      'still running after 12.4 s and ignoring its abort signal; next attempt with the next probe',
    );
  });

  test('once it settles, whatever it says, the next probe runs the check again', async () => {
    const { clock, health } = virtualHealth();
    const late = gate();
    const check = vi.fn(() => late.promise);
    health.register('deaf', check);
    void health.report();
    await clock.advance(5_000);
    check.mockReturnValue(Promise.resolve(undefined));
    late.open(undefined);
    await settle();
    expect(statuses(await health.report())).toEqual({ deaf: 'ok' });
    expect(check).toHaveBeenCalledTimes(2);
  });

  test('a checker that respects its signal is not accused of ignoring it, even with maxAgeMs 0', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn(
      ({ signal }: { signal: AbortSignal }): Promise<undefined> =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    health.register('obedient', check, { maxAgeMs: 0 });
    const answer = health.report();
    await clock.advance(800);
    expect(messageOf(await answer, 'obedient')).toBe('no result within 800 ms');
    void health.report();
    expect(check).toHaveBeenCalledTimes(2);
  });

  test('one that does not gets 50 ms', async () => {
    const { clock, health } = virtualHealth();
    health.register('deaf', () => new Promise(() => undefined), { maxAgeMs: 0 });
    void health.report();
    await clock.advance(849);
    expect(messageOf(await health.report(), 'deaf')).toBe('no result within 800 ms');
    await clock.advance(1);
    expect(messageOf(await health.report(), 'deaf')).toContain('still running after 0.8 s');
  });

  test('a late rejection is contained', async () => {
    const { clock, health } = virtualHealth();
    const late = gate();
    health.register('deaf', () => late.promise);
    void health.report();
    await clock.advance(5_000);
    late.fail(new Error('at last'));
    await settle();
    expect(statuses(await Promise.race([health.report(), Promise.resolve(health.report())]))).toBeDefined();
  });

  test('a hung check that is registered again gets a fresh run', async () => {
    const { clock, health } = virtualHealth();
    health.register('deaf', () => new Promise(() => undefined));
    void health.report();
    await clock.advance(5_000);
    health.unregister('deaf');
    health.register('deaf', () => undefined);
    expect(statuses(await health.report())).toEqual({ deaf: 'ok' });
  });

  test('a checker that asks for a report waits for itself until it times out', async () => {
    const { clock, health } = virtualHealth();
    health.register('selfish', async () => {
      await health.report();
    });
    health.register('other', () => undefined);
    const answer = health.report();
    await clock.advance(800);
    expect(statuses(await answer)).toEqual({ selfish: 'error', other: 'ok' });
    await clock.advance(2_000);
    const again = health.report();
    await clock.advance(800);
    expect(statuses(await again).other).toBe('ok');
  });
});
