import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type PrometheusContentType,
  Registry,
  type RegistryContentType,
} from 'prom-client';
import type { CheckReport, Report } from '../health/report.ts';
import { CHECK_STATUSES } from '../health/result.ts';
import { type HealthSource, SOURCE_METHODS } from '../health/source.ts';
import { hasMethods, Validator } from '../internal/validator.ts';
import { METRICS, type MetricName, printedNames, RESULTS } from './definitions.ts';
import { addStallSeries } from './stall-series.ts';

/** Upper bounds in seconds: from a heap threshold to a dependency that times out. */
const DURATION_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** How metrics are made. */
export interface PrometheusOptions<C extends RegistryContentType = PrometheusContentType> {
  /**
   * The registry to put the metrics on, of either content type. Default: one of our own, with prom-client's process
   * metrics; on the caller's registry those are the caller's business.
   */
  readonly registry?: Registry<C>;
  /**
   * The prefix of every name, such as `billing_`: letters, digits, `_` and `:`, no digit first. Two controllers on one
   * registry need different prefixes. Default: none.
   */
  readonly prefix?: string;
}

/** Metrics of health: give it to `middleware(health, { metrics })`, or scrape `registry` yourself. */
export interface HealthMetrics<C extends RegistryContentType = PrometheusContentType> {
  readonly registry: Registry<C>;
  readonly contentType: string;
  /** The metrics in the Prometheus text format. Uses cached results, like a probe. */
  metrics(): Promise<string>;
}

/**
 * Prometheus metrics of a controller: which groups are up, which status each check has, how long runs take and
 * how they end. A scrape gets reports like a probe, so it never runs a check more often than `maxAgeMs` allows.
 *
 * Across the workers of a cluster each series is combined in its own way: a group is up if it is up in all of them.
 *
 * @throws ConfigError if an argument is invalid, or the registry already has a metric with one of these names or one that our
 * histograms print; nothing is registered then
 */
export function prometheus<C extends RegistryContentType = PrometheusContentType>(
  health: HealthSource,
  options?: PrometheusOptions<C>,
): HealthMetrics<C> {
  const validator = new Validator();
  if (!hasMethods(health, SOURCE_METHODS)) validator.expected('health', 'a HealthController', health);
  const own = validator.options<PrometheusOptions<C>>('options', options, ['registry', 'prefix']);
  validator.methods('registry', own.registry, ['registerMetric', 'getSingleMetric', 'metrics']);
  if (
    own.prefix !== undefined &&
    !(typeof own.prefix === 'string' && /^(?:[a-z_:][\w:]*)?$/i.test(own.prefix))
  )
    validator.expected('prefix', 'the beginning of a metric name, such as `billing_`', own.prefix);
  validator.throwIfAny('Invalid prometheus() options');
  const prefix = own.prefix ?? '';
  // The content type only matters to what reads the text.
  const registry = (own.registry ?? ownRegistry()) as Registry;
  if (own.registry !== undefined) checkNames(validator, registry, prefix);
  new HealthSeries(health, registry, prefix);
  addStallSeries(health, registry, prefix);
  return {
    registry: registry as Registry<RegistryContentType> as Registry<C>,
    get contentType() {
      return registry.contentType;
    },
    metrics: () => registry.metrics(),
  };
}

/** Checked before the first one is registered, so that a conflict leaves nothing behind. */
function checkNames(validator: Validator, registry: Registry, prefix: string): void {
  const isOpenMetrics = String(registry.contentType).includes('openmetrics');
  const taken = [...printedNames(prefix, isOpenMetrics)]
    .filter(([name]) => registry.getSingleMetric(name) !== undefined)
    .map(([name, printedBy]) =>
      name === printedBy ? `\`${name}\`` : `\`${name}\` (which \`${printedBy}\` prints)`,
    );
  if (taken.length === 0) return;
  validator.add(
    `The registry already has ${taken.join(', ')}; give a second controller on it a \`prefix\`, or its own registry`,
  );
  validator.throwIfAny('Invalid prometheus() options');
}

function ownRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** What all metrics are created with. */
type Common = (name: MetricName) => (typeof METRICS)[MetricName] & {
  readonly name: string;
  readonly registers: Registry[];
  readonly collect: () => Promise<void>;
};

/** A value with the labels of its series. */
type Series = Awaited<ReturnType<Gauge['get']>>['values'][number];

/**
 * A gauge whose values are read from the reports when it is rendered. Setting every series at each scrape would cost a
 * sixth of the rendering, and leave the series of checks that are gone.
 */
class ReadGauge extends Gauge {
  readonly #read: () => Series[];

