import { expect, describe as suite, test, vi } from 'vitest';
import type { CheckFunction } from '../../src/health/checker.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { fail, pass, process, statuses, virtualHealth, warn } from '../helpers/health.ts';

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
    expect(Object.keys(report.checks).length).toBe(0);
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
    expect(Object.keys(latched.checks).length).toBe(0);
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

  test('waits for a run below failOn: a warning that counts against the group has not passed', async () => {
    const { health } = virtualHealth();
    health.register('memory', warn);
    expect((await health.report('startup')).status).toBe('unhealthy');
    const other = virtualHealth();
    other.health.register('memory', warn, { failOn: 'error' });
    expect((await other.health.report('startup')).status).toBe('healthy');
  });

  test('a check that has passed for another group has passed', async () => {
    const { health } = virtualHealth();
    health.register('a', pass);
    await health.report('ready');
    expect((await health.report('startup')).status).toBe('healthy');
  });

  test('once 200 it stays 200: without any checks too, when one is registered later', async () => {
    const { health } = virtualHealth();
    expect((await health.report('startup')).status).toBe('healthy');
    health.register('a', fail);
    expect((await health.report('startup')).status).toBe('healthy');
  });

  test('that nobody asked for waits for the checks registered meanwhile', async () => {
    const { health } = virtualHealth();
    expect(health.lastReport('startup').status).toBe('healthy');
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

  test('notifies listeners once, when reports already show it', async () => {
    const { health } = virtualHealth();
    const told: string[] = [];
    health.on('drain', () => void health.report('ready').then((report) => told.push(report.status)));
    health.drain();
    health.drain();
    await settle();
    expect(told).toEqual(['unhealthy']);
  });
});
