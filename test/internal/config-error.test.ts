import { expect, describe as suite, test } from 'vitest';
import { ConfigError, isConfigError } from '../../src/internal/config-error.ts';

test('a configuration error lists every issue', () => {
  const one = new ConfigError('Invalid heap() options', ['too small']);
  expect(one).toMatchObject({ name: 'ConfigError', code: 'ERR_CONFIG', issues: ['too small'] });
  expect(one.message).toBe('Invalid heap() options: too small');
  expect(new ConfigError('Invalid heap() options', ['too small', 'too late']).message).toBe(
    'Invalid heap() options:\n  - too small\n  - too late',
  );
});

suite('a configuration error is recognised', () => {
  test('whichever copy of the package threw it', () => {
    expect(isConfigError(new ConfigError('x', ['y']))).toBe(true);
    const foreign = { [Symbol.for('allswell.ConfigError')]: true };
    expect(isConfigError(foreign)).toBe(true);
    expect(isConfigError(Object.assign(() => undefined, foreign))).toBe(true);
  });

  test('and nothing else is', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const other = { [Symbol.for('allswell.ConfigError')]: 'yes' };
    for (const value of [
      undefined,
      null,
      'ConfigError',
      7,
      new Error('x'),
      {},
      () => undefined,
      proxy,
      other,
    ])
      expect(isConfigError(value)).toBe(false);
  });
});
