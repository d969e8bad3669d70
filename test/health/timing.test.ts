import { expect, describe as suite, test, vi } from 'vitest';
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
