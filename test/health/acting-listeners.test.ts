import { expect, describe as suite, test } from 'vitest';
import type { Report } from '../../src/health/report.ts';
import { fail, pass, statuses, virtualHealth } from '../helpers/health.ts';

suite('listeners that act', () => {
  test('one that registers a check while a result is announced does not make startup pass early', async () => {
    const { health } = virtualHealth();
    health.register('a', pass).register('b', pass, { failOn: 'never' });
    health.on('groupChange', ({ after }) => {
      if (after.group === 'all' && !health.has('checks/c')) health.register('c', fail);
    });
    await health.report('checks/a');
    await health.report('checks/b');
    expect((await health.report('startup')).status).toBe('unhealthy');
  });

  test('one that makes a further change receives each change once', async () => {
    const { health } = virtualHealth();
    health.register('a', pass);
    await health.report();
    const shown = (report?: Report) => [report?.group, report?.status, report?.held, report?.draining];
    const changes: [unknown[], unknown[]][] = [];
    health.on('groupChange', ({ before, after }) => {
      changes.push([shown(before), shown(after)]);
      if (changes.length === 1) health.drain();
    });
    health.hold('warming up');
    expect(changes.length).toBeGreaterThan(1);
    for (const [before, after] of changes) expect(after).not.toEqual(before);
  });

  test('a background check that a listener unregisters at once never runs', async () => {
    const { health, clock } = virtualHealth();
    let calls = 0;
    health.on('groupChange', ({ after }) => {
      if (after.checks.b) health.unregister('b');
    });
    health.register('b', () => void calls++, { intervalMs: 1000 });
    await clock.advance(5000);
    expect(calls).toBe(0);
  });

  test('one that asks for a report at each result goes no deeper among a thousand checks', async () => {
    const { health, logger } = virtualHealth();
    let depth = 0;
    let deepest = 0;
    health.on('check', () => {
      depth++;
      deepest = Math.max(deepest, depth);
      void health.report();
      depth--;
    });
    for (let i = 0; i < 1000; i++) health.register(`c${i}`, pass);
    expect(new Set(Object.values(statuses(await health.report())))).toEqual(new Set(['ok']));
    expect(deepest).toBe(1);
    expect(logger.lines).toEqual([]);
  });

  test('one that throws at each run is logged once a minute, with a count', async () => {
    const { health, clock, logger } = virtualHealth();
    health.register('a', pass, { maxAgeMs: 0 }).on('check', fail);
    for (let i = 0; i < 50; i++) await health.report();
    expect(logger.lines).toHaveLength(1);
    await clock.advance(60_000);
    await health.report();
    expect(logger.lines).toHaveLength(2);
    expect(logger.lines[1]).toContain('49 more times');
  });

  test('what they share is frozen, thresholds included', async () => {
    const { health } = virtualHealth();
    let isBad = false;
    const payloads: unknown[] = [];
    health.on('checkChange', (change) => payloads.push(change));
    health.on('groupChange', (change) => payloads.push(change));
    health.register('a', () => (isBad ? fail() : undefined), { failureThreshold: 3, maxAgeMs: 0 });
    await health.report();
    isBad = true;
    const { damping } = (await health.report()).checks.a ?? {};
    expect(damping).toEqual({ runs: 1, of: 3 });
    expect(Object.isFrozen(damping)).toBe(true);
    expect(payloads.length).toBeGreaterThan(2);
    expect(payloads.every((payload) => Object.isFrozen(payload))).toBe(true);
  });
});
