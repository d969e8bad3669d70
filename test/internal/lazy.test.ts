import { expect, test, vi } from 'vitest';
import { lazy } from '../../src/internal/lazy.ts';

test('a lazy value is made once, when it is first needed, even if it is undefined', () => {
  const make = vi.fn((): unknown => undefined);
  const value = lazy(make);
  expect(make).not.toHaveBeenCalled();
  expect([value(), value()]).toEqual([undefined, undefined]);
  expect(make).toHaveBeenCalledTimes(1);
  expect(lazy(() => 7)()).toBe(7);
});
