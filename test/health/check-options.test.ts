import { expect, describe as suite, test } from 'vitest';
import type { Checker, CheckOptions } from '../../src/health/checker.ts';
import { HealthController } from '../../src/health/controller.ts';
import { engineOf } from '../../src/health/source.ts';
import { ConfigError } from '../../src/internal/config-error.ts';
import { issuesOf, memoryLogger, pass, process, statuses, virtualHealth } from '../helpers/health.ts';

suite('configuration faults', () => {
  const register = (name: unknown, checker: unknown, options?: unknown) => {
    const health = new HealthController({ logger: memoryLogger() });
    health.register('taken', pass);
    return issuesOf(() => health.register(name as string, checker as Checker, options as CheckOptions));
  };

  test('every issue of a call is listed in one error', () => {
    const health = new HealthController();
    const faulty = () =>
      health.register(
        '2x',
        {} as Checker,
        { timeoutMs: '5s', maxAgeMs: -1, failOn: 'no', retries: 3 } as unknown as CheckOptions,
      );
    expect(faulty).toThrow(ConfigError);
    expect(issuesOf(faulty)).toEqual([
      "Expected `name` to be a letter, then up to 63 letters, digits, `.`, `_` or `-`, got `'2x'` (string)",
      'Expected `checker` to be a function, or an object with the method `check`, got an empty object',
      'Unknown option `retries`; the options are `failOn`, `groups`, `timeoutMs`, `maxAgeMs`, `intervalMs`, `failureThreshold`, `successThreshold`, `kind`',
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
    ['a', pass, { failureThreshold: 0 }, /Expected `failureThreshold` to be a whole number from 1 to 1000/],
    ['a', pass, { successThreshold: 1.5 }, /Expected `successThreshold`/],
    ['a', { ...process, maxOutstanding: 4 }, undefined, /checker.maxOutstanding/],
    ['a', { ...process, failOn: 'x' }, undefined, /checker.failOn/],
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
    expect(logger.lines.join()).not.toContain('lost this');
  });

  test('of the controller are listed likewise', () => {
    const options = { timeoutMs: 0, logger: {}, clock: 1, service: { version: 2, owner: 'x' }, cache: true };
    expect(issuesOf(() => new HealthController(options as never))).toEqual([
      'Unknown option `cache`; the options are `timeoutMs`, `logger`, `clock`, `service`, `redact`',
      'Expected `timeoutMs` to be a whole number of milliseconds from 1 to 2147483647, got `0` (number)',
      'Expected `logger` to be an object with the methods `info`, `warn`, `error`, got an empty object',
      'Expected `clock` to be an object with the methods `now`, `epochMs`, `setTimeout`, `clearTimeout`, got `1` (number)',
      'Unknown option `owner`; the options are `name`, `version`, `releaseId`, `serviceId`, `description`',
      'Expected `service.version` to be a non-empty string, got `2` (number)',
    ]);
    expect(engineOf(new HealthController({ timeoutMs: 5_000 })).timeoutMs).toBe(5_000);
    expect(engineOf(new HealthController()).timeoutMs).toBe(800);
  });
});
suite('options', () => {
  test('each issue names its option', () => {
    expect(() => virtualHealth({ service: { name: '', version: undefined as never } })).toThrow(
      'Invalid HealthController options: Expected `service.name` to be a non-empty string',
    );
    expect(() => virtualHealth({ service: 7 as never })).toThrow('Expected `service` to be an object');
    const { health } = virtualHealth();
    expect(() =>
      health.register('x', undefined as never, { groups: [7 as never, ['ready'] as never] }),
    ).toThrow(
      /^Cannot register the check `x`:\n {2}- Expected `checker`.*\n {2}- Expected `groups`.*7.*\n {2}- Expected `groups`.*array of 1/,
    );
    expect(() => health.register(7 as never, () => undefined)).toThrow(
      /^Cannot register the check: Expected `name`/,
    );
    expect(() =>
      health.register('x', { kind: 'process', check() {}, display: 'x', close: 7 } as never),
    ).toThrow(/one of 'status', 'value'.*\n.*Expected `checker.close` to be a function/);
  });

  test('a time limit may be the controller’s, and no longer', () => {
    const { health } = virtualHealth({ timeoutMs: 300 });
    expect(() => health.register('a', () => undefined, { timeoutMs: 300 })).not.toThrow();
    expect(() => health.register('b', () => undefined, { timeoutMs: 301 })).toThrow(
      /`timeoutMs` 301 is over the controller's 300.*add `intervalMs` to run the check in the background/,
    );
  });

  test('a bare function is a dependency, and can be registered as another kind', () => {
    const { health } = virtualHealth();
    expect(() => health.register('a', () => undefined, { groups: ['live'] })).toThrow(
      "or set `kind: 'process'`",
    );
    expect(() => health.register('a', () => undefined, { groups: ['live'], kind: 'process' })).not.toThrow();
  });
});
