import { expect, test } from 'vitest';
import { TurnLimit } from '../../src/internal/turn-limit.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const admitted = (limit: TurnLimit, starts: number) =>
  Array.from({ length: starts }, () => limit.admits()).filter(Boolean).length;

test('a thousand are admitted in one turn of the event loop, and as many in the next', async () => {
  const limit = new TurnLimit();
  expect(admitted(limit, 1500)).toBe(1000);
  await turn();
  expect(admitted(limit, 1500)).toBe(1000);
  await turn();
  await turn();
  expect(admitted(limit, 1)).toBe(1);
});

test('starts that are spread over many turns are all admitted', async () => {
  const limit = new TurnLimit();
  for (let i = 0; i < 4; i++) {
    expect(admitted(limit, 600)).toBe(600);
    await turn();
  }
});
