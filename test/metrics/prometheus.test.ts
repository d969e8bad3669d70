import { Registry } from 'prom-client';
import { expect, describe as suite, test, vi } from 'vitest';
import { HealthController } from '../../src/health/controller.ts';
import { prometheus } from '../../src/metrics/prometheus.ts';
import { virtualHealth } from '../helpers/health.ts';

const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('health_'));

suite('metrics of health', () => {
  test('are these, from the same results as the report', async () => {
    const { clock, health } = virtualHealth();
    const registry = new Registry();
    const metrics = prometheus(health, { registry });
    health
      .register('database', () => ({ status: 'error' }), { groups: ['ready', 'edge'] })
      .register('memory', () => undefined, { failOn: 'never' })
      .register('hung', () => new Promise(() => undefined), { failOn: 'never' });
    const scrape = metrics.metrics();
    await clock.advance(800);
    const text = await scrape;
    expect(lines(text).filter((line) => !line.includes('_bucket'))).toEqual([
      'health_group_up{group="all"} 0',
      'health_group_up{group="live"} 1',
      'health_group_up{group="ready"} 0',
      'health_group_up{group="startup"} 0',
      'health_group_up{group="edge"} 0',
      'health_check_status{check="database",status="ok"} 0',
      'health_check_status{check="database",status="warning"} 0',
      'health_check_status{check="database",status="error"} 1',
      'health_check_status{check="memory",status="ok"} 1',
      'health_check_status{check="memory",status="warning"} 0',
      'health_check_status{check="memory",status="error"} 0',
      'health_check_status{check="hung",status="ok"} 0',
      'health_check_status{check="hung",status="warning"} 0',
      'health_check_status{check="hung",status="error"} 1',
      'health_check_consecutive_failures{check="database"} 1',
      'health_check_consecutive_failures{check="memory"} 0',
      'health_check_consecutive_failures{check="hung"} 1',
      'health_check_last_run_timestamp_seconds{check="database"} 946684800',
      'health_check_last_run_timestamp_seconds{check="memory"} 946684800',
      'health_check_last_run_timestamp_seconds{check="hung"} 946684800.8',
      'health_check_last_success_timestamp_seconds{check="memory"} 946684800',
      'health_check_duration_seconds_sum{check="database"} 0',
      'health_check_duration_seconds_count{check="database"} 1',
      'health_check_duration_seconds_sum{check="memory"} 0',
      'health_check_duration_seconds_count{check="memory"} 1',
      'health_check_duration_seconds_sum{check="hung"} 0.8',
      'health_check_duration_seconds_count{check="hung"} 1',
      'health_check_runs_total{check="database",result="error"} 1',
      'health_check_runs_total{check="memory",result="ok"} 1',
      'health_check_runs_total{check="hung",result="timeout"} 1',
    ]);
    expect(text).toContain('# TYPE health_check_duration_seconds histogram');
    expect(text).toContain('# TYPE health_check_runs_total counter');
  });

  test('a scrape runs a check once, however many groups it is in and however soon its result is old', async () => {
    const { health } = virtualHealth();
    const check = vi.fn(() => undefined);
    health.register('a', check, { maxAgeMs: 0, groups: ['ready', 'edge', 'startup'] });
    const metrics = prometheus(health, { registry: new Registry() });
    expect(await metrics.metrics()).toContain('health_group_up{group="edge"} 1');
    expect(check).toHaveBeenCalledTimes(1);
  });

  test('a scrape runs no check that is fresh', async () => {
    const { health } = virtualHealth();
    const check = vi.fn(() => undefined);
    const metrics = prometheus(health, { registry: new Registry() });
    health.register('a', check);
    await health.report();
    await Promise.all([metrics.metrics(), metrics.metrics()]);
    expect(check).toHaveBeenCalledTimes(1);
  });

  test('a check that goes takes its series along, and a new one of that name starts anew', async () => {
    const { health } = virtualHealth();
    const metrics = prometheus(health, { registry: new Registry() });
    health.register('gone', () => undefined, { groups: ['edge'] });
    await metrics.metrics();
    health.unregister('gone');
    expect(await metrics.metrics()).not.toMatch(/gone|edge/);
    health.register('gone', () => undefined);
    expect(await metrics.metrics()).toContain('health_check_runs_total{check="gone",result="ok"} 1');
  });

  test('so does one that was never scraped', async () => {
    const { health } = virtualHealth();
    const metrics = prometheus(health, { registry: new Registry() });
    health.register('brief', () => undefined);
    await health.report();
    health.unregister('brief');
    expect(await metrics.metrics()).not.toContain('brief');
  });

  test("prom-client's process metrics come with a registry of our own only", async () => {
    const own = await prometheus(new HealthController()).metrics();
    expect(own).toContain('process_cpu_seconds_total');
    const registry = new Registry();
    const shared = prometheus(new HealthController(), { registry });
    expect(await shared.metrics()).not.toContain('process_cpu');
    expect(shared.registry).toBe(registry);
    expect(shared.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test("on the caller's registry they are there without us being asked", async () => {
    const registry = new Registry();
    const health = new HealthController().register('a', () => undefined);
    prometheus(health, { registry });
    expect(await registry.metrics()).toContain('health_check_runs_total{check="a",result="ok"} 1');
  });

  test.each([
    [{}, undefined, /Expected `health` to be a HealthController/],
    [new HealthController(), { registry: 1 }, /Expected `registry` to be an object with the methods/],
    [new HealthController(), { prefix: 'x_' }, /Unknown option `prefix`/],
  ])('%o, %o is a fault', (health, options, fault) => {
    expect(() => prometheus(health as HealthController, options as never)).toThrow(fault);
  });

  test('two on one registry are a fault', () => {
    const registry = new Registry();
    prometheus(new HealthController(), { registry });
    expect(() => prometheus(new HealthController(), { registry })).toThrow(
      'holds the metrics of a controller already',
    );
  });
});
