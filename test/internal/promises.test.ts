import { getEventListeners } from 'node:events';
import { expect, describe as suite, test, vi } from 'vitest';
import { deferred, handleRejection, isThenable, unlessAborted } from '../../src/internal/promises.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

suite('a thenable', () => {
  test('is a promise, or anything with a method `then`', () => {
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    const thenable = { then: () => undefined };
    expect(isThenable(Promise.resolve())).toBe(true);
    expect(isThenable(thenable)).toBe(true);
    expect(isThenable(Object.assign(() => undefined, thenable))).toBe(true);
  });

  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  test.each([undefined, null, 7, 'then', {}, () => undefined, { then: true }])('is not %o', (value) => {
    expect(isThenable(value)).toBe(false);
  });
});

suite('a rejection that nobody awaits', () => {
  test('is handed on, or dropped', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const take = vi.fn();
    handleRejection(Promise.reject(new Error('late')), take);
    handleRejection(Promise.reject(new Error('late')));
    handleRejection(Promise.resolve(1), take);
    handleRejection(7, take);
    await tick();
    process.off('unhandledRejection', unhandled);
    expect(take.mock.calls).toEqual([[new Error('late')]]);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

test('a deferred promise resolves when its `resolve` is called', async () => {
  const { promise, resolve } = deferred<number>();
  resolve(7);
  expect(await promise).toBe(7);
});

suite('a promise that is awaited unless a signal aborts', () => {
  test('settles as itself, and leaves no listener', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('rejects with the reason of a signal that aborts first, or had aborted before', async () => {
    const abort = new AbortController();
    const waiting = unlessAborted(new Promise(() => undefined), abort.signal);
    abort.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
    await expect(unlessAborted(Promise.resolve(7), abort.signal)).rejects.toThrow('over');
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });
});
