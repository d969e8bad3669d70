import { expect, describe as suite, test, vi } from 'vitest';
import type { CheckFunction } from '../../src/health/checker.ts';
import { HealthController } from '../../src/health/controller.ts';
import { engineOf } from '../../src/health/source.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { fail, issuesOf, pass, statuses, virtualHealth } from '../helpers/health.ts';

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

  test('checkChange comes when the status of a check changes, recovery included', async () => {
    const { clock, health } = virtualHealth();
    const heard = vi.fn();
    const check = vi.fn<CheckFunction>(pass);
    health.on('checkChange', heard).register('a', check);
    const look = async () => {
      await clock.advance(1_000);
      return (await health.report()).checks.a;
    };
    const first = await look();
    expect(heard.mock.calls).toEqual([[{ before: undefined, after: first }]]);
    const second = await look();
    expect(heard).toHaveBeenCalledTimes(1);
    check.mockImplementation(fail);
    const third = await look();
    check.mockImplementation(pass);
    const fourth = await look();
    expect(heard.mock.calls.slice(1)).toEqual([
      [{ before: second, after: third }],
      [{ before: third, after: fourth }],
    ]);
  });

  test('groupChange comes with the reports before and after when the status of a group changes', async () => {
    const { clock, health } = virtualHealth();
    const heard = vi.fn();
    const check = vi.fn<CheckFunction>(pass);
    health.register('a', check, { groups: ['edge'] }).on('groupChange', heard);
    const told = () => {
      const changes = heard.mock.calls.map(
        ([{ before, after }]) => `${after.group}: ${before?.status} → ${after.status}`,
      );
      heard.mockClear();
      return changes;
    };
    await health.report();
    expect(told()).toEqual(['all: unhealthy → healthy', 'edge: unhealthy → healthy']);
    await clock.advance(1_000);
    await health.report();
    expect(told()).toEqual([]);
    check.mockImplementation(fail);
    await clock.advance(1_000);
    const report = await health.report('edge');
    expect(heard.mock.calls[1]?.[0].after.checks.a).toBe(report.checks.a);
    expect(told()).toEqual(['all: healthy → unhealthy', 'edge: healthy → unhealthy']);
  });

  test('groupChange comes when members come or go, and when draining begins', async () => {
    const { health } = virtualHealth();
    const heard = vi.fn();
    health.on('groupChange', heard);
    const told = () => {
      const changes = heard.mock.calls.map(([{ after }]) => `${after.group}: ${Object.keys(after.checks)}`);
      heard.mockClear();
      return changes;
    };
    health.register('a', pass);
    expect(told()).toEqual(['all: a', 'ready: a', 'startup: a']);
    health.register('b', pass, { groups: ['edge'] });
    expect(told()).toEqual(['all: a,b', 'edge: b']);
    health.unregister('a');
    expect(told()).toEqual(['all: b', 'ready: ', 'startup: ']);
    health.unregister('b');
    expect(told()).toEqual(['all: ', 'edge: ']);
    health.drain();
    expect(told()).toEqual(['all: ', 'ready: ']);
  });

  test('a latch of startup is a groupChange, once', async () => {
    const { clock, health } = virtualHealth();
    const told: string[] = [];
    health.register('a', pass);
    health.on('groupChange', ({ after }) => {
      if (after.group === 'startup') told.push(after.status);
    });
    await health.report('ready');
    await clock.advance(5_000);
    await health.report('ready');
    expect(told).toEqual(['healthy']);
  });

  test('events do not depend on probes: each flip of a background check emits one', async () => {
    const { clock, health } = virtualHealth();
    const told = { check: 0, checkChange: 0, groupChange: 0 };
    let runs = 0;
    health.register('flips', () => ({ status: runs++ % 2 === 0 ? 'ok' : 'warning' }), { intervalMs: 1_000 });
    for (const event of ['check', 'checkChange', 'groupChange'] as const)
      health.on(event, () => told[event]++);
    await clock.advance(15_000);
    expect(told.check).toBeGreaterThanOrEqual(13);
    expect(told.checkChange).toBe(told.check);
    // In `all` and `ready`.
    expect(told.groupChange).toBe(2 * told.check);
  });

  test('a scrape, a page and lastReport change nothing that listeners hear', async () => {
    const { clock, health } = virtualHealth();
    const heard = vi.fn();
    health.register('a', pass, { intervalMs: 1_000 }).on('groupChange', heard);
    await clock.advance(500);
    for (const group of health.groups) health.lastReport(group);
    await Promise.all(health.groups.map((group) => health.report(group)));
    expect(heard).not.toHaveBeenCalled();
  });

  test('a listener that removes and adds itself is called once per event', async () => {
    const { health } = virtualHealth();
    let calls = 0;
    const listener = () => {
      calls++;
      if (calls < 1_000) health.off('check', listener).on('check', listener);
    };
    health.on('check', listener).register('a', pass);
    await health.report();
    expect(calls).toBe(1);
  });

  test('a listener that changes what it receives affects nobody else', async () => {
    const { health } = virtualHealth();
    health.on('check', (check) => {
      (check as { checkedAtMs: number }).checkedAtMs = Number.NaN;
    });
    health.register('a', pass);
    const report = await health.report();
    expect(Number.isFinite(report.checks.a?.checkedAtMs)).toBe(true);
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

  test('a group without checks emits no change, however often it is reported', async () => {
    const { health } = virtualHealth();
    const heard = vi.fn();
    health.on('groupChange', heard);
    await health.report('misspelt');
    await health.report('checks/none');
    expect(heard).not.toHaveBeenCalled();
  });

  test('a logger that rejects does not end the process', async () => {
    const broken = () => Promise.reject(new Error('disk full'));
    const { health } = virtualHealth({ logger: { info: broken, warn: broken, error: broken } });
    engineOf(health).logger.error({}, 'anything');
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

  test('an unknown event and a listener that is not a function are issues', () => {
    const { health } = virtualHealth();
    const listen = () => health.on('toString' as 'check', 1 as unknown as () => void);
    expect(issuesOf(listen)).toEqual([
      "Expected `event` to be one of 'check', 'checkChange', 'groupChange', 'drain', 'close', got `'toString'` (string)",
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
    await health.close();
    expect(line.mock.calls[0]?.[0]).toContain(
      'allswell: A listener of the health event `check` failed; the report is unaffected: x',
    );
    expect(warning).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
  });
});

suite('listeners', () => {
  test('are added once, and removed one by one', async () => {
    const { clock, health } = virtualHealth();
    const [one, other] = [vi.fn(), vi.fn()];
    health.register('a', pass).on('check', one).on('check', one).on('check', other);
    const run = async () => {
      await clock.advance(1_000);
      await health.report();
      return [one, other].map((listener) => listener.mock.calls.length);
    };
    expect(await run()).toEqual([1, 1]);
    health.off('check', vi.fn()).off('drain', other).off('check', one);
    expect(await run()).toEqual([1, 2]);
    health.off('check', other).off('check', other);
    expect(await run()).toEqual([1, 2]);
  });

  test('that throw something other than an Error are named in the log', async () => {
    const { health, logger } = virtualHealth();
    health.register('a', pass).on('check', () => {
      throw 7;
    });
    await health.report();
    expect(logger.lines).toEqual([
      'error A listener of the health event `check` failed; the report is unaffected ' +
        '{"event":"check","reason":"the listener threw `7` (number)"}',
    ]);
  });

  test('must be functions, of an event that exists', () => {
    const { health } = virtualHealth();
    expect(() => health.on('checked' as never, 7 as never)).toThrow(
      /^Invalid listener:\n {2}- Expected `event`.*\n {2}- Expected `listener`/,
    );
  });
});
