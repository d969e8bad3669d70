import { expect, describe as suite, test, vi } from 'vitest';
import { CheckTimeoutError } from '../../src/health/errors.ts';
import { error, ok, readFailure, readResult } from '../../src/health/result.ts';
import { ConfigError } from '../../src/internal/config-error.ts';
import { describe } from '../../src/internal/describe.ts';
import { defaultLogger, safeLogger } from '../../src/internal/logger.ts';
import { cleanDetails, cleanText, MAX_TEXT_LENGTH, redact } from '../../src/internal/redact.ts';
import { statuses, virtualHealth } from '../helpers/health.ts';

suite('errors and loggers', () => {
  test('errors have names', () => {
    expect(String(new ConfigError('Cannot', ['x']))).toBe('ConfigError: Cannot: x');
    expect(String(new CheckTimeoutError('a', 5))).toBe('CheckTimeoutError: no result within 5 ms');
  });

  test('the default logger says who speaks, and is quiet about good news', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const complain = vi.spyOn(console, 'error').mockReturnValue();
    defaultLogger.info({}, 'fine');
    defaultLogger.warn({ a: 1 }, 'hm');
    defaultLogger.error({ a: 2 }, 'oh');
    expect(warn.mock.calls).toEqual([['allswell: hm', { a: 1 }]]);
    expect(complain.mock.calls).toEqual([['allswell: oh', { a: 2 }]]);
    vi.restoreAllMocks();
  });

  test('a contained logger passes each level on', () => {
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    safeLogger(logger).info({}, 'i');
    safeLogger(logger).warn({}, 'w');
    safeLogger(logger).error({}, 'e');
    for (const level of Object.values(logger)) expect(level).toHaveBeenCalledTimes(1);
  });

  test.each([null, 'x', {}, { info() {} }, { info() {}, warn() {} }])('%j is no logger', (logger) => {
    expect(() => virtualHealth({ logger: logger as never })).toThrow(
      'Invalid HealthController options: Expected `logger` to be an object with the methods `info`, `warn`, `error`',
    );
  });

  test('a function with the methods is one', () => {
    const logger = Object.assign(() => undefined, { info() {}, warn() {}, error() {} });
    expect(() => virtualHealth({ logger })).not.toThrow();
  });
});

suite('options', () => {
  test('each fault names its option', () => {
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

  test('a bare function is a dependency, and says how to be more', () => {
    const { health } = virtualHealth();
    expect(() => health.register('a', () => undefined, { groups: ['live'] })).toThrow(
      "or say `kind: 'process'`",
    );
    expect(() => health.register('a', () => undefined, { groups: ['live'], kind: 'process' })).not.toThrow();
  });
});

suite('reading results and failures', () => {
  test('units and values', () => {
    for (const unit of ['bytes', 'seconds', 'milliseconds', 'ratio', 'count'] as const)
      expect(readResult({ status: 'ok', value: 1, unit })).toEqual({ status: 'ok', value: 1, unit });
    expect(readResult({ status: 'ok', value: '1' as never, details: null as never })).toEqual({
      status: 'ok',
    });
  });

  test('ok() with and without', () => {
    expect(ok()).toEqual({ status: 'ok' });
    expect(ok('fine')).toEqual({ status: 'ok', message: 'fine' });
    expect(ok(undefined, { value: 1 })).toEqual({ status: 'ok', value: 1 });
    expect('message' in ok(undefined, { value: 1 })).toBe(false);
    expect(error('x')).toEqual({ status: 'error', message: 'x' });
  });

  test('codes are words or numbers', () => {
    expect(readFailure(Object.assign(new Error('x'), { code: 7 }))).toEqual(error('x', { code: '7' }));
    expect('code' in readFailure(new Error('x'))).toBe(false);
    expect('code' in readFailure(Object.assign(new Error('x'), { code: {} }))).toBe(false);
    expect(readFailure(null)).toEqual(error('the checker threw `null`'));
  });

  test('a cause is told once', () => {
    expect(readFailure(new Error('outer', { cause: new Error('inner') })).message).toBe('outer: inner');
    expect(readFailure(new Error('outer: inner', { cause: new Error('inner') })).message).toBe(
      'outer: inner',
    );
    expect(readFailure(new Error('outer', { cause: 'inner' })).message).toBe('outer: inner');
    expect(readFailure(new AggregateError([null, new Error('a')])).message).toBe('null; a');
  });

  test('a function with a then is waited for; an object whose then is no function is a result', async () => {
    const { health } = virtualHealth();
    const callable = Object.assign(() => undefined, {
      // biome-ignore lint/suspicious/noThenProperty: a thenable that is a function
      then: (resolve: (value: unknown) => void) => resolve({ status: 'warning' }),
    });
    health.register('callable', () => callable as never);
    // biome-ignore lint/suspicious/noThenProperty: not a thenable
    health.register('plain', () => ({ status: 'ok', then: 1 }) as never);
    expect(statuses(await health.report())).toEqual({ callable: 'warning', plain: 'ok' });
  });
});

suite('where texts are cut', () => {
  test('at their limits, not before', () => {
    expect(describe('x'.repeat(60))).toBe(`\`'${'x'.repeat(60)}'\` (string)`);
    expect(describe('x'.repeat(61))).toBe(`\`'${'x'.repeat(59)}…'\` (string)`);
    expect(cleanText('x'.repeat(MAX_TEXT_LENGTH))).toBe('x'.repeat(MAX_TEXT_LENGTH));
    expect(cleanText('x'.repeat(MAX_TEXT_LENGTH + 1))).toBe(`${'x'.repeat(MAX_TEXT_LENGTH - 1)}…`);
    expect(cleanText(`${'x'.repeat(16_000)} ${'y'.repeat(383)}`)).toContain('x');
    expect(cleanText(' x ')).toBe('x');
    expect(cleanText('\n x \n')).toBe('x');
  });

  test('texts in details are one-liners too', () => {
    expect({ ...cleanDetails({ a: 'x\ny' }) }).toEqual({ a: 'x y' });
  });
});

suite('credentials in odd places', () => {
  test.each([
    ['Bearer   abcd', 'Bearer ***'],
    ['basic abc', 'basic abc'],
    ['bearer "abcd"', 'bearer "abcd"'],
    ['eyJhbGciOi.abc', '***'],
    ['eyJhbGciOi.abc.def', '***'],
    ['eyJhbGciOi.abc.', '***'],
    ['svn+ssh://u@h', 'svn+ssh://***@h'],
    ['x://u:p@h', 'x://***@h'],
    [':secret@cache', '***@cache'],
    ['user@host', 'user@host'],
    ['at 12:30 user@host', 'at 12:30 user@host'],
    ["PASSWORD 'x''y' VALID", "PASSWORD '***' VALID"],
    ['identified by "x y" ok', "identified by '***' ok"],
    ["IDENTIFIED WITH native AS 'x' ok", "IDENTIFIED WITH native AS '***' ok"],
    ["password   'cut off", "password   '***'"],
    ['Headers.set: "a b" is an invalid header value.', 'Headers.set: "***" is an invalid header value.'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test('a long passage without an @ is no credential', () => {
    const text = `a:${'x'.repeat(300)}@h`;
    expect(redact(text)).toBe(text);
  });

  test('the arguments of a command are masked', () => {
    expect({ ...cleanDetails({ args: ['secret'], argsCount: 1 }) }).toEqual({ args: '***', argsCount: 1 });
  });
});
