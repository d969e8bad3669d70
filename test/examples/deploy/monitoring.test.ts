import { HealthController } from 'allswell';
import { prometheus } from 'allswell/prometheus';
import { describe, expect, test } from 'vitest';
import { LISTEN_DEFAULTS } from '../../../src/adapters/listen-options.ts';
import { DEFAULT_TIMEOUT_MS } from '../../../src/health/controller-options.ts';
import { HTTP_DEFAULTS } from '../../../src/http/options.ts';
import { amount, leavingMs, type Parsed, readDeploy, yaml } from '../../helpers/deploy.ts';

/** What the rules use and a controller with one check alone does not expose. */
const elsewhere = [
  'health_check_gating',
  'health_holds',
  'health_event_loop_stalls_total',
  'health_event_loop_stalled_seconds',
];

/** Every metric that the service exposes, with the series of its histograms. */
async function exposed(): Promise<Set<string>> {
  const health = new HealthController().register('ok', () => undefined);
  const { registry } = prometheus(health);
  await health.report();
  const text = await registry.metrics();
  await health.close();
  const names = [...text.matchAll(/^([a-z_0-9]+)(?:\{| )/gm)].map(([, name]) => name ?? '');
  return new Set([...names, ...elsewhere]);
}

const ofOurs = /\b(?:health|nodejs|process)_[a-z0-9_]+/g;

describe('prometheus/', () => {
  test('scrapes the admin port of every instance within the time that a scrape has', async () => {
    const { global, rule_files: rules, scrape_configs: scrapes } = await yaml('prometheus/prometheus.yml');
    expect(rules).toEqual(['alerts.yml']);
    const [{ metrics_path: path, dns_sd_configs: discovery }] = scrapes;
    expect([path, discovery[0].port]).toEqual([HTTP_DEFAULTS.metricsPath, LISTEN_DEFAULTS.port]);
    const seconds = (text: string) => amount(text, 's');
    expect(1000 * seconds(global.scrape_timeout)).toBeGreaterThan(DEFAULT_TIMEOUT_MS);
    expect(seconds(global.scrape_interval)).toBeGreaterThan(seconds(global.scrape_timeout));
  });

  test('alerts on what the service exposes, and every alert has a unit test', async () => {
    const { rules } = (await yaml('prometheus/alerts.yml')).groups[0];
    const names = rules.map(({ alert }: Parsed) => alert);
    const tested = (await yaml('prometheus/alerts.test.yml')).tests.flatMap((each: Parsed) =>
      each.alert_rule_test.map(({ alertname }: Parsed) => alertname),
    );
    expect([...new Set(tested)].sort()).toEqual(names.toSorted());
    const known = await exposed();
    for (const { expr } of rules) for (const [name] of expr.matchAll(ofOurs)) expect(known).toContain(name);
  });

  test('calls a check slow at half its timeout, and an instance unhealthy after any drain', async () => {
    const { rules } = (await yaml('prometheus/alerts.yml')).groups[0];
    const rule = (name: string) => rules.find(({ alert }: Parsed) => alert === name);
    expect(rule('CheckSlow').expr.trim()).toMatch(new RegExp(`> ${DEFAULT_TIMEOUT_MS / 2 / 1000}$`));
    expect(60 * amount(rule('InstanceUnhealthy').for, 'm')).toBeGreaterThan(leavingMs(13_000) / 1000);
    expect(rule('CheckFailing').for).toBe('5m');
  });
});

describe('grafana/', () => {
  test('shows only what the service exposes, each panel in its place', async () => {
    const { panels, templating } = JSON.parse(await readDeploy('grafana/dashboard.json'));
    const known = await exposed();
    const queries: string[] = [
      ...panels.flatMap(({ targets }: Parsed) => targets.map(({ expr }: Parsed) => expr)),
      ...templating.list.map(({ query }: Parsed) => query.query),
    ];
    for (const query of queries) {
      const names = [...query.matchAll(ofOurs)].map(([name]) => name);
      expect(names, query).not.toEqual([]);
      for (const name of names) expect(known).toContain(name);
    }
    const places = panels.map(({ gridPos: { x, y } }: Parsed) => `${x},${y}`);
    expect(new Set(places).size).toBe(panels.length);
    expect(new Set(panels.map(({ id }: Parsed) => id)).size).toBe(panels.length);
  });

  test('finds Prometheus and the dashboard where compose puts them', async () => {
    const { services } = await yaml('compose.yaml');
    const { datasources } = await yaml('grafana/provisioning/datasources/prometheus.yaml');
    const { providers } = await yaml('grafana/provisioning/dashboards/allswell.yaml');
    const dashboard = JSON.parse(await readDeploy('grafana/dashboard.json'));
    expect(new URL(datasources[0].url).hostname in services).toBe(true);
    expect(dashboard.panels[0].datasource.uid).toBe(datasources[0].uid);
    expect(services.grafana.volumes.join()).toContain(providers[0].options.path);
  });
});
