import { expect, describe as suite, test, vi } from 'vitest';
import type { Checker, CheckFunction, CheckOptions } from '../../src/health/checker.ts';
import { HealthController } from '../../src/health/controller.ts';
import { overallStatus } from '../../src/health/report.ts';
import { ConfigError, isConfigError } from '../../src/internal/config-error.ts';
import { settle } from '../helpers/clock.ts';
import { gate, memoryLogger, messageOf, statuses, virtualHealth } from '../helpers/health.ts';

const pass = () => undefined;
const warn = () => ({ status: 'warning' }) as const;
const fail = () => {
  throw new Error('broken');
};
const process: Checker = { kind: 'process', check: pass };

function faultsOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (thrown) {
    if (isConfigError(thrown)) return thrown.issues;
    throw thrown;
  }
  return [];
}

suite('gating', () => {
  test.each([
    ['ok', 'warning', 'healthy'],
    ['warning', 'warning', 'unhealthy'],
    ['error', 'warning', 'unhealthy'],
    ['ok', 'error', 'healthy'],
    ['warning', 'error', 'degraded'],
    ['error', 'error', 'unhealthy'],
    ['ok', 'never', 'healthy'],
    ['warning', 'never', 'degraded'],
    ['error', 'never', 'degraded'],
  ] as const)('%s with failOn %s is %s', (status, failOn, overall) => {
    expect(overallStatus([{ status, failOn }])).toBe(overall);
    expect(
      overallStatus([
        { status: 'ok', failOn: 'warning' },
        { status, failOn },
      ]),
    ).toBe(overall);
  });

  test('no checks are healthy, and one that reaches its failOn outweighs any that do not', () => {
    expect(overallStatus([])).toBe('healthy');
    expect(
      overallStatus([
        { status: 'error', failOn: 'never' },
        { status: 'warning', failOn: 'warning' },
      ]),
    ).toBe('unhealthy');
  });

  test('anything but ok is unhealthy by default', async () => {
    const { health } = virtualHealth();
    health.register('memory', warn);
    expect((await health.report()).status).toBe('unhealthy');
  });
});

