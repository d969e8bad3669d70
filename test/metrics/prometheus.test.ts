import { AggregatorRegistry, Gauge, type OpenMetricsContentType, Registry } from 'prom-client';
import { expect, describe as suite, test, vi } from 'vitest';
import { HealthController } from '../../src/health/controller.ts';
import { prometheus } from '../../src/metrics/prometheus.ts';
import { memoryLogger, virtualHealth } from '../helpers/health.ts';

const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('health_'));

function openMetrics(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

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
      'health_holds 0',
      'health_check_status{check="database",status="ok"} 0',
      'health_check_status{check="database",status="warning"} 0',
      'health_check_status{check="database",status="error"} 1',
      'health_check_status{check="memory",status="ok"} 1',
      'health_check_status{check="memory",status="warning"} 0',
      'health_check_status{check="memory",status="error"} 0',
      'health_check_status{check="hung",status="ok"} 0',
      'health_check_status{check="hung",status="warning"} 0',
      'health_check_status{check="hung",status="error"} 1',
      'health_check_gating{check="database"} 1',
      'health_check_gating{check="memory"} 0',
      'health_check_gating{check="hung"} 0',
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
      'health_check_runs_total{check="database",result="ok"} 0',
      'health_check_runs_total{check="database",result="warning"} 0',
      'health_check_runs_total{check="database",result="error"} 1',
      'health_check_runs_total{check="database",result="timeout"} 0',
      'health_check_runs_total{check="memory",result="ok"} 1',
      'health_check_runs_total{check="memory",result="warning"} 0',
      'health_check_runs_total{check="memory",result="error"} 0',
      'health_check_runs_total{check="memory",result="timeout"} 0',
      'health_check_runs_total{check="hung",result="ok"} 0',
      'health_check_runs_total{check="hung",result="warning"} 0',
      'health_check_runs_total{check="hung",result="error"} 0',
      'health_check_runs_total{check="hung",result="timeout"} 1',
      'health_event_loop_stalls_total 0',
      'health_event_loop_stall_seconds_sum 0',
      'health_event_loop_stall_seconds_count 0',
      'health_event_loop_stalled_seconds 0',
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

  test('a check that goes takes its series along, and a new one of that name begins at 0', async () => {
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

  test("prom-client's process metrics come only with our own registry", async () => {
    const own = await prometheus(new HealthController()).metrics();
    expect(own).toContain('process_cpu_seconds_total');
    const registry = new Registry();
    const shared = prometheus(new HealthController(), { registry });
    expect(await shared.metrics()).not.toContain('process_cpu');
    expect(shared.registry).toBe(registry);
    expect(shared.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test("on the caller's registry they are present without a call to us", async () => {
    const registry = new Registry();
    const health = new HealthController().register('a', () => undefined);
    prometheus(health, { registry });
    expect(await registry.metrics()).toContain('health_check_runs_total{check="a",result="ok"} 1');
  });

  test.each([
    [{}, undefined, /Expected `health` to be a HealthController/],
    [new HealthController(), { registry: 1 }, /Expected `registry` to be an object with the methods/],
    [new HealthController(), { prefix: '1x' }, /Expected `prefix` to be the beginning of a metric name/],
    [new HealthController(), { prefixes: 'x_' }, /Unknown option `prefixes`/],
  ])('%o, %o is an issue', (health, options, fault) => {
    expect(() => prometheus(health as HealthController, options as never)).toThrow(fault);
  });

  test('a name that is taken is an issue that lists all such names, and nothing is registered', () => {
    const registry = new Registry();
    for (const name of ['health_check_runs_total', 'health_holds'])
      new Gauge({ name, help: 'theirs', registers: [registry] });
    expect(() => prometheus(new HealthController(), { registry })).toThrow(
      'The registry already has `health_holds`, `health_check_runs_total`; give a second controller on it a `prefix`, or its ' +
        'own registry',
    );
    expect(registry.getMetricsAsArray().map(({ name }) => name)).toEqual([
      'health_check_runs_total',
      'health_holds',
    ]);
  });

  test('so is a name that one of our histograms prints, or that OpenMetrics makes of a counter', () => {
    const clash = (name: string, registry: Registry<OpenMetricsContentType> | Registry = new Registry()) => {
      new Gauge({ name, help: 'theirs', registers: [registry as Registry] });
      try {
        prometheus(new HealthController(), { registry, prefix: 'a_' });
        return registry.getMetricsAsArray().length > 1;
      } catch (thrown) {
        expect(registry.getMetricsAsArray()).toHaveLength(1);
        return (thrown as Error).message;
      }
    };
    for (const ending of ['_sum', '_count', '_bucket']) {
      for (const ours of ['a_health_check_duration_seconds', 'a_health_event_loop_stall_seconds'])
        expect(clash(ours + ending)).toContain(`\`${ours}${ending}\` (which \`${ours}\` prints)`);
      expect(clash(`a_health_holds${ending}`)).toBe(true);
    }
    expect(clash('a_health_check_runs', openMetrics())).toContain('which `a_health_check_runs_total` prints');
    expect(clash('a_health_check_runs')).toBe(true);
    expect(clash('a_health_check_runs_total', openMetrics())).toContain('`a_health_check_runs_total`');
  });

  test('a registry of OpenMetrics is printed as such', async () => {
    const registry = openMetrics();
    const health = new HealthController().register('a', () => undefined);
    const metrics = prometheus(health, { registry });
    expect(metrics.contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    for (let scrape = 0; scrape < 2; scrape++) {
      const text = await metrics.metrics();
      expect(text).toMatch(/^# TYPE health_check_runs counter$/m);
      expect(text).toMatch(/^health_check_runs_total\{check="a",result="ok"\} 1$/m);
      expect(text).toMatch(/# EOF\n$/);
    }
  });

  test('default labels of the registry are on every series, under those of ours', async () => {
    const registry = new Registry();
    registry.setDefaultLabels({ app: 'shop', check: 'theirs' });
    const health = new HealthController().register('a', () => undefined);
    const text = await prometheus(health, { registry }).metrics();
    expect(text).toContain('health_check_gating{check="a",app="shop"} 0');
    expect(text).toContain('health_holds{app="shop",check="theirs"} 0');
    for (const line of lines(text)) expect(line.match(/check="/g) ?? []).toHaveLength(1);
    const json = await registry.getMetricsAsJSON();
    const gating = json.find(({ name }) => name === 'health_check_gating');
    expect(gating?.values).toEqual([{ labels: { check: 'a', app: 'shop' }, value: 0 }]);
  });

  test('are merged with those of another registry, and begin at 0 after a reset', async () => {
    const [ours, theirs] = [new Registry(), new Registry()];
    new Gauge({ name: 'theirs', help: 'theirs', registers: [theirs] }).set(7);
    const health = new HealthController().register('a', () => undefined);
    prometheus(health, { registry: ours });
    const merged = Registry.merge([theirs, ours]);
    expect(await merged.metrics()).toMatch(
      /theirs 7[\s\S]*health_check_runs_total\{check="a",result="ok"\} 1/,
    );
    ours.resetMetrics();
    const text = await ours.metrics();
    expect(text).toContain('health_check_runs_total{check="a",result="ok"} 0');
    expect(text).toContain('health_check_runs_total{check="a",result="error"} 0');
    expect(text).toContain('health_group_up{group="all"} 1');
  });

  test('go with a registry that is cleared, which then takes another controller', async () => {
    const registry = new Registry();
    const metrics = prometheus(new HealthController(), { registry });
    registry.clear();
    expect(lines(await metrics.metrics())).toEqual([]);
    prometheus(
      new HealthController().register('b', () => undefined),
      { registry },
    );
    expect(await metrics.metrics()).toContain('health_check_gating{check="b"} 0');
  });

  test('two controllers share a registry under two prefixes', async () => {
    const registry = new Registry();
    for (const prefix of ['a_', 'b:']) {
      const health = new HealthController().register(prefix.charAt(0), () => undefined);
      prometheus(health, { registry, prefix });
    }
    const text = await registry.metrics();
    expect(text).toContain('a_health_check_runs_total{check="a",result="ok"} 1');
    expect(text).toContain('b:health_check_runs_total{check="b",result="ok"} 1');
    expect(() => prometheus(new HealthController(), { registry, prefix: 'a_' })).toThrow(
      '`a_health_group_up`',
    );
  });

  test('holds are counted, and make their groups unhealthy', async () => {
    const { health } = virtualHealth();
    const metrics = prometheus(health, { registry: new Registry() });
    health.hold('one');
    const release = health.hold('two');
    expect(await metrics.metrics()).toMatch(/health_group_up\{group="ready"\} 0[\s\S]*^health_holds 2$/m);
    release();
    expect(await metrics.metrics()).toMatch(/^health_holds 1$/m);
  });

  test('a degraded group is up', async () => {
    const health = new HealthController({ logger: memoryLogger() });
    health.register('a', () => ({ status: 'warning' }), { failOn: 'error' });
    const text = await prometheus(health, { registry: new Registry() }).metrics();
    expect(text).toContain('health_group_up{group="ready"} 1');
    expect(text).toContain('health_check_gating{check="a"} 0');
  });

  test('the workers of a cluster add up', async () => {
    const worker = async (status: 'ok' | 'error') => {
      const registry = new Registry();
      const { health, clock } = virtualHealth();
      await clock.advance(status === 'ok' ? 1000 : 2000);
      health.register('a', () => ({ status }));
      prometheus(health, { registry });
      return registry.getMetricsAsJSON();
    };
    const all = AggregatorRegistry.aggregate([await worker('ok'), await worker('error')]);
    const told = lines(await all.metrics()).filter((line) => !line.includes('_bucket'));
    expect(told).toEqual(
      expect.arrayContaining([
        'health_group_up{group="ready"} 0',
        'health_check_gating{check="a"} 1',
        'health_check_status{check="a",status="ok"} 0.5',
        'health_check_status{check="a",status="warning"} 0',
        'health_check_runs_total{check="a",result="ok"} 1',
        'health_check_runs_total{check="a",result="error"} 1',
        'health_check_duration_seconds_count{check="a"} 2',
        'health_check_consecutive_failures{check="a"} 1',
        'health_check_last_run_timestamp_seconds{check="a"} 946684801',
        'health_holds 0',
      ]),
    );
  });
});
