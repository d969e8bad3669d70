import { describe, expect, it } from 'vitest';
import type { DetailCheck, DetailReport } from '../../src/formats/detail-report.ts';
import { json } from '../../src/formats/json.ts';
import schema from '../../src/formats/report.schema.json' with { type: 'json' };
import type { CheckerKind, FailOn } from '../../src/health/checker.ts';
import type { ReportStatus, ServiceInfo } from '../../src/health/report.ts';
import { type CheckStatus, error, ok, type Unit } from '../../src/health/result.ts';
import { virtualHealth } from '../helpers/health.ts';
import { faultsOf } from '../helpers/schema.ts';
import { contextOf, STATES, stage } from '../helpers/stage.ts';

async function detailOf(health: Parameters<typeof contextOf>[0], group?: string): Promise<DetailReport> {
  const context = contextOf(health);
  return JSON.parse(json.render(health.lastReport(group), context));
}

describe('the detail JSON', () => {
  for (const state of STATES)
    it(`matches its schema when ${state}`, async () => {
      const { report, context } = await stage(state);
      expect(faultsOf(schema, JSON.parse(json.render(report, context)))).toEqual([]);
    });

  it('matches its schema for every group, before any result, after closing and with everything a checker can give', async () => {
    const { clock, health } = virtualHealth();
    health
      .register('never', () => new Promise(() => {}), { intervalMs: 5000, kind: 'process', groups: ['live'] })
      .register('full', () =>
        error('m', { code: 'C', value: -1.5, unit: 'seconds', details: { a: [1, { b: null }] } }),
      )
      .register('bare', () => ok(undefined, { value: 3 }), { failOn: 'never' });
    for (const name of ['full', 'bare']) await health.report(`checks/${name}`);
    for (const group of [...health.groups, 'checks/never', 'nonsense'])
      expect(faultsOf(schema, await detailOf(health, group))).toEqual([]);
    await clock.advance(60_000);
    expect(faultsOf(schema, await detailOf(health))).toEqual([]);
    const closing = health.close();
    await clock.advance(1000);
    await closing;
    expect(faultsOf(schema, await detailOf(health))).toEqual([]);
  });

  it('shows the age of the report, which is never below zero', async () => {
    const { health } = virtualHealth();
    const report = await health.report();
    const context = contextOf(health);
    expect(JSON.parse(json.render(report, context)).ageMs).toBe(400);
    expect(JSON.parse(json.render(report, { ...context, nowMs: 0 })).ageMs).toBe(0);
  });

  it('shows when a background check runs next, and nothing of the kind for the others', async () => {
    const { report, context } = await stage('healthy');
    const { checks } = JSON.parse(json.render(report, context)) as DetailReport;
    expect(checks.disk?.intervalMs).toBe(30_000);
    expect(checks.disk?.nextRunAt).toMatch(/^2000-01-01T00:00:(2[7-9]|3[0-3])/);
    expect(checks.database).not.toHaveProperty('intervalMs');
    expect(checks.database).not.toHaveProperty('nextRunAt');
  });
});

type RequiredKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? never : K }[keyof T];
type OptionalKeys<T> = Exclude<keyof T, RequiredKeys<T>>;

/** The compiler holds these against the types, and the tests hold the schema against these. */
const TYPES = {
  report: {
    status: true,
    group: true,
    draining: true,
    at: true,
    ageMs: true,
    service: true,
    checks: true,
  } satisfies Record<RequiredKeys<DetailReport>, true>,
  reportOptional: { held: true, holds: true, lastStall: true, stalled: true } satisfies Record<
    OptionalKeys<DetailReport>,
    true
  >,
  check: {
    required: {
      status: true,
      durationMs: true,
      checkedAt: true,
      since: true,
      consecutiveFailures: true,
      timedOut: true,
      kind: true,
      groups: true,
      failOn: true,
    } satisfies Record<RequiredKeys<DetailCheck>, true>,
    optional: {
      message: true,
      code: true,
      value: true,
      unit: true,
      details: true,
      lastOkAt: true,
      intervalMs: true,
      nextRunAt: true,
      gating: true,
      damping: true,
    } satisfies Record<OptionalKeys<DetailCheck>, true>,
  },
  service: {
    name: true,
    version: true,
    releaseId: true,
    serviceId: true,
    description: true,
  } satisfies Record<keyof ServiceInfo, true>,
  reportStatus: { healthy: true, degraded: true, unhealthy: true } satisfies Record<ReportStatus, true>,
  checkStatus: { ok: true, warning: true, error: true } satisfies Record<CheckStatus, true>,
  unit: { bytes: true, seconds: true, milliseconds: true, ratio: true, count: true } satisfies Record<
    Unit,
    true
  >,
  kind: { process: true, dependency: true } satisfies Record<CheckerKind, true>,
  failOn: { warning: true, error: true, never: true } satisfies Record<FailOn, true>,
};

describe('the schema says what the types say', () => {
  const { check } = schema.$defs;
  const keys = (object: object) => Object.keys(object).sort();

  it('of a report', () => {
    expect(keys(schema.properties)).toEqual(keys({ ...TYPES.report, ...TYPES.reportOptional }));
    expect([...schema.required].sort()).toEqual(keys(TYPES.report));
    expect(keys(schema.properties.service.properties)).toEqual(keys(TYPES.service));
  });

  it('of a check', () => {
    expect(keys(check.properties)).toEqual(keys({ ...TYPES.check.required, ...TYPES.check.optional }));
    expect([...check.required].sort()).toEqual(keys(TYPES.check.required));
  });

  it('of every closed list of words', () => {
    expect(schema.properties.status.enum).toEqual(Object.keys(TYPES.reportStatus));
    expect(check.properties.status.enum).toEqual(Object.keys(TYPES.checkStatus));
    expect(check.properties.unit.enum).toEqual(Object.keys(TYPES.unit));
    expect(check.properties.kind.enum).toEqual(Object.keys(TYPES.kind));
    expect(check.properties.failOn.enum).toEqual(Object.keys(TYPES.failOn));
  });

  it('and refuses what they refuse', () => {
    expect(faultsOf(schema, { status: 'banana' })).not.toEqual([]);
  });
});
