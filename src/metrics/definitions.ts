import { CHECK_STATUSES } from '../health/result.ts';

interface Metric {
  readonly help: string;
  readonly labelNames: readonly string[];
  /** How the values of a cluster's workers are combined. */
  readonly aggregator: 'sum' | 'min' | 'max' | 'average';
}

/** The metrics: for each its help, its labels, and how the workers of a cluster are combined. */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  health_group_up: {
    help: '0 where the group is unhealthy, 1 otherwise; group "all" is the base path',
    labelNames: ['group'],
    aggregator: 'min',
  },
  health_check_gating: {
    help: '1 where the check makes its groups unhealthy',
    labelNames: ['check'],
    aggregator: 'max',
  },
  health_holds: { help: 'How many holds keep traffic away', labelNames: [], aggregator: 'max' },
  health_check_status: {
    help: '1 for the current status of the check, 0 for the others',
    labelNames: ['check', 'status'],
    aggregator: 'average',
  },
  health_check_consecutive_failures: {
    help: 'Runs in a row that were not ok',
    labelNames: ['check'],
    aggregator: 'max',
  },
  health_check_last_run_timestamp_seconds: {
    help: 'When a run last settled',
    labelNames: ['check'],
    aggregator: 'min',
  },
  health_check_last_success_timestamp_seconds: {
    help: 'When a run was last ok',
    labelNames: ['check'],
    aggregator: 'min',
  },
  health_check_duration_seconds: { help: 'How long runs took', labelNames: ['check'], aggregator: 'sum' },
  health_check_runs_total: {
    help: 'Runs by how they ended',
    labelNames: ['check', 'result'],
    aggregator: 'sum',
  },
  health_event_loop_stalls_total: {
    help: 'How often the event loop was blocked for over a second',
    labelNames: [],
    aggregator: 'sum',
  },
  health_event_loop_stall_seconds: {
    help: 'How long the event loop was blocked each time',
    labelNames: [],
    aggregator: 'sum',
  },
  health_event_loop_stalled_seconds: {
    help: 'How long the event loop has been blocked, 0 while it runs',
    labelNames: [],
    aggregator: 'max',
  },
};
/** The name of a metric, without the prefix. */
export type MetricName =
  | 'health_group_up'
  | 'health_check_gating'
  | 'health_holds'
  | 'health_check_status'
  | 'health_check_consecutive_failures'
  | 'health_check_last_run_timestamp_seconds'
  | 'health_check_last_success_timestamp_seconds'
  | 'health_check_duration_seconds'
  | 'health_check_runs_total'
  | 'health_event_loop_stalls_total'
  | 'health_event_loop_stall_seconds'
  | 'health_event_loop_stalled_seconds';

/** Each of them prints several series. */
const HISTOGRAMS: readonly MetricName[] = [
  'health_check_duration_seconds',
  'health_event_loop_stall_seconds',
];

/**
 * The names that nothing else on the registry may have, each with the metric that prints it: Prometheus would merge what both
 * print into one metric.
 */
export function printedNames(prefix: string, isOpenMetrics: boolean): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const each of Object.keys(METRICS)) {
    const name = prefix + each;
    names.set(name, name);
    // OpenMetrics calls a counter by its name without this ending.
    if (isOpenMetrics && name.endsWith('_total')) names.set(name.slice(0, -'_total'.length), name);
  }
  for (const each of HISTOGRAMS)
    for (const ending of ['_bucket', '_sum', '_count']) names.set(prefix + each + ending, prefix + each);
  return names;
}

/** How a run may end. */
export const RESULTS: readonly string[] = [...CHECK_STATUSES, 'timeout'];
