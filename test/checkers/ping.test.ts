import { expect, describe as suite, test, vi } from 'vitest';
import { ping } from '../../src/checkers/ping.ts';
import { gate, virtualHealth } from '../helpers/health.ts';
import { begin, resultOf } from '../helpers/run.ts';

suite('ping()', () => {
  test.each([[undefined], [0], [false], [null], ['no'], [{ status: 'error' }], [[]]])(
    'is ok whatever is returned, such as %j',
    async (value) => {
      expect(await resultOf(ping(() => value))).toEqual({ status: 'ok' });
      expect(await resultOf(ping(async () => value))).toEqual({ status: 'ok' });
    },
  );

  test('is an error with the message and code of what is thrown', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const expected = { status: 'error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' };
    expect(await resultOf(ping(() => Promise.reject(refused)))).toEqual(expected);
    expect(
      await resultOf(
        ping(() => {
          throw refused;
        }),
      ),
    ).toEqual(expected);
  });

  test('gives the run the context of the check', async () => {
    const run = vi.fn();
    await resultOf(ping(run));
    expect(run.mock.calls[0]?.[0]).toMatchObject({ timeoutMs: 800, signal: expect.any(AbortSignal) });
  });

  test('starts nothing when the signal is aborted already', async () => {
    const run = vi.fn();
    const signal = AbortSignal.abort(new Error('over'));
    const checker = ping(run);
    const context = { name: 'x', timeoutMs: 1, signal, setTimeoutMessage: () => undefined };
    await expect(checker.check(context)).rejects.toThrow('over');
    expect(run).not.toHaveBeenCalled();
  });

  test('cancels with what the run returned, and ends with it', async () => {
    const answer = gate();
    const cancel = vi.fn((query: Promise<undefined>) => void query);
    const run = begin(ping(() => answer.promise, { cancel }));
    run.abort();
    expect(cancel.mock.calls).toEqual([[answer.promise]]);
    answer.fail(new Error('canceled on request'));
    expect(await run.result).toMatchObject({ status: 'error', message: 'canceled on request' });
  });

  test('cancels where the run itself ends its check', async () => {
    const { health } = virtualHealth();
    const cancel = vi.fn();
    const query = new Promise(() => undefined);
    const run = () => {
      health.unregister('shard');
      return query;
    };
    health.register('shard', ping(run, { cancel }));
    await health.report();
    expect(cancel.mock.calls).toEqual([[query]]);
  });

  test('cancels nothing that has ended', async () => {
    const cancel = vi.fn();
    const run = begin(ping(() => 1, { cancel }));
    await run.result;
    run.abort();
    expect(cancel).not.toHaveBeenCalled();
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('no such query');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('no such query'))],
    [
      'throws what is no error',
      () => {
        throw 7;
      },
      '`cancel` threw `7` (number)',
    ],
  ])('survives a cancel that %s', async (_, cancel, reason = 'no such query') => {
    const run = begin(ping(() => new Promise(() => undefined), { cancel }));
    run.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect(run.timeoutMessage()).toBe(`no result within 800 ms, and cancelling failed: ${reason}`);
  });

  test('leaves the message of a timeout alone where nothing can be cancelled', async () => {
    const run = begin(ping(() => new Promise(() => undefined)));
    run.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect(run.timeoutMessage()).toBe('');
  });

  test('holds one connection at most, unless it is allowed more', () => {
    expect(ping(() => undefined)).toMatchObject({ kind: 'dependency', maxOutstanding: 1 });
    expect(ping(() => undefined, { maxOutstanding: 3 }).maxOutstanding).toBe(3);
  });

  test('names every issue at once', () => {
    expect(() => ping(1 as never, { cancel: 2, maxOutstanding: 9, x: 1 } as never)).toThrow(
      /^Invalid ping\(\) options:\n {2}- Expected `run` to be a function.*\n {2}- Unknown option `x`.*\n {2}- Expected `cancel`.*\n {2}- Expected `maxOutstanding` to be a whole number from 1 to 3, got `9`/,
    );
    expect(() => ping(() => 1, 7 as never)).toThrow('Expected `options` to be an object, got `7` (number)');
  });
});
