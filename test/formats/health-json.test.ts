import { describe, expect, it } from 'vitest';
import { healthJson } from '../../src/formats/health-json.ts';
import { error, ok, type Unit, warning } from '../../src/health/result.ts';
import { replyOf } from '../../src/http/reply.ts';
import schema from '../fixtures/health-json.schema.json' with { type: 'json' };
import { virtualHealth } from '../helpers/health.ts';
import { faultsOf } from '../helpers/schema.ts';
import { contextOf, SERVICE, STATES, type State, stage } from '../helpers/stage.ts';

interface Element {
  readonly status: string;
  readonly [key: string]: unknown;
}

interface Body {
  readonly status: string;
  readonly checks: Readonly<Record<string, readonly Element[]>>;
  readonly [key: string]: unknown;
}

async function bodyOf(state: State, details: boolean): Promise<Body> {
  const { report, context } = await stage(state);
  return JSON.parse(healthJson.render(report, details ? context : undefined));
}

const header = (headers: readonly string[], name: string) => headers[headers.indexOf(name) + 1];

describe('application/health+json (draft-inadarei-api-health-check-06)', () => {
  for (const state of STATES)
    for (const details of [false, true])
      it(`matches the schema of the draft when ${state}, ${details ? 'with' : 'without'} details`, async () => {
        expect(faultsOf(schema, await bodyOf(state, details))).toEqual([]);
      });

  it('has the media type application/health+json', () => {
    expect(healthJson.contentType).toBe('application/health+json');
  });

  it('MUST have a status: pass, warn or fail', async () => {
    expect((await bodyOf('healthy', false)).status).toBe('pass');
    expect((await bodyOf('degraded', false)).status).toBe('warn');
    expect((await bodyOf('unhealthy', false)).status).toBe('fail');
    expect((await bodyOf('draining', false)).status).toBe('fail');
  });

  it('MUST answer pass with 2xx or 3xx', async () => {
    const { report } = await stage('healthy');
    expect(replyOf(report, healthJson, 429, '').statusCode).toBe(200);
  });

  it('MUST answer warn with 2xx or 3xx, whatever code degraded has elsewhere', async () => {
    const { report } = await stage('degraded');
    expect(replyOf(report, healthJson, 429, '').statusCode).toBe(200);
  });

  it('MUST answer fail with 4xx or 5xx', async () => {
    for (const state of ['unhealthy', 'draining'] as const) {
      const { report } = await stage(state);
      expect(replyOf(report, healthJson, 200, '').statusCode).toBe(503);
    }
  });

  it('SHOULD give more information on warn: which check it is', async () => {
    expect((await bodyOf('degraded', false)).checks.disk).toEqual([{ status: 'warn' }]);
    expect((await bodyOf('degraded', true)).output).toBe('disk: 91 % of /var is used');
  });

  it('SHOULD omit the root output on pass', async () => {
    expect(await bodyOf('healthy', true)).not.toHaveProperty('output');
    expect((await bodyOf('unhealthy', true)).output).toBe('database: no answer to SELECT 1 within 800 ms');
  });

  it('takes version, releaseId, serviceId and description from the service', async () => {
    const { version, releaseId, serviceId, description } = SERVICE;
    expect(await bodyOf('healthy', true)).toMatchObject({ version, releaseId, serviceId, description });
  });

  it('notes that the service drains', async () => {
    expect((await bodyOf('draining', false)).notes).toEqual(['draining']);
    expect(await bodyOf('unhealthy', true)).not.toHaveProperty('notes');
  });

  it('MUST give every check an array, also for one node', async () => {
    for (const elements of Object.values((await bodyOf('unhealthy', true)).checks))
      expect(elements).toHaveLength(1);
  });

  it('MUST NOT have a colon in the names of components', async () => {
    expect(Object.keys((await bodyOf('healthy', true)).checks)).toEqual([
      'database',
      'memory',
      'disk',
      'uptime',
    ]);
  });

  it('has the same keys with and without details', async () => {
    const keys = async (details: boolean) => Object.keys((await bodyOf('unhealthy', details)).checks);
    expect(await keys(true)).toEqual(await keys(false));
  });

  it('SHOULD state the type of a component: system for checks of the process', async () => {
    const { checks } = await bodyOf('healthy', true);
    expect(checks.memory?.[0]?.componentType).toBe('system');
    expect(checks.database?.[0]?.componentType).toBe('component');
  });

  it('SHOULD have a unit with every observed value, and none without', async () => {
    const units: readonly (readonly [Unit | undefined, string])[] = [
      ['bytes', 'B'],
      ['seconds', 's'],
      ['milliseconds', 'ms'],
      ['ratio', '1'],
      ['count', '1'],
      [undefined, '1'],
    ];
    const { health } = virtualHealth();
    for (const [index, [unit]] of units.entries())
      health.register(`c${index}`, () =>
        ok(undefined, unit === undefined ? { value: 0 } : { value: 0, unit }),
      );
    health.register('none', () => {});
    const body: Body = JSON.parse(healthJson.render(await health.report(), contextOf(health)));
    for (const [index, [, symbol]] of units.entries())
      expect(body.checks[`c${index}`]?.[0]).toMatchObject({ observedValue: 0, observedUnit: symbol });
    expect(body.checks.none?.[0]).not.toHaveProperty('observedUnit');
  });

  it('MUST give times in ISO 8601', async () => {
    expect((await bodyOf('unhealthy', true)).checks.database?.[0]?.time).toBe('2000-01-01T00:00:03.008Z');
  });

  it('SHOULD omit output and affected endpoints of a component on pass', async () => {
    const { health } = virtualHealth();
    health
      .register('a', () => ok('fine'))
      .register('b', () => warning('hm'))
      .register('c', () => error('no'));
    const body: Body = JSON.parse(healthJson.render(await health.report(), contextOf(health)));
    expect(body.checks.a?.[0]).not.toHaveProperty('output');
    expect(body.checks.a?.[0]).not.toHaveProperty('affectedEndpoints');
    expect(body.checks.b?.[0]).toMatchObject({ status: 'warn', output: 'hm' });
    expect(body.checks.c?.[0]).toMatchObject({ status: 'fail', output: 'no' });
  });

  it('SHOULD carry an explicit freshness lifetime: none at all', async () => {
    const { report } = await stage('healthy');
    const { headers } = replyOf(report, healthJson, 200, '');
    expect(header(headers, 'Cache-Control')).toBe('max-age=0, no-store');
  });
});
