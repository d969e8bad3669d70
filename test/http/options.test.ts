import { expect, describe as suite, test } from 'vitest';
import { HealthController } from '../../src/health/controller.ts';
import { type HttpOptions, httpSettings } from '../../src/http/options.ts';
import { issuesOf } from '../helpers/health.ts';
import { mount } from './mount.ts';

const metrics = { contentType: 'text/plain', metrics: async () => 'up 1' };

suite('options of the mount', () => {
  test.each([200, 201, 299, 400, 429, 500, 599])('degradedStatusCode %i is fine', (degradedStatusCode) => {
    expect(() => mount({ degradedStatusCode })).not.toThrow();
  });

  test.each([0, 100, 199, 204, 205, 300, 304, 399, 600, 200.5, Number.NaN])(
    'degradedStatusCode %d is a fault',
    (degradedStatusCode) => {
      expect(() => mount({ degradedStatusCode })).toThrow(
        'Invalid health endpoint options: Expected `degradedStatusCode`',
      );
    },
  );

  test.each([['x/health'], ['/a b'], ['/a#b'], [7 as never]])('path %j is a fault', (path) => {
    expect(() => mount({ path })).toThrow('Expected `path`');
  });

  test('options that do not exist', () => {
    expect(() => mount(7 as never)).toThrow(
      'Invalid health endpoint options: Expected `options` to be an object',
    );
    expect(() => mount({ details: 7 as never })).toThrow("Expected `details` to be one of 'never', 'always'");
  });

  test('have defaults', () => {
    expect(httpSettings(new HealthController(), undefined)).toEqual({
      routes: { path: '/api/v1/health', paths: {}, metricsPath: undefined, isMetricsPathGiven: false },
      metrics: undefined,
      metricsTimeoutMs: 9000,
      details: 'never',
      degradedStatusCode: 200,
    });
    expect(httpSettings(new HealthController(), { metrics }).routes).toMatchObject({
      metricsPath: '/metrics',
      isMetricsPathGiven: false,
    });
  });

  test('are taken as they are given', () => {
    const given: HttpOptions = {
      path: '/',
      paths: { '/livez': 'live' },
      metrics,
      metricsPath: '/numbers',
      metricsTimeoutMs: 1,
      details: () => true,
      degradedStatusCode: 429,
    };
    expect(httpSettings(new HealthController(), given)).toEqual({
      routes: { path: '/', paths: { '/livez': 'live' }, metricsPath: '/numbers', isMetricsPathGiven: true },
      metrics,
      metricsTimeoutMs: 1,
      details: given.details,
      degradedStatusCode: 429,
    });
    expect(httpSettings(new HealthController(), { metricsPath: '/numbers' }).routes).toMatchObject({
      metricsPath: undefined,
      isMetricsPathGiven: true,
    });
    expect(httpSettings(new HealthController(), { details: 'always' }).details).toBe('always');
  });

  const issues = (options: unknown, health: unknown = new HealthController()) =>
    issuesOf(() => httpSettings(health as HealthController, options as HttpOptions));
  const aPath = 'to be a path such as `/api/v1/health`: a leading slash, none at the end, no query';

  test('every issue is named at once', () => {
    const faulty = {
      path: '//x',
      metricsPath: '/metrics/',
      paths: { livez: 'live', '/readyz': '' },
      metrics: {},
      metricsTimeoutMs: 0,
      details: 'verbose',
      degradedStatusCode: 204,
      basePath: '/x',
    };
    expect(issues(faulty, {})).toEqual([
      'Expected `health` to be a HealthController, got an empty object',
      'Unknown option `basePath`; the options are `path`, `paths`, `metrics`, `metricsPath`, `metricsTimeoutMs`, `details`, `degradedStatusCode`',
      `Expected \`path\` ${aPath}, got \`'//x'\` (string)`,
      `Expected \`metricsPath\` ${aPath}, got \`'/metrics/'\` (string)`,
      `Expected \`paths\` ${aPath}, got \`'livez'\` (string)`,
      "Expected `paths['/readyz']` to be a non-empty string, got `''` (string)",
      'Expected `metrics` to be what `prometheus(health)` returns, or a prom-client registry, got an empty object',
      'Expected `metricsTimeoutMs` to be a whole number of milliseconds from 1 to 2147483647, got `0` (number)',
      "Expected `details` to be one of 'never', 'always', got `'verbose'` (string)",
      'Expected `degradedStatusCode` to be an HTTP code whose answer has a body: 200 to 299 or 400 to 599, not 204 or 205, got `204` (number)',
    ]);
    expect(issues({ metrics: { metrics: async () => '', contentType: 'a\nb' } })).toEqual([
      expect.stringMatching(
        /^Expected `metrics.contentType` to be the `Content-Type` of the metrics, such as `text\/plain; version=0.0.4`, got /,
      ),
    ]);
    expect(issues({ paths: null })).toEqual(['Expected `paths` to be an object, got `null`']);
    expect(issues({ paths: 7 })).toEqual(['Expected `paths` to be an object, got `7` (number)']);
  });

  test.each(['report', 'lastReport', 'history', 'has', 'on', 'off'] as const)(
    'a source of health without `%s` is none',
    (method) => {
      const health = Object.assign(Object.create(new HealthController()), { [method]: undefined });
      expect(issues({}, health)).toEqual([
        expect.stringContaining('Expected `health` to be a HealthController'),
      ]);
    },
  );

  test.each(['/', '/h', '/api/v1/health', '/a.b-c_d~e'])('path %j is fine', (path) => {
    expect(issues({ path })).toEqual([]);
  });

  test('a path serves one thing', () => {
    const twice = (path: string) => [
      `The path \`${path}\` is given twice; each path can serve only one thing`,
    ];
    expect(issues({ paths: { '/api/v1/health': 'live' } })).toEqual(twice('/api/v1/health'));
    expect(issues({ path: '/health', paths: { '/health': 'live' } })).toEqual(twice('/health'));
    expect(issues({ metrics, paths: { '/metrics': 'live' } })).toEqual(twice('/metrics'));
    expect(issues({ metrics, path: '/x', metricsPath: '/x' })).toEqual(twice('/x'));
    expect(issues({ path: '/health', paths: { '/api/v1/health': 'live', '/metrics': 'live' } })).toEqual([]);
    expect(issues({ metrics, metricsPath: '/x', paths: { '/metrics': 'live' } })).toEqual([]);
  });
});