suite('reports', () => {
  test('list the checks in the order of registration, with all that is known', async () => {
    const { clock, health } = virtualHealth({ service: { name: 'shop', version: '2' } });
    health
      .register('zeta', pass)
      .register('alpha', fail, { failOn: 'never', groups: ['live'], kind: 'process' });
    const report = await health.report();
    expect([...report.checks.keys()]).toEqual(['zeta', 'alpha']);
    expect(report).toMatchObject({
      status: 'degraded',
      group: 'all',
      draining: false,
      service: { name: 'shop', version: '2' },
    });
    expect(report.at).toEqual(new Date(clock.epochMs()));
    expect(report.checks.get('alpha')).toEqual({
      name: 'alpha',
      status: 'error',
      message: 'broken',
      durationMs: 0,
      checkedAt: new Date(clock.epochMs()),
      since: new Date(clock.epochMs()),
      lastOkAt: undefined,
      consecutiveFailures: 1,
      timedOut: false,
      failOn: 'never',
      groups: ['live'],
      kind: 'process',
      display: 'status',
      intervalMs: undefined,
    });
  });

  test('since is when the status changed, failures in a row are reset by an ok', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn<() => undefined | { status: 'warning' | 'error' }>(() => undefined);
    health.register('c', check, { maxAgeMs: 0 });
    const look = async () => {
      await clock.advance(10);
      const { since, lastOkAt, consecutiveFailures } = (await health.report()).checks.get('c') ?? {};
      return [since?.getMilliseconds(), lastOkAt?.getMilliseconds(), consecutiveFailures];
    };
    expect(await look()).toEqual([10, 10, 0]);
    expect(await look()).toEqual([10, 20, 0]);
    check.mockReturnValue({ status: 'error' });
    expect(await look()).toEqual([30, 20, 1]);
    expect(await look()).toEqual([30, 20, 2]);
    check.mockReturnValue({ status: 'warning' });
    expect(await look()).toEqual([50, 20, 3]);
    check.mockReturnValue(undefined);
    expect(await look()).toEqual([60, 60, 0]);
  });

  test('never change', async () => {
    const { health } = virtualHealth();
    const report = await health.register('c', pass).report();
    const checks = report.checks as Map<string, unknown>;
    expect(() => checks.clear()).toThrow('A report never changes');
    expect(() => checks.delete('c')).toThrow(TypeError);
    expect(() => checks.set('c', {})).toThrow(TypeError);
    expect(() => Object.assign(report, { status: 'healthy' })).toThrow(TypeError);
    expect(() => Object.assign(report.checks.get('c') as object, { status: 'error' })).toThrow(TypeError);
  });

  test('the same report answers until a result is due, a run settles, a check comes or goes, or draining begins', async () => {
    const { clock, health } = virtualHealth();
    health.register('a', pass);
    const first = await health.report();
    expect(health.current()).toBe(first);
    expect(await health.report()).toBe(first);
    health.register('b', pass);
    expect(health.current()).toBeUndefined();
    const second = await health.report();
    await clock.advance(999);
    expect(health.current()).toBe(second);
    await clock.advance(1);
    expect(health.current()).toBeUndefined();
    await health.report();
    health.unregister('b');
    expect(health.current()).toBeUndefined();
    const third = await health.report();
    health.drain();
    expect(health.current()).not.toBe(third);
  });

  test('collect calls back at once when there is nothing to wait for', () => {
    const { health } = virtualHealth();
    health.register('a', pass);
    const done = vi.fn();
    health.collect('all', done);
    expect(done).toHaveBeenCalledTimes(1);
    health.collect('all', done);
    expect(done.mock.calls[1]).toEqual(done.mock.calls[0]);
  });

  test('a callback that throws does not reach the check that ended last', async () => {
    const { health, logger } = virtualHealth();
    const open = gate();
    health.register('a', () => open.promise);
    health.collect('all', () => {
      throw new Error('clumsy');
    });
    const other = health.report();
    open.open(undefined);
    expect(statuses(await other)).toEqual({ a: 'ok' });
    expect(logger.lines.join()).toContain('clumsy');
  });

  test('a group that nobody put a check into is unhealthy: a misspelt name is not health', async () => {
    const { health } = virtualHealth();
    expect((await health.report('raedy')).status).toBe('unhealthy');
    expect(health.has('raedy')).toBe(false);
    expect((await health.report('checks/none')).status).toBe('unhealthy');
  });
});

suite('groups', () => {
  test('ready is the default, the base holds everything, live only what is put there', async () => {
    const { health } = virtualHealth();
    health
      .register('database', fail)
      .register('loop', process, { groups: ['live', 'ready'] })
      .register('cache', pass, { groups: ['edge'] });
    expect(statuses(await health.report())).toEqual({ database: 'error', loop: 'ok', cache: 'ok' });
    expect(statuses(await health.report('ready'))).toEqual({ database: 'error', loop: 'ok' });
    expect(statuses(await health.report('live'))).toEqual({ loop: 'ok' });
    expect(statuses(await health.report('edge'))).toEqual({ cache: 'ok' });
    expect(statuses(await health.report('checks/cache'))).toEqual({ cache: 'ok' });
    expect((await health.report('edge')).status).toBe('healthy');
    expect(health.groups).toEqual(['all', 'live', 'ready', 'startup', 'edge']);
    expect(
      ['all', 'live', 'ready', 'startup', 'edge', 'checks/cache', 'checks/x', 'x'].map((name) =>
        health.has(name),
      ),
    ).toEqual([true, true, true, true, true, true, false, false]);
  });

  test('live without checks is healthy as long as the process can answer', async () => {
    const { health } = virtualHealth();
    health.register('database', fail);
    const report = await health.report('live');
    expect(report.status).toBe('healthy');
    expect(report.checks.size).toBe(0);
  });

  test('a group asked for before its check was registered finds it afterwards', async () => {
    const { health } = virtualHealth();
    await health.report('edge');
    health.register('cache', pass, { groups: ['edge'] });
    expect((await health.report('edge')).status).toBe('healthy');
    health.unregister('cache');
    expect((await health.report('edge')).status).toBe('unhealthy');
  });
});

