import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { HealthSource } from '../health/source.ts';
import { stallsOf } from '../health/stalls.ts';
import { METRICS, type MetricName } from './definitions.ts';

/** Upper bounds in seconds: a stall counts from 1 s on, and ends in a restart after `stallMs`. */
const STALL_BUCKETS = [1.5, 2.5, 5, 10, 20, 30, 60];

/**
 * The stalls that `listen(health, { thread: true })` detects. Without such a listener the series exist and stay at 0, so that
 * an alert on their absence means a failed scrape.
 */
export function addStallSeries(health: HealthSource, registry: Registry, prefix: string): void {
  const named = (name: MetricName) => {
    const { help, aggregator } = METRICS[name];
    return { registers: [registry], name: prefix + name, help, aggregator };
  };
  const total = new Counter(named('health_event_loop_stalls_total'));
  const seconds = new Histogram({ ...named('health_event_loop_stall_seconds'), buckets: STALL_BUCKETS });
  // The listening thread sets it while it answers for a blocked main thread; a main thread that renders this is not blocked.
  new Gauge(named('health_event_loop_stalled_seconds')).set(0);
  stallsOf(health).onStall(({ durationMs }) => {
    total.inc();
    seconds.observe(durationMs / 1000);
  });
}
