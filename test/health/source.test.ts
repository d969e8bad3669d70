import { expect, test } from 'vitest';
import { engineOf, type HealthSource } from '../../src/health/source.ts';
import { never, virtualHealth } from '../helpers/health.ts';

test('a source that never reports is answered for by its last report, within the time for an answer', async () => {
  const { health } = virtualHealth();
  const last = health.lastReport();
  const fake = { report: never, lastReport: () => last } as unknown as HealthSource;
  expect(await engineOf(fake).look('all')).toBe(last);
});

test('a proxy of a controller works through the public methods alone', async () => {
  const { health } = virtualHealth();
  health.register('a', () => undefined);
  const proxy = new Proxy(health, {
    get: (target, key) => {
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  expect(Object.keys((await engineOf(proxy).look('all')).checks)).toEqual(['a']);
});

test('a source that is not a controller of this package has no cache, is never closed and invalidates nothing', async () => {
  const { health } = virtualHealth();
  health.register('a', () => undefined);
  const report = await health.report();
  const engine = engineOf({ report: async () => report } as unknown as HealthSource);
  expect(engine.isClosed()).toBe(false);
  expect(engine.fresh('all')).toBeUndefined();
  expect(engine.freshMs('all')).toBe(0);
  expect(engine.hasPeerChecks).toBe(false);
  expect(await engine.lookForPeer('all')).toBe(report);
  expect(() => engine.onInvalidate(() => undefined)()).not.toThrow();
});