  constructor(configuration: GaugeConfiguration<string>, read: () => Series[]) {
    super(configuration);
    this.#read = read;
  }

  override async get(): ReturnType<Gauge['get']> {
    // prom-client's own `get` waits for `collect`.
    const metric = await super.get();
    return { ...metric, values: this.#read() };
  }
}

/** The series of one controller. */
class HealthSeries {
  readonly #health: HealthSource;
  readonly #duration: Histogram;
  readonly #runs: Counter;
  /** The reports of all groups for the current scrape, that of the base path first. */
  #reports: readonly Report[] = [];
  /** Checks that have series, so that these are removed with the check. */
  readonly #known = new Set<string>();
  #refreshing: Promise<void> | undefined;

  constructor(health: HealthSource, registry: Registry, prefix: string) {
    this.#health = health;
    const common: Common = (name) => ({
      ...METRICS[name],
      name: prefix + name,
      registers: [registry],
      // prom-client collects its metrics concurrently, so each of them has to wait for the reports.
      collect: () => this.#refresh(),
    });
    this.#addGroupGauges(common);
    this.#addCheckGauges(common);
    this.#duration = new Histogram({ ...common('health_check_duration_seconds'), buckets: DURATION_BUCKETS });
    this.#runs = new Counter(common('health_check_runs_total'));
    const { reset } = this.#runs;
    // What `registry.resetMetrics()` calls; the next scrape begins the series again.
    this.#runs.reset = () => {
      reset.call(this.#runs);
      this.#known.clear();
    };
    health.on('check', (check) => this.#count(check));
  }

  #addGroupGauges(common: Common): void {
    new ReadGauge(common('health_group_up'), () =>
      this.#reports.map(({ group, status }) => ({
        labels: { group },
        value: status === 'unhealthy' ? 0 : 1,
      })),
    );
    new ReadGauge(common('health_holds'), () => [
      { labels: {}, value: (this.#reports[0] as Report).holds.length },
    ]);
  }

  #addCheckGauges(common: Common): void {
    new ReadGauge(common('health_check_status'), () => this.#perCheck(addStatus));
    const add = (name: MetricName, read: (report: CheckReport) => number | undefined) =>
      new ReadGauge(common(name), () =>
        this.#perCheck((series, report) => {
          const value = read(report);
          if (value !== undefined) series.push({ labels: { check: report.name }, value });
        }),
      );
    add('health_check_gating', ({ gating }) => (gating ? 1 : 0));
    add('health_check_consecutive_failures', ({ consecutiveFailures }) => consecutiveFailures);
    add('health_check_last_run_timestamp_seconds', ({ checkedAtMs }) => checkedAtMs / 1000);
    add('health_check_last_success_timestamp_seconds', ({ lastOkAtMs }) =>
      lastOkAtMs === undefined ? undefined : lastOkAtMs / 1000,
    );
  }

  #perCheck(add: (series: Series[], report: CheckReport) => void): Series[] {
    const series: Series[] = [];
    for (const report of Object.values(this.#reports[0]?.checks ?? {})) add(series, report);
    return series;
  }

  #count(check: CheckReport): void {
    this.#know(check.name);
    this.#duration.observe({ check: check.name }, check.durationMs / 1000);
    this.#runs.inc({ check: check.name, result: check.timedOut ? 'timeout' : check.status });
  }

  /**
   * Creates the series of a check, not only when a scrape sees it, because it may come and go between two scrapes. Counters
   * start at 0, or `rate()` would not see the first failure.
   */
  #know(check: string): void {
    if (this.#known.has(check)) return;
    this.#known.add(check);
    for (const result of RESULTS) this.#runs.inc({ check, result }, 0);
  }

  /** Gets the reports once for all metrics of a scrape. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#collect().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #collect(): Promise<void> {
    await this.#health.report();
    // Every check that had to run has run; reporting the other groups would rerun those that are never fresh.
    this.#reports = this.#health.groups.map((group) => this.#health.lastReport(group));
    this.#follow(new Set(Object.keys((this.#reports[0] as Report).checks)));
  }

  #follow(checks: ReadonlySet<string>): void {
    for (const check of [...this.#known]) if (!checks.has(check)) this.#forget(check);
    for (const check of checks) this.#know(check);
  }

  #forget(check: string): void {
    this.#known.delete(check);
    for (const result of RESULTS) this.#runs.remove({ check, result });
    this.#duration.remove({ check });
  }
}

function addStatus(series: Series[], { name, status }: CheckReport): void {
  for (const each of CHECK_STATUSES)
    series.push({ labels: { check: name, status: each }, value: status === each ? 1 : 0 });
}
