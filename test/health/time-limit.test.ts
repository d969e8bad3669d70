import { expect, describe as suite, test } from 'vitest';
import { isCheckTimeoutError } from '../../src/health/errors.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { gate, messageOf, statuses, virtualHealth } from '../helpers/health.ts';

suite('the time limit', () => {
  test('a run that does not settle is an error with ERR_CHECK_TIMEOUT after exactly timeoutMs', async () => {
    const { clock, health } = virtualHealth();
    health.register('slow', () => new Promise(() => undefined), { timeoutMs: 300 });
    let answeredAt: number | undefined;
    const answer = health.report().then((report) => {
      answeredAt = clock.now();
      return report;
    });
    await clock.advance(299);
    expect(answeredAt).toBeUndefined();
    await clock.advance(1);
    expect(answeredAt).toBe(300);
    expect((await answer).checks.slow).toMatchObject({
      status: 'error',
      code: 'ERR_CHECK_TIMEOUT',
      message: 'no result within 300 ms',
      durationMs: 300,
      timedOut: true,
    });
  });

  test('the signal is aborted then, with a reason that carries the facts', async () => {
    const { clock, health } = virtualHealth();
    let signal: AbortSignal | undefined;
    health.register('slow', (context) => {
      signal = context.signal;
      expect(context.signal).toBe(signal);
      expect(context).toMatchObject({ name: 'slow', timeoutMs: 800 });
      return new Promise(() => undefined);
    });
    void health.report();
    await clock.advance(799);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(signal?.aborted).toBe(true);
    expect(isCheckTimeoutError(signal?.reason)).toBe(true);
    expect(signal?.reason).toMatchObject({ check: 'slow', timeoutMs: 800, code: 'ERR_CHECK_TIMEOUT' });
  });

  test('a signal that is first read after the abort is aborted', async () => {
    const { clock, health } = virtualHealth();
    let late: AbortSignal | undefined;
    const resume = gate();
    health.register('slow', async (context) => {
      await resume.promise;
      late = context.signal;
    });
    void health.report();
    await clock.advance(800);
    resume.open(undefined);
    await settle();
    expect(late?.aborted).toBe(true);
  });

  test('a checker can report what it was waiting for', async () => {
    const { clock, health } = virtualHealth();
    const never = new Promise<undefined>(() => undefined);
    health.register('text', (context) => {
      context.setTimeoutMessage('first');
      context.setTimeoutMessage('no answer from the queue, password=x');
      return never;
    });
    health.register('call', (context) => {
      context.setTimeoutMessage(() => `no answer within ${context.timeoutMs} ms`);
      return never;
    });
    health.register('broken', (context) => {
      context.setTimeoutMessage(() => {
        throw new Error('no words');
      });
      return never;
    });
    const answer = health.report();
    await clock.advance(800);
    const report = await answer;
    expect(messageOf(report, 'text')).toBe('no answer from the queue, password=***');
    expect(messageOf(report, 'call')).toBe('no answer within 800 ms');
    expect(messageOf(report, 'broken')).toBe('no result within 800 ms (and no explanation: no words)');
  });

  test('an explanation that turns out to be a rejected promise is contained', async () => {
    const { clock, health } = virtualHealth();
    health.register('odd', (context) => {
      context.setTimeoutMessage((() => Promise.reject(new Error('no words'))) as never);
      return new Promise(() => undefined);
    });
    const report = health.report();
    await clock.advance(800);
    expect(statuses(await report)).toEqual({ odd: 'error' });
  });

  test('a slow check delays nothing past its own timeout and hides no other', async () => {
    const { clock, health } = virtualHealth();
    health.register('hung', () => new Promise(() => undefined), { timeoutMs: 100 });
    health.register('quick', () => undefined);
    const answer = health.report();
    await clock.advance(100);
    expect(statuses(await answer)).toEqual({ hung: 'error', quick: 'ok' });
  });

  test('time that a blocked event loop took is given back, once', async () => {
    const { clock, health } = virtualHealth();
    const first = gate();
    health.register('database', () => first.promise);
    const answer = health.report();
    await settle();
    clock.block(800 + 600);
    await clock.advance(0); // the timer fires 600 ms late, before the answer in the socket is read
    first.open(undefined);
    expect(statuses(await answer)).toEqual({ database: 'ok' });
  });

  test('the time given back is at most timeoutMs, and then the run times out', async () => {
    const { clock, health } = virtualHealth();
    health.register('database', () => new Promise(() => undefined));
    let answeredAt: number | undefined;
    void health.report().then(() => {
      answeredAt = clock.now();
    });
    await settle();
    clock.block(10_000);
    await clock.advance(799);
    expect(answeredAt).toBeUndefined();
    clock.block(5_000);
    await clock.advance(1);
    // The second block is not given back: judged at the first chance after it.
    expect(answeredAt).toBe(15_799);
  });

  test('a timer that is up to 50 ms late gives nothing back', async () => {
    const { clock, health } = virtualHealth();
    health.register('database', () => new Promise(() => undefined));
    const answer = health.report();
    await settle();
    clock.block(850);
    await clock.advance(0);
    expect(statuses(await answer)).toEqual({ database: 'error' });
  });

  test('a report that could not wait for a long run is as of the end of its time', async () => {
    const { clock, health } = virtualHealth();
    health.register('quick', () => undefined, { maxAgeMs: 0 });
    health.register('long', () => new Promise(() => undefined), { intervalMs: 60_000, timeoutMs: 5_000 });
    for (const round of [1, 2]) {
      const startMs = clock.epochMs();
      const answer = health.report();
      await clock.advance(800);
      const { atMs, checks } = await answer;
      expect({ round, tookMs: atMs - startMs }).toEqual({ round, tookMs: 800 });
      expect(checks.long?.code).toBe('ERR_NO_RESULT');
    }
  });

  test('the time that a listener takes is not taken from the checks that start after it', async () => {
    const { clock, health } = virtualHealth();
    health.on('check', () => clock.block(700));
    health.register('first', () => undefined).register('second', () => undefined);
    const { checks, atMs } = await health.report();
    expect(checks.second?.durationMs).toBe(0);
    expect(checks.second?.checkedAtMs).toBe((checks.first?.checkedAtMs ?? 0) + 700);
    expect(atMs).toBe(clock.epochMs());
  });

  test('a synchronous block in one check causes no false ETIMEDOUT in the others', async () => {
    const { clock, health } = virtualHealth();
    const answered = gate();
    health.register('before', () => answered.promise);
    health.register('blocker', () => clock.block(2_000));
    health.register('after', () => answered.promise);
    const answer = health.report();
    await clock.advance(0);
    answered.open(undefined);
    expect(statuses(await answer)).toEqual({ before: 'ok', blocker: 'ok', after: 'ok' });
  });
});
