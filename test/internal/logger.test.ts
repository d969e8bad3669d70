import { expect, describe as suite, test, vi } from 'vitest';
import { CheckTimeoutError } from '../../src/health/errors.ts';
import { ConfigError } from '../../src/internal/config-error.ts';
import { defaultLogger, LimitedLog, redactingLogger, safeLogger } from '../../src/internal/logger.ts';
import { virtualHealth } from '../helpers/health.ts';

suite('errors and loggers', () => {
  test('errors have names', () => {
    expect(String(new ConfigError('Cannot', ['x']))).toBe('ConfigError: Cannot: x');
    expect(String(new CheckTimeoutError('a', 5))).toBe('CheckTimeoutError: no result within 5 ms');
  });

  test('the default logger writes one line for each entry, with the reason where the sentence lacks it', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const complain = vi.spyOn(console, 'error').mockReturnValue();
    defaultLogger.info({}, 'fine');
    defaultLogger.warn({ reason: 'ECONNREFUSED' }, 'hm');
    defaultLogger.error({ reason: 'bad' }, 'it is bad');
    expect(warn.mock.calls).toEqual([['allswell: hm: ECONNREFUSED']]);
    expect(complain.mock.calls).toEqual([['allswell: fine'], ['allswell: it is bad']]);
    vi.restoreAllMocks();
  });

  test('a safe logger passes each level on', () => {
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

  test('a redacting logger cleans the sentence and the strings among the facts, on each level', () => {
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const redacting = redactingLogger(logger, (text) => text.replace('sesame', '***'));
    const facts = { reason: 'not sesame', ms: 7 };
    redacting.info(facts, 'i sesame');
    redacting.warn(facts, 'w');
    redacting.error(facts, 'e');
    expect(logger.info.mock.calls).toEqual([[{ reason: 'not ***', ms: 7 }, 'i ***']]);
    expect(logger.warn.mock.calls).toEqual([[{ reason: 'not ***', ms: 7 }, 'w']]);
    expect(logger.error.mock.calls).toEqual([[{ reason: 'not ***', ms: 7 }, 'e']]);
  });

  test('what clients can cause is written at most once a minute, with the number of those left out', () => {
    let now = 1_000_000;
    const log = new LimitedLog(() => now);
    const lines: string[] = [];
    const write = () => log.write((more) => void lines.push(more));
    write();
    write();
    now += 59_999;
    write();
    expect(lines).toEqual(['']);
    now += 1;
    write();
    now += 60_000;
    write();
    expect(lines).toEqual(['', ' (and 2 more times since the last line)', '']);
  });
});
