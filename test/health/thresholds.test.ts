import fc from 'fast-check';
import { expect, describe as suite, test } from 'vitest';
import { text } from '../../src/formats/text.ts';
import { type FailOn, reaches } from '../../src/health/checker.ts';
import { Gate } from '../../src/health/gate.ts';
import type { CheckStatus } from '../../src/health/result.ts';
import { statusCodeOf } from '../../src/http/reply.ts';
import { never, statuses, virtualHealth } from '../helpers/health.ts';
import { contextOf } from '../helpers/stage.ts';

/** A check that does what the test says next. */
function scripted(options: { failureThreshold?: number; successThreshold?: number; failOn?: FailOn }) {
  const world = virtualHealth();
  let status: CheckStatus = 'ok';
  world.health.register('c', () => ({ status, message: 'as told' }), options);
  const run = async (next: CheckStatus) => {
    status = next;
    await world.clock.advance(1_000);
    const report = await world.health.report();
    return [report.status, report.checks.c?.status];
  };
  return { ...world, run };
}

suite('failureThreshold', () => {
  test('damps the gating, never the status shown', async () => {
    const { run } = scripted({ failureThreshold: 3 });
    expect(await run('ok')).toEqual(['healthy', 'ok']);
    expect(await run('error')).toEqual(['degraded', 'error']);
    expect(await run('warning')).toEqual(['degraded', 'warning']);
    expect(await run('error')).toEqual(['unhealthy', 'error']);
    expect(await run('error')).toEqual(['unhealthy', 'error']);
    expect(await run('ok')).toEqual(['healthy', 'ok']);
  });

  test('counts failures in a row: one good run resets the count', async () => {
    const { run } = scripted({ failureThreshold: 2 });
    await run('ok');
    for (let i = 0; i < 3; i++) {
      expect(await run('error')).toEqual(['degraded', 'error']);
      expect(await run('ok')).toEqual(['healthy', 'ok']);
    }
  });

  test('does not apply before the first good run, and startup waits for that', async () => {
    const { health, run } = scripted({ failureThreshold: 5 });
    expect(await run('error')).toEqual(['unhealthy', 'error']);
    expect((await health.report('startup')).status).toBe('unhealthy');
    expect(await run('ok')).toEqual(['healthy', 'ok']);
    expect((await health.report('startup')).status).toBe('healthy');
    expect(await run('error')).toEqual(['degraded', 'error']);
  });

  test('a hung check gates after as many due times, not never', async () => {
    const { clock, health } = virtualHealth();
    let isHanging = false;
    health.register('c', () => (isHanging ? never() : undefined), {
      failureThreshold: 5,
      timeoutMs: 100,
      maxAgeMs: 200,
    });
    await health.report();
    isHanging = true;
    await clock.advance(200);
    void health.report();
    const seen: [number, string, number | undefined][] = [];
    const begun = clock.now();
    while (clock.now() < begun + 3_000) {
      await clock.advance(50);
      const { status, checks } = health.lastReport();
      if (seen.at(-1)?.[1] !== status)
        seen.push([clock.now() - begun, status, checks.c?.consecutiveFailures]);
    }
    // Out of time after 100 ms; a fresh run would have been due 200, 400, 600 and 800 ms later.
    expect(seen).toEqual([
      [50, 'healthy', 0],
      [100, 'degraded', 1],
      [900, 'unhealthy', 5],
    ]);
  });

  test('a missing or too old result gates at once', async () => {
    const { clock, health } = virtualHealth();
    health.register('c', () => undefined, { failureThreshold: 9, intervalMs: 60_000, maxAgeMs: 1_000 });
    expect(health.lastReport().status).toBe('healthy');
    await clock.advance(2_000);
    expect(health.lastReport()).toMatchObject({
      status: 'unhealthy',
      checks: { c: { code: 'ERR_CHECK_STALE' } },
    });
  });
});

suite('successThreshold', () => {
  test('keeps a gating check out until it was good this many times in a row', async () => {
    const { run } = scripted({ successThreshold: 2 });
    expect(await run('ok')).toEqual(['healthy', 'ok']);
    expect(await run('error')).toEqual(['unhealthy', 'error']);
    expect(await run('ok')).toEqual(['unhealthy', 'ok']);
    expect(await run('error')).toEqual(['unhealthy', 'error']);
    expect(await run('ok')).toEqual(['unhealthy', 'ok']);
    expect(await run('ok')).toEqual(['healthy', 'ok']);
  });
});

test('with details, it shows how many runs it takes until it counts', async () => {
  const { health, run } = scripted({ failureThreshold: 3, successThreshold: 2 });
  await run('ok');
  expect(health.lastReport().checks.c).not.toHaveProperty('damping');
  await run('error');
  expect(text.render(health.lastReport(), contextOf(health))).toContain(
    '[-]c failed (1 of 3 before it counts): as told\n',
  );
  expect(text.render(health.lastReport(), undefined)).toContain('[-]c failed: reason withheld\n');
  await run('error');
  await run('error');
  await run('ok');
  expect(health.lastReport().checks.c).toMatchObject({ gating: true, damping: { runs: 1, of: 2 } });
});

test('groupChange comes when gating changes, not before', async () => {
  const { health, run } = scripted({ failureThreshold: 2 });
  const told: string[] = [];
  await run('ok');
  health.on('groupChange', ({ after }) => told.push(`${after.group} ${after.status}`));
  await run('error');
  expect(told).toEqual(['all degraded', 'ready degraded']);
  await run('error');
  expect(told.slice(2)).toEqual(['all unhealthy', 'ready unhealthy']);
});

test('counters are truly consecutive, and the HTTP code is a function of the report alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<CheckStatus>('ok', 'warning', 'error'), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom<FailOn>('warning', 'error', 'never'),
      async (results, failureThreshold, successThreshold, failOn) => {
        const world = scripted({ failureThreshold, successThreshold, failOn });
        const seen: boolean[] = [];
        let isGating = true;
        for (const status of results) {
          await world.run(status);
          const report = await world.health.report();
          seen.push(reaches(status, failOn));
          const inARow = seen.length - 1 - seen.lastIndexOf(!seen.at(-1));
          if (!seen.includes(false)) isGating = failOn !== 'never';
          else if (seen.filter((each) => !each).length === 1 && !seen.at(-1)) isGating = false;
          else if (seen.at(-1)) isGating ||= inARow >= failureThreshold;
          else if (inARow >= successThreshold) isGating = false;
          expect(report.checks.c?.gating).toBe(isGating);
          expect(statusCodeOf(report, 200)).toBe(isGating ? 503 : 200);
          expect(statuses(report)).toEqual({ c: status });
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('failures that an overdue run prevented stay counted when the next one occurs', () => {
  const gate = new Gate('warning', 5, 1);
  gate.record('ok', 0);
  gate.record('error', 0);
  expect(gate.isGating(3)).toBe(false);
  expect(gate.isGating(4)).toBe(true);
  gate.record('error', 3);
  expect(gate.isGating(0)).toBe(true);
});
