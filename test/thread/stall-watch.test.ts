import { expect, test } from 'vitest';
import { StallWatch } from '../../src/thread/stall-watch.ts';

function setUp() {
  const told: string[] = [];
  let beat = 0;
  const acts = { onStall: () => undefined as unknown };
  const watch = new StallWatch(() => beat, {
    onStall: (ms) => {
      told.push(`stall of ${ms}`);
      acts.onStall();
    },
    onStalled: (ms) => told.push(`for ${ms}`),
    onEnd: (ms) => told.push(`end ${ms}`),
  });
  const ticks = (count: number) => {
    for (let index = 0; index < count; index++) watch.tick();
  };
  return { watch, told, ticks, acts, turn: () => beat++ };
}

test('a loop that beats now and then is not stalled', () => {
  const { watch, told, ticks, turn } = setUp();
  for (let round = 0; round < 20; round++) {
    ticks(9);
    turn();
  }
  expect([watch.isStalled, watch.silentMs, told]).toEqual([false, 0, []]);
});

test('after a second without a beat it is stalled, which is reported once', () => {
  const { watch, told, ticks } = setUp();
  ticks(9);
  expect([watch.isStalled, watch.silentMs]).toEqual([false, 900]);
  ticks(3);
  expect([watch.isStalled, watch.silentMs]).toEqual([true, 1200]);
  expect(told).toEqual(['stall of 1000', 'for 1000', 'for 1100', 'for 1200']);
});

test('it is over with the first beat, also between two ticks', () => {
  const { watch, told, ticks, turn } = setUp();
  ticks(25);
  turn();
  expect(watch.isStalled).toBe(false);
  ticks(2);
  expect(told.filter((each) => each.startsWith('end'))).toEqual(['end 2500']);
});

test('a second stall is counted separately', () => {
  const { told, ticks, turn } = setUp();
  ticks(10);
  turn();
  ticks(11);
  expect(told).toEqual(['stall of 1000', 'for 1000', 'end 1000', 'stall of 1000', 'for 1000']);
});

test('one that ends just as it is noticed has its length all the same, and no stack is looked for', () => {
  const { watch, told, ticks, acts, turn } = setUp();
  acts.onStall = () => {
    turn();
    return watch.silentMs;
  };
  ticks(10);
  expect(told).toEqual(['stall of 1000', 'end 1000']);
});

test('a wait that is long by the clock and short in ticks is no stall: the whole process was stopped', () => {
  const { watch, ticks } = setUp();
  ticks(1);
  expect(watch.isStalled).toBe(false);
});
