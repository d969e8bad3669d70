import { describe, expect, it } from 'vitest';
import { HISTORY_LENGTH, History } from '../../src/health/history.ts';
import { error, ok, warning } from '../../src/health/result.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { virtualHealth } from '../helpers/health.ts';

const AT = Date.UTC(2026, 1, 3, 4, 5, 6, 789);

describe('the history of a check', () => {
  it('returns what was put in, oldest first', () => {
    const history = new History();
    history.add('ok', AT, 1.234);
    history.add('warning', AT + 1000, 0);
    history.add('error', AT + 2000, 812.25);
    expect(history.entries()).toEqual([
      { status: 'ok', atMs: AT, durationMs: 1.234 },
      { status: 'warning', atMs: AT + 1000, durationMs: 0 },
      { status: 'error', atMs: AT + 2000, durationMs: 812.25 },
    ]);
  });

  it('keeps the last 60 and forgets the rest, however many there were', () => {
    const history = new History();
    for (let run = 0; run < 7 * HISTORY_LENGTH + 13; run++) history.add('ok', AT + run, run);
    const entries = history.entries();
    expect(HISTORY_LENGTH).toBe(60);
    expect(entries).toHaveLength(60);
    expect(entries[0]?.durationMs).toBe(6 * 60 + 13);
    expect(entries.at(-1)).toEqual({ status: 'ok', atMs: AT + 432, durationMs: 432 });
  });

  it('is a copy, which later results do not change', () => {
    const history = new History();
    history.add('ok', AT, 1);
    const before = history.entries();
    history.add('error', AT, 2);
    expect(before).toHaveLength(1);
  });

  it('takes the time of a clock that counts parts of milliseconds', () => {
    const history = new History();
    history.add('error', AT + 0.75, 1);
    expect(history.entries()).toEqual([{ status: 'error', atMs: AT, durationMs: 1 }]);
  });
});

describe('the history that a controller gives', () => {
  it('holds one entry per run, not per report', async () => {
    const { clock, health } = virtualHealth();
    const results = [ok(), warning('w'), error('e')];
    health.register('database', () => results.shift());
    await health.report();
    await health.report();
    await clock.advance(1000);
    await health.report('ready');
    await clock.advance(1000);
    await health.report('checks/database');
    expect(health.history('database').map(({ status, atMs }) => [status, atMs])).toEqual([
      ['ok', VirtualClock.EPOCH_MS],
      ['warning', VirtualClock.EPOCH_MS + 1000],
      ['error', VirtualClock.EPOCH_MS + 2000],
    ]);
  });

  it('counts a run that timed out as an error, once', async () => {
    const { clock, health } = virtualHealth();
    let settle = () => {};
    health.register(
      'slow',
      () =>
        new Promise<void>((resolve) => {
          settle = resolve;
        }),
    );
    const report = health.report();
    await clock.advance(800);
    await report;
    settle();
    await clock.advance(1);
    expect(health.history('slow').map((entry) => [entry.status, entry.durationMs])).toEqual([['error', 800]]);
  });

  it('is empty before the first result, for a name that is not registered, and after registering again', async () => {
    const { health } = virtualHealth();
    health.register('a', () => {});
    expect(health.history('a')).toEqual([]);
    expect(health.history('b')).toEqual([]);
    await health.report();
    expect(health.history('a')).toHaveLength(1);
    health.unregister('a');
    expect(health.history('a')).toEqual([]);
    health.register('a', () => {});
    expect(health.history('a')).toEqual([]);
  });
});

describe('the next run of a check', () => {
  it('is shown for a background check, and lies within its jitter', async () => {
    const { clock, health } = virtualHealth();
    health.register('background', () => {}, { intervalMs: 10_000 }).register('asked', () => {});
    const report = await health.report();
    const next = report.checks.background?.nextRunAtMs ?? 0;
    expect(next - VirtualClock.EPOCH_MS).toBeGreaterThanOrEqual(9000);
    expect(next - VirtualClock.EPOCH_MS).toBeLessThanOrEqual(11_000);
    expect(report.checks.asked?.nextRunAtMs).toBeUndefined();
    await clock.advance(next - VirtualClock.EPOCH_MS);
    const later = (await health.report()).checks.background;
    expect(later?.checkedAtMs).toBe(next);
    expect(later?.nextRunAtMs).toBeGreaterThanOrEqual(next + 9000);
  });

  it('is not shown once the controller is closed', async () => {
    const { health } = virtualHealth();
    health.register('background', () => {}, { intervalMs: 10_000 });
    await health.close();
    expect((await health.report()).checks.background?.nextRunAtMs).toBeUndefined();
  });
});
