import { expect, describe as suite, test } from 'vitest';
import type { CheckResult } from '../../src/health/result.ts';
import { pass, virtualHealth } from '../helpers/health.ts';

/** A check that does what the test says next, and the lines that come of it. */
function logged() {
  const world = virtualHealth();
  let result: CheckResult = { status: 'ok' };
  world.health.register('database', () => result);
  const run = async (next: CheckResult, afterMs = 1_000) => {
    result = next;
    await world.clock.advance(afterMs);
    await world.health.report();
    return world.logger.lines.splice(0).map((line) => line.replace(/ \{.*/, ''));
  };
  return { ...world, run };
}

const down: CheckResult = { status: 'error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' };
const ok: CheckResult = { status: 'ok' };

suite('the log of a check', () => {
  test('is one line with the reason when it stops being ok, and one with its duration when it recovers', async () => {
    const { run } = logged();
    expect(await run(ok)).toEqual([]);
    expect(await run(down)).toEqual(['warn Check `database` is failing: connect ECONNREFUSED']);
    expect(await run(down)).toEqual([]);
    expect(await run(down)).toEqual([]);
    expect(await run(ok)).toEqual(['info Check `database` is ok again after 3.0 s']);
    expect(await run(ok)).toEqual([]);
  });

  test('begins with a first run that is not ok', async () => {
    const { run } = logged();
    expect(await run({ status: 'warning', message: 'slow' })).toEqual([
      'warn Check `database` is warning: slow',
    ]);
  });

  test('is one line a minute with a count for a check that flaps, and its last state is never left out', async () => {
    const { run } = logged();
    await run(ok);
    const lines: string[] = [];
    for (let i = 0; i < 150; i++) lines.push(...(await run(i % 2 === 0 ? down : ok)));
    expect(lines.slice(0, 2)).toEqual([
      'warn Check `database` is failing: connect ECONNREFUSED',
      'info Check `database` is ok again after 1.0 s',
    ]);
    expect(lines.length).toBe(4);
    expect(lines[2]).toMatch(/^\w+ Check `database` is .*\(59 more changes since the last line\)$/);
    // It ends on ok, not logged so far: the first run that is a minute after the last line logs it.
    expect(await run(ok, 30_000)).toEqual([]);
    expect(await run(ok, 1_999)).toEqual([]);
    expect(await run(ok, 1_000)).toEqual([
      'info Check `database` is ok again (28 more changes since the last line)',
    ]);
    expect(await run(ok, 60_000)).toEqual([]);
  });

  test('carries the facts of the change', async () => {
    const { clock, health, logger } = virtualHealth();
    const results: CheckResult[] = [down, ok, { status: 'error' }];
    health.register('database', () => results.shift());
    for (let i = 0; i < 3; i++) {
      await health.report();
      await clock.advance(1_500);
    }
    expect(logger.lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))))).toEqual([
      { check: 'database', status: 'error', code: 'ECONNREFUSED', reason: 'connect ECONNREFUSED' },
      { check: 'database', status: 'ok', downMs: 1_500 },
    ]);
  });

  test('starts over after a quiet minute', async () => {
    const { run } = logged();
    await run(ok);
    expect(await run(down)).toHaveLength(1);
    expect(await run(ok)).toHaveLength(1);
    expect(await run(down, 59_999)).toEqual([]);
    expect(await run(ok, 60_000)).toEqual([
      'info Check `database` is ok again after 60.0 s (1 more change since the last line)',
    ]);
    expect(await run(down)).toHaveLength(1);
    expect(await run(ok)).toEqual([]);
  });

  test('holds no credentials', async () => {
    const { health, logger } = virtualHealth();
    health.register('c', () => {
      throw new Error('connect postgres://app:hunter2@db/x');
    });
    await health.report();
    expect(logger.lines.join()).toContain('postgres://***@db/x');
  });
});

suite('a check that comes late', () => {
  test('after ready was answered 200 without any check logs one warning with what to do', async () => {
    const { health, logger } = virtualHealth();
    expect((await health.report('ready')).status).toBe('healthy');
    health.register('a', pass).register('b', pass);
    expect(logger.lines.map((line) => line.slice(0, 4))).toEqual(['warn']);
    expect(logger.lines[0]).toContain(
      '`a` was registered after `ready` had been answered 200 without any check',
    );
    expect(logger.lines[0]).toContain('health.hold(');
    expect(logger.lines[0]).toMatch(/\{"check":"a"\}$/);
  });

  test('logs none if nobody asked, if there were other checks, or if it does not gate', async () => {
    const { health, logger } = virtualHealth();
    health.lastReport('ready');
    health.register('a', pass);
    await health.report('ready');
    health.register('b', pass);
    const other = virtualHealth();
    await other.health.report('ready');
    other.health.register('c', pass, { failOn: 'never' }).register('d', pass, { groups: ['edge'] });
    expect([...logger.lines, ...other.logger.lines]).toEqual([]);
  });

  test('in the background does not make readiness 503 while its first run is under way', async () => {
    const { clock, health } = virtualHealth();
    health.register('a', pass);
    await health.report('ready');
    health.register('late', () => new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 300)), {
      intervalMs: 60_000,
    });
    const answer = health.report('ready');
    await clock.advance(300);
    expect((await answer).status).toBe('healthy');
  });
});