suite('startup', () => {
  test('is unhealthy until each check of ready has passed once, and healthy from then on', async () => {
    const { clock, health } = virtualHealth();
    const a = vi.fn<CheckFunction>(fail);
    const b = vi.fn<CheckFunction>(pass);
    health.register('a', a, { maxAgeMs: 0 }).register('b', b, { maxAgeMs: 0 });
    expect(await health.report('startup')).toMatchObject({ status: 'unhealthy' });
    a.mockImplementation(pass);
    b.mockImplementation(fail); // it has passed once, that is enough
    const latched = await health.report('startup');
    expect(latched.status).toBe('healthy');
    expect(latched.checks.size).toBe(0);
    a.mockImplementation(fail);
    a.mockClear();
    await clock.advance(60_000);
    expect((await health.report('startup')).status).toBe('healthy');
    expect(a).not.toHaveBeenCalled();
    health.register('c', fail);
    health.drain();
    expect((await health.report('startup')).status).toBe('healthy');
  });

  test('waits for its own checks alone, if it has some, and what does not reach failOn has passed', async () => {
    const { health } = virtualHealth();
    health.register('database', fail).register('caches', warn, { groups: ['startup'], failOn: 'error' });
    expect((await health.report('startup')).status).toBe('healthy');
  });

  test('a check that has passed for another group has passed', async () => {
    const { health } = virtualHealth();
    health.register('a', pass);
    await health.report('ready');
    expect((await health.report('startup')).status).toBe('healthy');
  });

  test('without any checks it is healthy, but a check registered later is waited for', async () => {
    const { health } = virtualHealth();
    expect((await health.report('startup')).status).toBe('healthy');
    health.register('a', fail);
    expect((await health.report('startup')).status).toBe('unhealthy');
  });
});

suite('draining', () => {
  test('makes base, ready and custom groups unhealthy at once and leaves live, startup and single checks alone', async () => {
    const { health } = virtualHealth();
    health.register('a', process, { groups: ['live', 'ready', 'edge'] });
    await Promise.all(['all', 'live', 'startup'].map((group) => health.report(group)));
    expect(health.isDraining).toBe(false);
    health.drain();
    health.drain();
    expect(health.isDraining).toBe(true);
    for (const group of ['all', 'ready', 'edge']) {
      expect(await health.report(group)).toMatchObject({ status: 'unhealthy', draining: true });
      expect(statuses(await health.report(group))).toEqual({ a: 'ok' });
    }
    for (const group of ['live', 'startup', 'checks/a']) {
      expect(await health.report(group)).toMatchObject({ status: 'healthy', draining: false });
    }
  });

  test('is told to listeners once, when reports say so already', async () => {
    const { health } = virtualHealth();
    const told: string[] = [];
    health.on('drain', () => void health.report('ready').then((report) => told.push(report.status)));
    health.drain();
    health.drain();
    await settle();
    expect(told).toEqual(['unhealthy']);
  });
});

