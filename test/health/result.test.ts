import { expect, describe as suite, test } from 'vitest';
import { error, ok, readFailure, readResult, warning } from '../../src/health/result.ts';
import { statuses, virtualHealth } from '../helpers/health.ts';

suite('what a checker may return', () => {
  test('nothing is ok', () => {
    expect(readResult(undefined)).toEqual({ status: 'ok' });
  });

  test('an object with a valid status is that, field by field', () => {
    const result = readResult({
      status: 'warning',
      message: 'slow',
      code: 'SLOW',
      value: 3,
      unit: 'seconds',
      details: { lag: 3 },
      other: 1,
    });
    expect(result).toEqual({
      status: 'warning',
      message: 'slow',
      code: 'SLOW',
      value: 3,
      unit: 'seconds',
      details: { lag: 3 },
    });
  });

  test('the helpers make results', () => {
    expect(ok()).toEqual({ status: 'ok' });
    expect(ok('fine')).toEqual({ status: 'ok', message: 'fine' });
    expect(ok(undefined, { value: 1, unit: 'count' })).toEqual({ status: 'ok', value: 1, unit: 'count' });
    expect(warning('w', { code: 'W' })).toEqual({ status: 'warning', message: 'w', code: 'W' });
    expect(error('e')).toEqual({ status: 'error', message: 'e' });
  });

  test.each([
    [false, '`false` (boolean)'],
    [true, '`true` (boolean)'],
    [null, '`null`'],
    ['ok', "`'ok'` (string)"],
    [10n, '`10n` (bigint)'],
    [Symbol('s'), '`Symbol(s)` (symbol)'],
    [() => undefined, 'a function'],
    [function named() {}, 'the function `named`'],
    [[1, 2], 'an object with `0`, `1` and no `status`'],
    [{}, 'an object and no `status`'],
    [{ status: 'banana' }, "`status` `'banana'` (string)"],
    [{ status: 1 }, '`status` `1` (number)'],
    [{ state: 'ok' }, 'an object with `state` and no `status`'],
  ])('%s is an error that names what was returned', (returned, found) => {
    const result = readResult(returned);
    expect(result.status).toBe('error');
    expect(result.message).toContain('Expected the checker to return nothing or');
    expect(result.message).toContain(Array.isArray(returned) ? 'an array of 2' : found);
  });

  test('a getter that throws is an error', () => {
    const hostile = {
      get status(): string {
        throw new Error('no status today');
      },
    };
    expect(readResult(hostile)).toEqual({
      status: 'error',
      message: "the checker's result cannot be read: no status today",
    });
  });

  test('a proxy that throws on every trap is an error', () => {
    const trap = () => {
      throw new Error('trapped');
    };
    const hostile = new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap });
    expect(readResult(hostile).status).toBe('error');
    expect(readFailure(hostile).status).toBe('error');
  });

  test('each field is read once', () => {
    let reads = 0;
    const counting = {
      get status() {
        reads++;
        return reads === 1 ? 'ok' : 'error';
      },
    };
    expect(readResult(counting).status).toBe('ok');
    expect(reads).toBe(1);
  });

  test('optional fields of the wrong type are left out, and the status stands', () => {
    const odd = { status: 'ok', message: 1, code: {}, value: Number.NaN, unit: 'bytes', details: 'x' };
    expect(readResult(odd)).toEqual({ status: 'ok' });
    expect(readResult({ status: 'ok', value: 1, unit: 'furlongs', code: 42 })).toEqual({
      status: 'ok',
      value: 1,
      code: '42',
    });
  });

  test('the result is a copy: what the checker changes later does not show', () => {
    const mine = { status: 'ok', details: { list: [1] } };
    const result = readResult(mine);
    mine.details.list.push(2);
    mine.status = 'error';
    expect(result).toEqual({ status: 'ok', details: { list: [1] } });
  });
});

suite('what a checker may throw', () => {
  test('an Error gives its message and code', () => {
    const thrown = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    expect(readFailure(thrown)).toEqual({
      status: 'error',
      message: 'connect ECONNREFUSED 127.0.0.1:5432',
      code: 'ECONNREFUSED',
    });
  });

  test.each([
    [undefined, 'the checker threw `undefined`'],
    [null, 'the checker threw `null`'],
    ['text', "the checker threw `'text'` (string)"],
    [Object.freeze({ a: 1 }), 'the checker threw an object'],
  ])('%s is shown as it is', (thrown, message) => {
    expect(readFailure(thrown)).toEqual({ status: 'error', message });
  });

  test('an error whose message getter throws is contained', () => {
    const hostile = new Error('x');
    Object.defineProperty(hostile, 'message', {
      get() {
        throw new Error('again');
      },
    });
    expect(readFailure(hostile).message).toBe('the checker threw an error that cannot be read');
  });

  test('the reasons of an AggregateError are listed, since its own message is empty', () => {
    const thrown = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused'), 'odd']);
    expect(readFailure(thrown).message).toBe('::1 refused; 127.0.0.1 refused; odd');
  });

  test('an error without a message gives its name', () => {
    expect(readFailure(new TypeError()).message).toBe('TypeError');
  });

  test('a cause that says more is appended', () => {
    const thrown = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:80') });
    expect(readFailure(thrown).message).toBe('fetch failed: connect ECONNREFUSED 127.0.0.1:80');
    const repeated = new Error('outer: inner', { cause: new Error('inner') });
    expect(readFailure(repeated).message).toBe('outer: inner');
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

  test('a cause is named once', () => {
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
