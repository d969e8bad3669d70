import { expect, describe as suite, test, vi } from 'vitest';
import { worse } from '../../src/health/report.ts';
import { ok } from '../../src/health/result.ts';
import { engineOf } from '../../src/health/source.ts';
import { fail, pass, statuses, virtualHealth, warn } from '../helpers/health.ts';

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
  ] as const)('%s with failOn %s is %s', async (status, failOn, overall) => {
    const { health } = virtualHealth();
    health.register('a', () => ({ status }), { failOn }).register('b', pass);
    expect((await health.report()).status).toBe(overall);
  });

  test('one check that gates outweighs any that do not, in any order', () => {
    const good = { status: 'ok', gating: false } as const;
    const bad = { status: 'error', gating: false } as const;
    const gating = { status: 'ok', gating: true } as const;
    expect(worse('healthy', good)).toBe('healthy');
    expect(worse('healthy', bad)).toBe('degraded');
    expect(worse('degraded', good)).toBe('degraded');
    expect(worse('degraded', gating)).toBe('unhealthy');
    expect(worse('unhealthy', good)).toBe('unhealthy');
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
    expect([...Object.keys(report.checks)]).toEqual(['zeta', 'alpha']);
    expect(report).toMatchObject({
      status: 'degraded',
      group: 'all',
      draining: false,
      service: { name: 'shop', version: '2' },
    });
    expect(report.atMs).toEqual(clock.epochMs());
    expect(report.checks.alpha).toEqual({
      name: 'alpha',
      status: 'error',
      message: 'broken',
      durationMs: 0,
      checkedAtMs: clock.epochMs(),
      sinceMs: clock.epochMs(),
      consecutiveFailures: 1,
      timedOut: false,
      gating: false,
      failOn: 'never',
      groups: ['live'],
      kind: 'process',
      display: 'status',
    });
  });

  test('sinceMs is when the status changed, failures in a row are reset by an ok', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn<() => undefined | { status: 'warning' | 'error' }>(() => undefined);
    health.register('c', check, { maxAgeMs: 0 });
    const look = async () => {
      await clock.advance(10);
      const { sinceMs, lastOkAtMs, consecutiveFailures } = (await health.report()).checks.c ?? {};
      return [sinceMs, lastOkAtMs, consecutiveFailures].map((value) => (value ?? 0) % 1000);
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

  test('are frozen plain data: JSON loses nothing, and no reader changes what another sees', async () => {
    const { health } = virtualHealth({ service: { name: 'shop' } });
    health.register('a', () =>
      ok('fine', { value: 1, unit: 'count', details: { list: [1, { deep: true }] } }),
    );
    health.register('b', fail, { intervalMs: 1_000 });
    const report = await health.report();
    expect(JSON.parse(JSON.stringify(report))).toEqual(structuredClone(report));
    expect(Object.getPrototypeOf(report.checks)).toBeNull();
    const writable: object[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) writable.push(value);
      for (const each of Object.values(value)) visit(each);
    };
    visit(report);
    expect(writable).toEqual([]);
  });

  test('the same report answers until a result is due, a run settles, a check comes or goes, or draining begins', async () => {
    const { clock, health } = virtualHealth();
    health.register('a', pass);
    const first = await health.report();
    expect(engineOf(health).fresh('all')).toBe(first);
    expect(await health.report()).toBe(first);
    health.register('b', pass);
    expect(engineOf(health).fresh('all')).toBeUndefined();
    const second = await health.report();
    await clock.advance(999);
    expect(engineOf(health).fresh('all')).toBe(second);
    await clock.advance(1);
    expect(engineOf(health).fresh('all')).toBeUndefined();
    await health.report();
    health.unregister('b');
    expect(engineOf(health).fresh('all')).toBeUndefined();
    const third = await health.report();
    health.drain();
    expect(engineOf(health).fresh('all')).not.toBe(third);
  });

  test('are synchronous where there is nothing to wait for', () => {
    const { health } = virtualHealth();
    health.register('a', pass);
    const first = engineOf(health).look('all');
    expect(first).not.toBeInstanceOf(Promise);
    expect(engineOf(health).look('all')).toBe(first);
  });

  test('of the last results run nothing, whatever their age, and no event comes from them', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn(pass);
    const heard = vi.fn();
    health.register('a', check);
    for (const event of ['check', 'checkChange', 'groupChange'] as const) health.on(event, heard);
    expect(health.lastReport()).toMatchObject({
      status: 'unhealthy',
      checks: { a: { status: 'error', code: 'ERR_NO_RESULT' } },
    });
    expect([check.mock.calls.length, heard.mock.calls.length]).toEqual([0, 0]);
    await health.report();
    heard.mockClear();
    await clock.advance(3_600_000);
    expect(statuses(health.lastReport('ready'))).toEqual({ a: 'ok' });
    expect([check.mock.calls.length, heard.mock.calls.length]).toEqual([1, 0]);
  });

  test('JSON.stringify shows the checks', async () => {
    const { health } = virtualHealth();
    health.register('a', pass);
    expect(JSON.parse(JSON.stringify(await health.report())).checks.a.status).toBe('ok');
  });

  test('a group without checks is unhealthy: a misspelt name is not mistaken for health', async () => {
    const { health } = virtualHealth();
    expect((await health.report('raedy')).status).toBe('unhealthy');
    expect(health.has('raedy')).toBe(false);
    expect((await health.report('checks/none')).status).toBe('unhealthy');
  });
});
