import { expect, test } from 'vitest';
import { stallsOf } from '../../src/health/stalls.ts';
import { prometheus } from '../../src/metrics/prometheus.ts';
import { virtualHealth } from '../helpers/health.ts';

test('stalls are counted and measured, and are 0 before the first', async () => {
  const { health } = virtualHealth();
  const metrics = prometheus(health, { prefix: 'app_' });
  expect(await metrics.metrics()).toMatch(/^app_health_event_loop_stalls_total 0$/m);
  stallsOf(health).add({ durationMs: 3500, sinceMs: 1 });
  const text = await metrics.metrics();
  expect(text).toMatch(/^app_health_event_loop_stalls_total 1$/m);
  expect(text).toMatch(/^app_health_event_loop_stall_seconds_bucket\{le="2.5"\} 0$/m);
  expect(text).toMatch(/^app_health_event_loop_stall_seconds_sum 3.5$/m);
  expect(text).toMatch(/^app_health_event_loop_stalled_seconds 0$/m);
});

test('a stall that two threads have seen is one', () => {
  const { health } = virtualHealth();
  const stalls = stallsOf(health);
  const ends = [stalls.watch(), stalls.watch()];
  expect(stalls.add({ durationMs: 2000, sinceMs: 10_000 })).toBe(true);
  expect(stalls.add({ durationMs: 2100, sinceMs: 9_950 })).toBe(false);
  expect(stalls.add({ durationMs: 2000, sinceMs: 13_000 })).toBe(true);
  for (const end of ends) end();
  expect(stalls.isWatched).toBe(false);
});
