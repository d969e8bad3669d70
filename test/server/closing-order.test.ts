import { expect, test } from 'vitest';
import { isKeptOpen, keepOpen } from '../../src/server/closing-order.ts';

test('a server is kept open while anyone wants it, also one of another copy of the package', () => {
  const server = {};
  expect(isKeptOpen(server)).toBe(false);
  const [releaseOne, releaseOther] = [keepOpen(server), keepOpen(server)];
  expect(isKeptOpen(server)).toBe(true);
  releaseOne();
  expect(isKeptOpen(server)).toBe(true);
  releaseOther();
  expect(isKeptOpen(server)).toBe(false);
  expect(isKeptOpen({ [Symbol.for('allswell.closesLast')]: 1 })).toBe(true);
});
