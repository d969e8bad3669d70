import { expect, describe as suite, test, vi } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { gate, messageOf, never, statuses, virtualHealth } from '../helpers/health.ts';

const LATER_MS = 5_000;

/** A controller whose clock has gone on a while, so that a moment is no duration. */
async function laterHealth() {
  const context = virtualHealth();
  await context.clock.advance(LATER_MS);
  return context;
}

suite('durations and ages, on a clock that does not start at zero', () => {
  test('a run takes from its start to its end', async () => {
    const { clock, health } = await laterHealth();
    health.register('slow', () => new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 123)));
    const answer = health.report();
    await clock.advance(123);
    expect((await answer).checks.slow?.durationMs).toBe(123);
  });

  test('a run that goes on after its timeout shows its true age, and its message is updated each second', async () => {
    const { clock, health } = await laterHealth();
    health.register('deaf', never);
    void health.report();
    await clock.advance(2_000);
    expect(messageOf(await health.report(), 'deaf')).toContain('still running after 2.0 s');
    clock.block(700);
    expect(messageOf(await health.report(), 'deaf')).toContain('still running after 2.0 s');
    clock.block(300);
    expect(messageOf(await health.report(), 'deaf')).toContain('still running after 3.0 s');
  });

  test('a background result that is too old shows its age, updated each second', async () => {
    const { clock, health } = await laterHealth();
    health.register('background', () => undefined, { intervalMs: 60_000, maxAgeMs: 1_000 });
    clock.block(2_000);
    expect(messageOf(await health.report(), 'background')).toBe('last result is 2.0 s old');
    clock.block(1_000);
    expect(messageOf(await health.report(), 'background')).toBe('last result is 3.0 s old');
  });

  test('what a check shows before its first result has no history', async () => {
    const { health, clock } = await laterHealth();
    health.register('background', never, { intervalMs: 60_000, timeoutMs: 30_000 });
    expect(health.lastReport().checks.background).toMatchObject({
      durationMs: 0,
      consecutiveFailures: 0,
      timedOut: false,
      checkedAtMs: clock.epochMs(),
      sinceMs: clock.epochMs(),
    });
  });

  test('what a check shows instead of a result keeps the history of its last one', async () => {
    const { clock, health } = await laterHealth();
    const failing = vi.fn(() => Promise.reject(new Error('down')));
    health.register('background', failing, { intervalMs: 60_000, maxAgeMs: 100 });
    await settle();
    const first = (await health.report()).checks.background;
    clock.block(500);
    const stale = (await health.report()).checks.background;
    expect(stale).toMatchObject({
      code: 'ERR_CHECK_STALE',
      consecutiveFailures: 1,
      sinceMs: first?.sinceMs,
      checkedAtMs: first?.checkedAtMs,
    });
  });

  test('a check that was ok is an error sinceMs the moment its result is too old', async () => {
    const { clock, health } = await laterHealth();
    health.register('background', () => undefined, { intervalMs: 60_000, maxAgeMs: 100 });
    clock.block(10_000);
    const stale = (await health.report()).checks.background;
    expect(stale?.sinceMs).toBe(clock.epochMs() - 10_000);
    expect(stale?.lastOkAtMs).toEqual(clock.epochMs() - 10_000);
  });

  test('a timeout that settles at last is shown no longer than maxAgeMs from when it timed out', async () => {
    const { clock, health } = await laterHealth();
    const hang = gate();
    const check = vi.fn(() => hang.promise);
    health.register('slow', check, { timeoutMs: 100, maxAgeMs: 500 });
    void health.report();
    await clock.advance(200);
    hang.open(undefined);
    await clock.advance(399);
    expect(statuses(await health.report())).toEqual({ slow: 'error' });
    expect(check).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(statuses(await health.report())).toEqual({ slow: 'ok' });
  });
});

suite('closing and listening', () => {
  test('a closed check reports that, with a code, and runs no more', async () => {
    const { health } = virtualHealth();
    const check = vi.fn(() => undefined);
    health.register('gone', check, { maxAgeMs: 0 });
    await health.close();
    expect((await health.report()).checks.gone).toMatchObject({
      status: 'error',
      code: 'ERR_CHECK_CLOSED',
    });
    expect(check).not.toHaveBeenCalled();
  });

  test('the signal carries the reason', async () => {
    const { health } = virtualHealth();
    const reasons: string[] = [];
    for (const name of ['one', 'other']) {
      health.register(name, ({ signal }) => {
        signal.addEventListener('abort', () => reasons.push(signal.reason.message));
        return never();
      });
    }
    void health.report();
    health.unregister('one');
    void health.close();
    expect(reasons).toEqual(['the check `one` was unregistered', 'the controller was closed']);
  });

  test('checkers without a close, and listeners without a promise, cause no log line', async () => {
    const { health, logger } = virtualHealth();
    health.on('check', () => undefined).on('groupChange', () => 1);
    health.register('plain', { kind: 'process', check: () => undefined });
    await health.report();
    await health.close();
    expect(logger.lines).toEqual([]);
  });
});
