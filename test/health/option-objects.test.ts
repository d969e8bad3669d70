import { expect, describe as suite, test } from 'vitest';
import { issuesOf, pass, virtualHealth } from '../helpers/health.ts';

suite('options', () => {
  test('on a polluted prototype are not options', () => {
    const { health } = virtualHealth();
    Object.defineProperty(Object.prototype, 'failOn', { value: 'never', configurable: true });
    try {
      health.register('a', pass, {});
      health.register('b', pass);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'failOn');
    }
    expect(health.lastReport().checks).toMatchObject({ a: { failOn: 'warning' }, b: { failOn: 'warning' } });
  });

  test('that cannot be read are issues among the others', () => {
    const { health } = virtualHealth();
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(issuesOf(() => health.register('a', pass, proxy))).toEqual([
      'Expected `options` to be an object, got an object that cannot be read',
    ]);
    const hostile = {
      get timeoutMs(): number {
        throw new Error('not today');
      },
      maxAgeMs: -1,
    };
    const issues = issuesOf(() => health.register('a', pass, hostile));
    expect(issues[0]).toContain('not today');
    expect(issues).toHaveLength(2);
  });
});
