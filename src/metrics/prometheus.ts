import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  Registry,
} from 'prom-client';
import type { CheckReport, Report } from '../health/report.ts';
import { CHECK_STATUSES } from '../health/result.ts';
import { type HealthSource, SOURCE_METHODS } from '../health/source.ts';
import { hasMethods, Validator } from '../internal/validator.ts';

/** Upper bounds in seconds: from a heap threshold to a dependency that is given up on. */
const DURATION_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** How metrics are made. */
export interface PrometheusOptions {
  /**
   * The registry to put the metrics on. Default: one of our own, with prom-client's process metrics; on the
   * caller's registry those are the caller's business.
   */
  readonly registry?: Registry;
}

/** Metrics of health: give it to `middleware(health, { metrics })`, or scrape `registry` yourself. */
export interface HealthMetrics {
  readonly registry: Registry;
  readonly contentType: string;
  /** The Prometheus text. Uses the cache as a probe does. */
  metrics(): Promise<string>;
}

/**
 * Prometheus metrics of a controller: which groups are up, which status each check has, how long runs take and
 * how they end. A scrape asks for reports as a probe does, so it never runs a check more often than
 * `maxAgeMs` allows.
 *
 * @throws ConfigError if the registry holds health metrics already, or an argument is not what it should be
 */
export function prometheus(health: HealthSource, options?: PrometheusOptions): HealthMetrics {
  const validator = new Validator();
  if (!hasMethods(health, SOURCE_METHODS)) validator.expected('health', 'a HealthController', health);
  const own = validator.options<PrometheusOptions>('options', options, ['registry']);
  validator.methods('registry', own.registry, ['registerMetric', 'getSingleMetric', 'metrics']);
  if (hasMethods(own.registry, ['getSingleMetric']) && own.registry?.getSingleMetric('health_group_up')) {
    validator.add(
      'The registry holds the metrics of a controller already; give each controller a registry of its own',
    );
  }
  validator.throwIfAny('Invalid prometheus() options');
  const registry = own.registry ?? ownRegistry();
  new HealthSeries(health, registry);
  return {
    registry,
    get contentType() {
      return registry.contentType;
    },
    metrics: () => registry.metrics(),
  };
}

function ownRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** What all metrics are made with. */
type Common = Pick<GaugeConfiguration<string>, 'registers'> & { collect: () => Promise<void> };

/** A value with the labels of its series. */
type Series<L extends string> = Awaited<ReturnType<Gauge<L>['get']>>['values'][number];

/**
 * A gauge whose values are read from the reports when it is printed. Setting each series for each scrape costs a
 * sixth of what printing it does, and leaves series of checks that are gone.
 */
class ReadGauge<L extends string> extends Gauge<L> {
  readonly #read: () => Series<L>[];

  constructor(configuration: GaugeConfiguration<L>, read: () => Series<L>[]) {
    super(configuration);
    this.#read = read;
  }

  override async get(): ReturnType<Gauge<L>['get']> {
    // The one of prom-client waits for `collect`.
    const metric = await super.get();
    return { ...metric, values: this.#read() };
  }
}

/** The series of one controller. */
class HealthSeries {
  readonly #health: HealthSource;
  readonly #duration: Histogram<'check'>;
  readonly #runs: Counter<'check' | 'result'>;
  /** The reports of all groups for the present scrape, that of the base path first. */
  #reports: readonly Report[] = [];
  /** Checks that have series, to take those away with the check. */
  #known = new Set<string>();
  #refreshing: Promise<void> | undefined;

  constructor(health: HealthSource, registry: Registry) {
    this.#health = health;
    // prom-client collects its metrics side by side, so each of them has to wait for the reports.
    const collect = () => this.#refresh();
    const common = { registers: [registry], collect };
    this.#addGauges(common);
    this.#duration = new Histogram({
      ...common,
      name: 'health_check_duration_seconds',
      help: 'How long runs took',
      labelNames: ['check'],
      buckets: DURATION_BUCKETS,
    });
    this.#runs = new Counter({
      ...common,
      name: 'health_check_runs_total',
      help: 'Runs by how they ended',
      labelNames: ['check', 'result'],
    });
    health.on('check', (check) => this.#count(check));
  }

  #addGauges(common: Common): void {
    new ReadGauge(
      {
        ...common,
        name: 'health_group_up',
        help: '0 where the group is unhealthy, 1 otherwise; group "all" is the base path',
        labelNames: ['group'],
      },
      () =>
        this.#reports.map(({ group, status }) => ({
          labels: { group },
          value: status === 'unhealthy' ? 0 : 1,
        })),
    );
    new ReadGauge(
      {
        ...common,
        name: 'health_check_status',
        help: '1 on the status that the check has',
        labelNames: ['check', 'status'],
      },
      () => this.#perCheck(addStatus),
    );
    this.#addCheckGauges(common);
  }

  #addCheckGauges(common: Common): void {
    const add = (name: string, help: string, read: (report: CheckReport) => number | undefined) =>
      new ReadGauge({ ...common, name, help, labelNames: ['check'] }, () =>
        this.#perCheck((series, report) => {
          const value = read(report);
          if (value !== undefined) series.push({ labels: { check: report.name }, value });
        }),
      );
    add(
      'health_check_consecutive_failures',
      'Runs in a row that were not ok',
      (report) => report.consecutiveFailures,
    );
    add(
      'health_check_last_run_timestamp_seconds',
      'When a run last settled',
      (report) => report.checkedAtMs / 1000,
    );
    add('health_check_last_success_timestamp_seconds', 'When a run was last ok', (report) =>
      report.lastOkAtMs === undefined ? undefined : report.lastOkAtMs / 1000,
    );
  }

  #perCheck<L extends string>(add: (series: Series<L>[], report: CheckReport) => void): Series<L>[] {
    const series: Series<L>[] = [];
    for (const report of Object.values(this.#reports[0]?.checks ?? {})) add(series, report);
    return series;
  }

  #count(check: CheckReport): void {
    // Not only what a scrape has seen: a check may come and go between two of them.
    this.#known.add(check.name);
    this.#duration.observe({ check: check.name }, check.durationMs / 1000);
    this.#runs.inc({ check: check.name, result: check.timedOut ? 'timeout' : check.status });
  }

  /** One look at the reports for all metrics of a scrape. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#collect().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #collect(): Promise<void> {
    await this.#health.report();
    // Every check has run now if it had to; asking for the other groups would run those anew that are never fresh.
    this.#reports = this.#health.groups.map((group) => this.#health.lastReport(group));
    this.#forgetAllBut(new Set(Object.keys((this.#reports[0] as Report).checks)));
  }

  #forgetAllBut(checks: ReadonlySet<string>): void {
    for (const check of this.#known) if (!checks.has(check)) this.#forget(check);
    this.#known = new Set(checks);
  }

  #forget(check: string): void {
    for (const result of [...CHECK_STATUSES, 'timeout']) this.#runs.remove({ check, result });
    this.#duration.remove({ check });
  }
}

function addStatus(series: Series<'check' | 'status'>[], { name, status }: CheckReport): void {
  for (const each of CHECK_STATUSES)
    series.push({ labels: { check: name, status: each }, value: status === each ? 1 : 0 });
}