suite('unregistering', () => {
  test('says whether there was such a check', () => {
    const { health } = virtualHealth();
    health.register('a', pass);
    expect(health.unregister('a')).toBe(true);
    expect(health.unregister('a')).toBe(false);
  });

  test('while answers wait for the check releases them without it and aborts its run', async () => {
    const { clock, health } = virtualHealth();
    let signal: AbortSignal | undefined;
    health.register('hung', (context) => {
      signal = context.signal;
      return new Promise(() => undefined);
    });
    health.register('a', pass);
    const answer = health.report();
    await settle();
    health.unregister('hung');
    expect(statuses(await answer)).toEqual({ a: 'ok' });
    expect(signal?.reason.message).toBe('the check `hung` was unregistered');
    await clock.advance(1_000);
    expect(clock.pending).toBe(0);
  });

  test('from within its own run is possible', async () => {
    const { health } = virtualHealth();
    health.register('once', () => {
      health.unregister('once');
    });
    health.register('later', async () => {
      await settle();
      health.unregister('later');
    });
    expect(statuses(await health.report())).toEqual({});
  });

  test('closes the checker, and logs one that cannot be closed', async () => {
    const { health, logger } = virtualHealth();
    const close = vi.fn();
    health.register('tidy', { kind: 'process', check: pass, close });
    health.register('untidy', {
      kind: 'process',
      check: pass,
      close: () => Promise.reject(new Error('stuck')),
    });
    health.unregister('tidy');
    health.unregister('untidy');
    await settle();
    expect(close).toHaveBeenCalledTimes(1);
    expect(logger.lines.join()).toContain('`untidy` could not be closed');
    expect(logger.lines.join()).toContain('stuck');
  });

  test('gives no result of a run that a listener of its abort signal unregistered', async () => {
    const { clock, health } = virtualHealth();
    const results = vi.fn();
    health.on('check', results);
    health.register('leaving', ({ signal }) => {
      signal.addEventListener('abort', () => health.unregister('leaving'));
      return new Promise(() => undefined);
    });
    const report = health.report();
    await clock.advance(800);
    expect(statuses(await report)).toEqual({});
    expect(results).not.toHaveBeenCalled();
  });

  test('stops a background check', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn(pass);
    health.register('background', check, { intervalMs: 100 });
    health.unregister('background');
    await clock.advance(1_000);
    expect(check).toHaveBeenCalledTimes(1);
  });
});

suite('closing', () => {
  test('aborts runs, ends background checks, closes checkers, and reports errors from then on', async () => {
    const { clock, health } = virtualHealth();
    const close = vi.fn();
    let signal: AbortSignal | undefined;
    health.register('running', (context) => {
      signal = context.signal;
      return new Promise((resolve) => context.signal.addEventListener('abort', () => resolve(undefined)));
    });
    health.register('background', pass, { intervalMs: 100 });
    health.register('closing', { kind: 'dependency', check: pass, close });
    const waiting = health.report();
    await settle();
    const closed = vi.fn();
    health.on('close', closed);
    const end = health.close();
    expect(health.close()).toBe(end);
    await end;
    expect(closed).toHaveBeenCalledTimes(1);
    expect(signal?.aborted).toBe(true);
    expect(close).toHaveBeenCalledTimes(1);
    expect(statuses(await waiting).running).toBe('error');
    const report = await health.report();
    expect(statuses(report)).toEqual({ running: 'error', background: 'error', closing: 'error' });
    expect(messageOf(report, 'closing')).toBe('the check is closed and runs no more');
    expect(clock.pending).toBe(0);
  });

  test('once, also when a listener of the event asks for it', async () => {
    const { health } = virtualHealth();
    const close = vi.fn();
    health.register('pool', { kind: 'dependency', check: pass, close });
    health.on('close', () => health.close());
    await health.close();
    expect(close).toHaveBeenCalledTimes(1);
  });

  test('waits for checks too that were unregistered just before', async () => {
    const { health } = virtualHealth();
    const closing = gate();
    health.register('pool', { kind: 'dependency', check: pass, close: () => closing.promise });
    health.unregister('pool');
    let isClosed = false;
    const end = health.close().then(() => {
      isClosed = true;
    });
    await settle();
    expect(isClosed).toBe(false);
    closing.open(undefined);
    await end;
  });

  test('does not wait for ever for a run or a checker that does not end', async () => {
    const { clock, health } = virtualHealth();
    const close = vi.fn(() => new Promise<void>(() => undefined));
    health.register('deaf', { kind: 'dependency', check: () => new Promise(() => undefined), close });
    void health.report();
    let isClosed = false;
    void health.close().then(() => {
      isClosed = true;
    });
    await clock.advance(799);
    expect(close).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(close).toHaveBeenCalledTimes(1);
    await clock.advance(799);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    expect(isClosed).toBe(true);
  });

  test('a check cannot be registered afterwards', async () => {
    const { health } = virtualHealth();
    await health.close();
    expect(() => health.register('a', pass)).toThrow(
      "Cannot register the check `'a'` (string): The controller is closed",
    );
  });
});

