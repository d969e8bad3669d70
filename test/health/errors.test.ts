import { expect, test } from 'vitest';
import { CheckTimeoutError, isCheckTimeoutError } from '../../src/health/errors.ts';

test('a timeout error names the check and its time limit', () => {
  const error = new CheckTimeoutError('database', 800);
  expect(error).toMatchObject({
    name: 'CheckTimeoutError',
    code: 'ERR_CHECK_TIMEOUT',
    check: 'database',
    timeoutMs: 800,
    message: 'no result within 800 ms',
  });
});

test('a timeout is recognised, whichever copy of the package threw it, and nothing else is', () => {
  expect(isCheckTimeoutError(new CheckTimeoutError('database', 800))).toBe(true);
  expect(isCheckTimeoutError({ [Symbol.for('allswell.CheckTimeoutError')]: true })).toBe(true);
  expect(isCheckTimeoutError(new Error('no result within 800 ms'))).toBe(false);
});
