import { expect, describe as suite, test, vi } from 'vitest';
import { DeadlineTimer, PeriodTimer } from '../../src/health/timers.ts';
import { Moment } from '../../src/internal/moment.ts';
import { type Clock, MAX_TIMER_MS } from '../../src/internal/time.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';

/** A clock that has gone on a while, its timers, and whether they keep the process alive. */
function observed() {
  const clock = new VirtualClock();
  clock.block(5_000);
  const delays: number[] = [];
  let isAlive = true;
  const observedClock: Clock = {
    now: () => clock.now(),
    epochMs: () => clock.epochMs(),
    clearTimeout: (handle) => clock.clearTimeout(handle),
    setTimeout(callback, delayMs) {
      delays.push(delayMs);
      isAlive = true;
      const keep = (value: boolean) => () => {
        isAlive = value;
      };
      return Object.assign(clock.setTimeout(callback, delayMs), { ref: keep(true), unref: keep(false) });
    },
  };
  return { clock, observedClock, delays, isAlive: () => isAlive };
}

suite('a deadline timer', () => {
  const set = (keepsAlive: boolean) => {
    const world = observed();
    const onFire = vi.fn();
    return { ...world, onFire, timer: new DeadlineTimer(world.observedClock, keepsAlive, onFire) };
  };

  test('fires at the deadline, once', async () => {
    const { clock, timer, onFire } = set(true);
    timer.arm(5_800, 5_000);
    await clock.advance(799);
    expect(onFire).not.toHaveBeenCalled();
    await clock.advance(1);
    await clock.advance(10_000);
    expect(onFire).toHaveBeenCalledTimes(1);
  });

  test('keeps running for a later or the same deadline, and is replaced for an earlier one', async () => {
    const { clock, delays, timer, onFire } = set(true);
    timer.arm(5_800, 5_000);
    timer.arm(5_800, 5_000);
    timer.arm(6_000, 5_000);
    expect(delays).toEqual([800]);
    timer.arm(5_300, 5_000);
    expect(delays).toEqual([800, 300]);
    expect(clock.pending).toBe(1);
    await clock.advance(300);
    expect(onFire).toHaveBeenCalledTimes(1);
    timer.arm(5_900, 5_300);
    expect(delays).toEqual([800, 300, 600]);
  });

  test('fires as soon as it can for a deadline that has passed', () => {
    const { delays, timer } = set(true);
    timer.arm(4_000, 5_000);
    expect(delays).toEqual([0]);
  });

  test('keeps the process alive while a deadline is awaited, and only then', () => {
    const { timer, isAlive } = set(true);
    timer.rest();
    timer.arm(5_800, 5_000);
    expect(isAlive()).toBe(true);
    timer.rest();
    expect(isAlive()).toBe(false);
    timer.arm(5_900, 5_000);
    expect(isAlive()).toBe(true);
  });

  test('of a background check never keeps the process alive', () => {
    const { timer, isAlive } = set(false);
    timer.arm(5_800, 5_000);
    expect(isAlive()).toBe(false);
    timer.arm(5_900, 5_000);
    timer.rest();
    expect(isAlive()).toBe(false);
  });

  test('no longer fires once it is stopped', async () => {
    const { clock, timer, onFire } = set(true);
    timer.arm(5_800, 5_000);
    timer.stop();
    timer.stop();
    await clock.advance(1_000);
    expect(onFire).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });
});

suite('a period timer', () => {
  const set = () => {
    const world = observed();
    const onDue = vi.fn();
    return { ...world, onDue, timer: new PeriodTimer(world.observedClock, onDue) };
  };

  test('is due after the given time, which replaces the one before, and keeps nothing alive', async () => {
    const { clock, delays, timer, onDue, isAlive } = set();
    timer.arm(60_000);
    timer.arm(1_000.4);
    expect(delays).toEqual([60_000, 1_000]);
    expect(isAlive()).toBe(false);
    expect(timer).toMatchObject({ dueAt: 6_000, dueAtEpochMs: VirtualClock.EPOCH_MS + 6_000 });
    await clock.advance(100_000);
    expect(onDue).toHaveBeenCalledTimes(1);
  });

  test('is never longer than a timer can be, nor shorter than a millisecond', () => {
    const { delays, timer } = set();
    timer.arm(MAX_TIMER_MS * 2);
    timer.arm(0);
    timer.arm(-7);
    expect(delays).toEqual([MAX_TIMER_MS, 1, 1]);
  });

  test('was missed once either clock is past it', () => {
    const { clock, observedClock, timer } = set();
    const missed = () => timer.wasMissed(new Moment(observedClock));
    expect(missed()).toBe(false);
    timer.arm(1_000);
    clock.block(1_000);
    expect(missed()).toBe(false);
    clock.block(1);
    expect(missed()).toBe(true);
    timer.arm(1_000);
    const wall = vi.spyOn(clock, 'epochMs').mockReturnValue(timer.dueAtEpochMs as number);
    expect(missed()).toBe(false);
    wall.mockReturnValue((timer.dueAtEpochMs as number) + 1);
    expect(missed()).toBe(true);
    wall.mockRestore();
    const monotonic = vi.spyOn(clock, 'now').mockReturnValue(timer.dueAt + 1);
    vi.spyOn(clock, 'epochMs').mockReturnValue(0);
    expect(missed()).toBe(true);
    monotonic.mockRestore();
  });

  test('is no longer due once it is stopped', async () => {
    const { clock, observedClock, timer, onDue } = set();
    timer.arm(1_000);
    timer.stop();
    timer.stop();
    await clock.advance(10_000);
    expect(onDue).not.toHaveBeenCalled();
    expect(timer.wasMissed(new Moment(observedClock))).toBe(false);
    expect(timer.dueAtEpochMs).toBeUndefined();
  });
});
