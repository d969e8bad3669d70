import { expect, describe as suite, test, vi } from 'vitest';
import { Stalls, stallsOf } from '../../src/health/stalls.ts';
import { virtualHealth } from '../helpers/health.ts';

const stall = (sinceMs: number) => ({ durationMs: 1_200, sinceMs });

suite('the stalls of the event loop', () => {
  test('are watched while a thread watches', () => {
    const stalls = new Stalls();
    expect(stalls.isWatched).toBe(false);
    const [endOne, endOther] = [stalls.watch(), stalls.watch()];
    endOne();
    expect(stalls.isWatched).toBe(true);
    endOther();
    expect(stalls.isWatched).toBe(false);
  });

  test('reach every listener, and only the last one is kept', () => {
    const stalls = new Stalls();
    const heard = vi.fn();
    stalls.onStall(heard);
    stalls.watch();
    expect(stalls.last).toBeUndefined();
    for (const sinceMs of [10_000, 10_000, 10_499]) expect(stalls.add(stall(sinceMs))).toBe(true);
    expect(stalls.last).toEqual(stall(10_499));
    expect(heard).toHaveBeenCalledTimes(3);
  });

  test('are counted once where two threads report one, which begins within half a second of the last', () => {
    const stalls = new Stalls();
    const heard = vi.fn();
    stalls.onStall(heard);
    stalls.watch();
    stalls.watch();
    expect(stalls.add(stall(100))).toBe(true);
    expect(stalls.add(stall(599))).toBe(false);
    expect(stalls.add(stall(600))).toBe(true);
    expect(stalls.add(stall(101))).toBe(false);
    expect(heard.mock.calls).toEqual([[stall(100)], [stall(600)]]);
    expect(stalls.last).toEqual(stall(600));
  });

  test('belong to one controller', () => {
    const [{ health }, other] = [virtualHealth(), virtualHealth()];
    expect(stallsOf(health)).toBe(stallsOf(health));
    expect(stallsOf(health)).not.toBe(stallsOf(other.health));
  });
});
