import { expect, test } from 'vitest';
import { isKeptOpen, keepOpen } from '../../src/server/closing-order.ts';

test('a server stays open while anyone keeps it open, even another copy of the package', () => {
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
