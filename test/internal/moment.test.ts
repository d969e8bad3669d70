import { expect, test, vi } from 'vitest';
import { Moment } from '../../src/internal/moment.ts';
import { VirtualClock } from '../../src/testing/index.ts';

test('a moment reads each clock once, when it is first needed, and not at all where it was read before', () => {
  const clock = new VirtualClock();
  clock.block(1_000);
  const reads = [vi.spyOn(clock, 'now'), vi.spyOn(clock, 'epochMs')];
  const moment = new Moment(clock);
  expect(reads.map((read) => read.mock.calls.length)).toEqual([0, 0]);
  const [now, epochMs] = [moment.now, moment.epochMs];
  clock.block(1_000);
  expect([moment.now, moment.epochMs]).toEqual([now, epochMs]);
  expect(reads.map((read) => read.mock.calls.length)).toEqual([1, 1]);
  expect(new Moment(clock, 7).now).toBe(7);
});
