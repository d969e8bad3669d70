import { expect, describe as suite, test } from 'vitest';
import { fakeChecker } from '../../src/testing/index.ts';
import { messageOf, statuses, virtualHealth } from '../helpers/health.ts';

function registered() {
  const fake = fakeChecker();
  const context = virtualHealth();
  context.health.register('fake', fake, { maxAgeMs: 0 });
  return { fake, ...context };
}

suite('fakeChecker()', () => {
  test('passes, warns and fails on command', async () => {
    const { fake, health } = registered();
    expect(statuses(await health.report())).toEqual({ fake: 'ok' });
    fake.warns('nearly full', { value: 9 });
    expect(statuses(await health.report())).toEqual({ fake: 'warning' });
    fake.fails('refused');
    expect(messageOf(await health.report(), 'fake')).toBe('refused');
    fake.fails(new Error('thrown'));
    expect(messageOf(await health.report(), 'fake')).toBe('thrown');
    fake.passes('fine');
    expect(messageOf(await health.report(), 'fake')).toBe('fine');
    expect(fake.runs).toBe(5);
    expect(fake.lastContext).toMatchObject({ name: 'fake', timeoutMs: 800 });
    await health.close();
    expect(fake.closed).toBe(1);
  });

  test('has defaults for its messages and its kind', async () => {
    expect(fakeChecker().kind).toBe('dependency');
    expect(fakeChecker('process').kind).toBe('process');
    const { fake, health } = registered();
    fake.warns();
    expect(messageOf(await health.report(), 'fake')).toBe('a warning');
    fake.fails();
    expect(messageOf(await health.report(), 'fake')).toBe('a failure');
  });

  test('hangs until it times out', async () => {
    const { fake, health, clock } = registered();
    fake.hangs();
    const answer = health.report();
    await clock.advance(799);
    expect(fake.hanging).toBe(1);
    await clock.advance(1);
    expect(statuses(await answer)).toEqual({ fake: 'error' });
    expect(fake.hanging).toBe(0);
  });

  test('ignores its signal, and settles late', async () => {
    const { fake, health, clock } = registered();
    fake.ignoresSignal();
    const answer = health.report();
    await clock.advance(800);
    expect(statuses(await answer)).toEqual({ fake: 'error' });
    expect(fake.hanging).toBe(1);
    fake.passes().settle();
    expect(fake.hanging).toBe(0);
    await clock.advance(0);
    expect(statuses(await health.report())).toEqual({ fake: 'ok' });
  });

  test('settles with what the test gives, in time', async () => {
    const { fake, health, clock } = registered();
    fake.hangs();
    const answer = health.report();
    await clock.advance(5);
    fake.settle({ status: 'warning', message: 'slow' });
    expect(messageOf(await answer, 'fake')).toBe('slow');
  });

  test('rejects at once if the signal is already aborted', async () => {
    const fake = fakeChecker().hangs();
    const signal = AbortSignal.abort(new Error('over'));
    const context = { name: 'x', timeoutMs: 1, signal, setTimeoutMessage: () => undefined };
    await expect(fake.check(context)).rejects.toThrow('over');
    expect(fake.hanging).toBe(0);
  });
});