suite('events', () => {
  test('check comes with each run', async () => {
    const { health } = virtualHealth();
    const heard = vi.fn();
    health.on('check', heard).register('a', pass).register('b', fail);
    await health.report();
    expect(heard.mock.calls.map(([check]) => [check.name, check.status])).toEqual([
      ['a', 'ok'],
      ['b', 'error'],
    ]);
  });

  test('change comes with the report before and after, when a group that is asked for says something else', async () => {
    const { clock, health } = virtualHealth();
    const heard = vi.fn();
    const check = vi.fn<CheckFunction>(pass);
    health.on('change', heard).register('a', check);
    const first = await health.report();
    expect(heard.mock.calls).toEqual([[{ before: undefined, after: first }]]);
    await clock.advance(1_000);
    const second = await health.report();
    expect(heard).toHaveBeenCalledTimes(1);
    check.mockImplementation(fail);
    await clock.advance(1_000);
    const third = await health.report();
    expect(heard.mock.calls[1]).toEqual([{ before: second, after: third }]);
    health.drain();
    expect(heard.mock.calls[2]?.[0]).toMatchObject({ before: third, after: { draining: true } });
  });

  test('change comes when checks come or go, or change places', async () => {
    const { health } = virtualHealth();
    const heard = vi.fn();
    health.on('change', heard).register('a', pass);
    await health.report();
    health.register('b', pass);
    await health.report();
    expect(heard).toHaveBeenCalledTimes(2);
    health.unregister('a');
    health.register('c', pass);
    await health.report();
    expect(heard).toHaveBeenCalledTimes(3);
  });

  test('change of a background check comes without anybody asking again', async () => {
    const { clock, health } = virtualHealth();
    const heard = vi.fn();
    const check = vi.fn<CheckFunction>(pass);
    health.on('change', heard).register('background', check, { intervalMs: 1_000 }).register('asked', pass);
    await health.report();
    expect(heard).toHaveBeenCalledTimes(1);
    check.mockImplementation(fail);
    await clock.advance(1_200);
    expect(heard).toHaveBeenCalledTimes(2);
    expect(heard.mock.calls[1]?.[0].after.status).toBe('unhealthy');
    health.register('new', pass); // has no result yet, so there is nothing true to tell
    check.mockImplementation(pass);
    await clock.advance(1_200);
    expect(heard).toHaveBeenCalledTimes(2);
  });

  test('a listener that throws or rejects is contained and logged', async () => {
    const { health, logger } = virtualHealth();
    const after = vi.fn();
    health
      .on('check', () => {
        throw new Error('password=hunter2');
      })
      .on('check', () => Promise.reject(new Error('later')))
      .on('check', after)
      .register('a', pass);
    expect(statuses(await health.report())).toEqual({ a: 'ok' });
    await settle();
    expect(after).toHaveBeenCalledTimes(1);
    expect(logger.lines.join()).toContain('password=***');
    expect(logger.lines.join()).toContain('later');
  });

  test('a group that nobody put a check into is no change, however often it is asked for', async () => {
    const { health } = virtualHealth();
    const heard = vi.fn();
    health.on('change', heard);
    await health.report('misspelt');
    await health.report('misspelt');
    expect(heard).not.toHaveBeenCalled();
    health.register('a', pass, { groups: ['edge'] });
    await health.report('edge');
    health.unregister('a');
    await health.report('edge');
    expect(heard).toHaveBeenCalledTimes(1);
  });

  test('a logger that rejects does not end the process', async () => {
    const broken = () => Promise.reject(new Error('disk full'));
    const { health } = virtualHealth({ logger: { info: broken, warn: broken, error: broken } });
    health.logger.error({}, 'anything');
    await settle();
  });

  test('a logger that throws is contained too', async () => {
    const broken = () => {
      throw new Error('disk full');
    };
    const { health } = virtualHealth({ logger: { info: broken, warn: broken, error: broken } });
    health.on('check', broken).register('a', pass);
    expect(statuses(await health.report())).toEqual({ a: 'ok' });
  });

  test('off removes a listener', async () => {
    const { health } = virtualHealth();
    const heard = vi.fn();
    health.on('check', heard).off('check', heard).register('a', pass);
    health.off('nonsense' as 'check', heard);
    await health.report();
    expect(heard).not.toHaveBeenCalled();
  });

  test('an unknown event and a listener that is none are faults', () => {
    const { health } = virtualHealth();
    const listen = () => health.on('toString' as 'check', 1 as unknown as () => void);
    expect(faultsOf(listen)).toEqual([
      "Expected `event` to be one of 'change', 'check', 'drain', 'close', got `'toString'` (string)",
      'Expected `listener` to be a function, got `1` (number)',
    ]);
  });

  test('without a logger, errors go to standard error', async () => {
    const line = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const warning = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const health = new HealthController();
    health.on('check', () => {
      throw new Error('x');
    });
    health.register('a', { kind: 'process', check: pass, close: () => Promise.reject(new Error('y')) });
    await health.report();
    health.logger.info({}, 'quiet');
    await health.close();
    expect(line.mock.calls[0]?.[0]).toContain('allswell: A listener of the health event `check` threw');
    expect(warning).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
  });
});

