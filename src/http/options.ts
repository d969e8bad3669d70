import { type HealthSource, SOURCE_METHODS } from '../health/source.ts';
import { hasMethods, Validator } from '../internal/validator.ts';
import type { DetailsPolicy } from './details-policy.ts';
import type { RouteSettings } from './routes.ts';

/** Renders metrics for a scrape: what `prometheus()` returns, or any prom-client registry. */
export interface MetricsSource {
  /** The `Content-Type` of the metrics. */
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** How health is mounted. */
export interface HttpOptions {
  /** The base path, which covers every check. Default `/api/v1/health`. Groups are below it: `<path>/live`. */
  readonly path?: string;
  /** More paths, each with the group it serves, such as `{ '/livez': 'live' }`. Default: none. */
  readonly paths?: Readonly<Record<string, string>>;
  /** What serves `metricsPath`, such as `prometheus(health)`. Default: nothing, and the path is left to the application. */
  readonly metrics?: MetricsSource;
  /** Where Prometheus scrapes. Default `/metrics`. Below the mount point of a router it is served only if set. */
  readonly metricsPath?: string;
  /**
   * How long a scrape may take, in whole milliseconds from 1 to 2147483647; after that it is answered 503. Default 9000,
   * because Prometheus gives up after 10 s.
   */
  readonly metricsTimeoutMs?: number;
  /** Who sees details under `?verbose` and on the page: `'never'` (the default), `'always'`, or a function of the request such as `bearerToken(token)`, which may be async. */
  readonly details?: DetailsPolicy;
  /** The HTTP code of a degraded report: 200 to 299 or 400 to 599, not 204 or 205. Default 200; Consul treats 429 as a warning. */
  readonly degradedStatusCode?: number;
}

/** Defaults for where and how health is mounted. */
export const HTTP_DEFAULTS: Required<Omit<HttpOptions, 'paths' | 'metrics'>> = Object.freeze({
  path: '/api/v1/health',
  metricsPath: '/metrics',
  metricsTimeoutMs: 9000,
  details: 'never',
  degradedStatusCode: 200,
});

/** Options with every default filled in. */
export interface HttpSettings {
  readonly routes: RouteSettings;
  readonly metrics: MetricsSource | undefined;
  readonly metricsTimeoutMs: number;
  readonly details: DetailsPolicy;
  readonly degradedStatusCode: number;
}

/** The names of all options. */
export const HTTP_OPTIONS: readonly (keyof HttpOptions)[] = [
  'path',
  'paths',
  'metrics',
  'metricsPath',
  'metricsTimeoutMs',
  'details',
  'degradedStatusCode',
];
const PATH_EXPECTATION = 'a path such as `/api/v1/health`: a leading slash, none at the end, no query';

const STATUS_EXPECTATION = 'an HTTP code whose answer has a body: 200 to 299 or 400 to 599, not 204 or 205';

/**
 * Fills in the defaults.
 * @throws ConfigError with every issue in controller and options
 */
export function httpSettings(health: HealthSource, options: HttpOptions | undefined): HttpSettings {
  const validator = new Validator();
  if (!hasMethods(health, SOURCE_METHODS)) validator.expected('health', 'a HealthController', health);
  const own = validator.options('options', options, HTTP_OPTIONS);
  validateOptions(validator, own);
  validator.throwIfAny('Invalid health endpoint options');
  const metricsPath = own.metricsPath ?? HTTP_DEFAULTS.metricsPath;
  return {
    routes: {
      path: own.path ?? HTTP_DEFAULTS.path,
      paths: own.paths ?? {},
      metricsPath: own.metrics === undefined ? undefined : metricsPath,
      isMetricsPathGiven: own.metricsPath !== undefined,
    },
    metrics: own.metrics,
    metricsTimeoutMs: own.metricsTimeoutMs ?? HTTP_DEFAULTS.metricsTimeoutMs,
    details: own.details ?? HTTP_DEFAULTS.details,
    degradedStatusCode: own.degradedStatusCode ?? HTTP_DEFAULTS.degradedStatusCode,
  };
}

function validateOptions(validator: Validator, options: HttpOptions): void {
  validatePath(validator, 'path', options.path);
  validatePath(validator, 'metricsPath', options.metricsPath);
  if (options.paths !== undefined) {
    if (typeof options.paths !== 'object' || options.paths === null)
      validator.expected('paths', 'an object', options.paths);
    else
      for (const [path, group] of Object.entries(options.paths)) {
        validatePath(validator, 'paths', path);
        validator.nonEmptyString(`paths['${path}']`, group);
      }
  }
  validateMetrics(validator, options.metrics);
  validator.milliseconds('metricsTimeoutMs', options.metricsTimeoutMs, 1);
  if (typeof options.details !== 'function') validator.oneOf('details', options.details, ['never', 'always']);
  if (options.degradedStatusCode !== undefined && !isAnswerWithBody(options.degradedStatusCode)) {
    validator.expected('degradedStatusCode', STATUS_EXPECTATION, options.degradedStatusCode);
  }
  const taken = [options.path ?? HTTP_DEFAULTS.path, ...Object.keys(options.paths ?? {})];
  if (options.metrics !== undefined) taken.push(options.metricsPath ?? HTTP_DEFAULTS.metricsPath);
  for (const path of new Set(taken)) {
    if (taken.indexOf(path) !== taken.lastIndexOf(path))
      validator.add(`The path \`${path}\` is given twice; each path can serve only one thing`);
  }
}

function validateMetrics(validator: Validator, metrics: MetricsSource | undefined): void {
  if (metrics === undefined) return;
  if (!hasMethods(metrics, ['metrics'])) {
    validator.expected('metrics', 'what `prometheus(health)` returns, or a prom-client registry', metrics);
    return;
  }
  const { contentType } = metrics;
  if (!isContentType(contentType)) {
    validator.expected(
      'metrics.contentType',
      'the `Content-Type` of the metrics, such as `text/plain; version=0.0.4`',
      contentType,
    );
  }
}

/** Returns true for what a `Content-Type` header can carry. */
export function isContentType(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value);
}

function validatePath(validator: Validator, name: string, value: unknown): void {
  if (value === undefined) return;
  const isPath =
    typeof value === 'string' &&
    /^\/[^\s?#]*$/.test(value) &&
    (value === '/' || !value.endsWith('/')) &&
    !value.startsWith('//');
  if (!isPath) validator.expected(name, PATH_EXPECTATION, value);
}

function isAnswerWithBody(code: number): boolean {
  if (!Number.isInteger(code) || code === 204 || code === 205) return false;
  return (code >= 200 && code <= 299) || (code >= 400 && code <= 599);
}
