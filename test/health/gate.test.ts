import { expect, describe as suite, test } from 'vitest';
import { Gate } from '../../src/health/gate.ts';

suite('the gate of a check', () => {
  test('counts failing runs that an overdue run keeps from starting', () => {
    const gate = new Gate('error', 3, 2);
    gate.record('ok', 0);
    expect(gate.damping(5)).toBeUndefined();
    gate.record('error', 0);
    expect(gate.isGating(1)).toBe(false);
    expect(gate.damping(1)).toEqual({ runs: 2, of: 3 });
    expect(gate.isGating(2)).toBe(true);
    gate.record('error', 1);
    expect(gate.isGating(0)).toBe(true);
    gate.record('ok', 0);
    expect(gate.isGating(0)).toBe(true);
    expect(gate.damping(0)).toEqual({ runs: 1, of: 2 });
    gate.record('ok', 0);
    expect(gate.isGating(0)).toBe(false);
    expect(gate.damping(0)).toBeUndefined();
  });

  test('of a check that never gates stays open, however many runs fail or are missed', () => {
    const gate = new Gate('never', 1, 1);
    expect(gate.gatesWithoutResult).toBe(false);
    gate.record('error', 3);
    expect(gate.isGating(5)).toBe(false);
    expect(gate.damping(5)).toBeUndefined();
  });
});