suite('configuration faults', () => {
  const register = (name: unknown, checker: unknown, options?: unknown) => {
    const health = new HealthController({ logger: memoryLogger() });
    health.register('taken', pass);
    return faultsOf(() => health.register(name as string, checker as Checker, options as CheckOptions));
  };

  test('every fault of a call is listed in one error', () => {
    const health = new HealthController();
    const faulty = () =>
      health.register(
        '2x',
        {} as Checker,
        { timeoutMs: '5s', maxAgeMs: -1, failOn: 'no', retries: 3 } as unknown as CheckOptions,
      );
    expect(faulty).toThrow(ConfigError);
    expect(faultsOf(faulty)).toEqual([
      "Expected `name` to be a letter, then up to 63 letters, digits, `.`, `_` or `-`, got `'2x'` (string)",
      'Expected `checker` to be a function, or an object with the method `check`, got an empty object',
      'Unknown option `retries`; the options are `failOn`, `groups`, `timeoutMs`, `maxAgeMs`, `intervalMs`, `kind`',
      "Expected `failOn` to be one of 'warning', 'error', 'never', got `'no'` (string)",
      "Expected `timeoutMs` to be a whole number of milliseconds from 1 to 2147483647, got `'5s'` (string)",
      'Expected `maxAgeMs` to be a whole number of milliseconds from 0 to 2147483647, got `-1` (number)',
    ]);
    expect(faulty).toThrow('Cannot register the check `2x`:\n  - Expected `name`');
  });

  test.each([
    [undefined, pass, undefined, /Expected `name`/],
    ['taken', pass, undefined, /name is taken/],
    ['__proto__', pass, undefined, /Expected `name`/],
    ['x'.repeat(65), pass, undefined, /Expected `name`/],
    ['a', undefined, undefined, /Expected `checker`/],
    [
      'a',
      { check: pass },
      undefined,
      /Expected `checker.kind` to be 'process' or 'dependency', got `undefined`/,
    ],
    ['a', { kind: 'x', check: pass }, undefined, /Expected `checker.kind` to be one of/],
    ['a', { ...process, display: 'x' }, undefined, /checker.display/],
    ['a', { ...process, close: 1 }, undefined, /checker.close/],
    ['a', pass, 'fast', /Expected `options` to be an object/],
    ['a', pass, null, /Expected `options` to be an object/],
    ['a', pass, { timeoutMs: 0 }, /Expected `timeoutMs`/],
    ['a', pass, { timeoutMs: 1.5 }, /Expected `timeoutMs`/],
    ['a', pass, { timeoutMs: Number.NaN }, /Expected `timeoutMs`/],
    ['a', pass, { timeoutMs: 801 }, /`timeoutMs` 801 is over the controller's 800/],
    ['a', pass, { timeoutMs: 2 ** 31, intervalMs: 1 }, /Expected `timeoutMs`/],
    ['a', pass, { intervalMs: 0 }, /Expected `intervalMs`/],
    ['a', pass, { kind: 'x' }, /Expected `kind`/],
    ['a', pass, { groups: 'ready' }, /Expected `groups` to be a list/],
    ['a', pass, { groups: ['a b'] }, /Expected `groups` to be a letter/],
    ['a', pass, { groups: [1] }, /Expected `groups` to be a letter/],
    ['a', pass, { groups: ['checks'] }, /cannot be called `checks`/],
    ['a', pass, { groups: ['all'] }, /cannot be called `all`/],
    ['a', pass, { groups: ['live'] }, /A dependency cannot be in the group `live`/],
    ['a', { kind: 'dependency', check: pass }, { groups: ['live'] }, /A dependency cannot be/],
  ])('%s, %o, %o', (name, checker, options, fault) => {
    const faults = register(name, checker, options);
    expect(faults.length).toBe(1);
    expect(faults[0]).toMatch(fault);
  });

  test.each([
    ['constructor', pass, undefined],
    ['a', process, { groups: ['live'] }],
    ['a', pass, { groups: ['live'], kind: 'process' }],
    ['a', pass, { timeoutMs: 5_000, intervalMs: 10_000 }],
    ['a', pass, { timeoutMs: undefined, maxAgeMs: undefined }],
    ['a', pass, { maxAgeMs: 2_147_483_647 }],
  ])('%s, %o, %o is fine', (name, checker, options) => {
    expect(register(name, checker, options)).toEqual([]);
  });

  test('a checker may be an instance of a class', async () => {
    class Custom {
      readonly kind = 'process' as const;
      readonly #status = 'warning' as const;
      check() {
        return { status: this.#status };
      }
      close() {
        if (this.#status !== 'warning') throw new Error('lost this');
      }
    }
    const { health, logger } = virtualHealth();
    health.register('custom', new Custom());
    expect(statuses(await health.report())).toEqual({ custom: 'warning' });
    await health.close();
    expect(logger.lines).toEqual([]);
  });

  test('of the controller are listed likewise', () => {
    const options = { timeoutMs: 0, logger: {}, clock: 1, service: { version: 2, owner: 'x' }, cache: true };
    expect(faultsOf(() => new HealthController(options as never))).toEqual([
      'Unknown option `cache`; the options are `timeoutMs`, `logger`, `clock`, `service`',
      'Expected `timeoutMs` to be a whole number of milliseconds from 1 to 2147483647, got `0` (number)',
      'Expected `logger` to be an object with the methods `info`, `warn`, `error`, got an empty object',
      'Expected `clock` to be an object with the methods `now`, `epochMs`, `setTimeout`, `clearTimeout`, got `1` (number)',
      'Unknown option `owner`; the options are `name`, `version`, `releaseId`, `serviceId`, `description`',
      'Expected `service.version` to be a non-empty string, got `2` (number)',
    ]);
    expect(new HealthController({ timeoutMs: 5_000 }).timeoutMs).toBe(5_000);
    expect(new HealthController().timeoutMs).toBe(800);
  });
});
