import { expect, describe as suite, test } from 'vitest';
import { healthJson } from '../../src/formats/health-json.ts';
import { render } from '../../src/formats/page/page.ts';
import { summarise } from '../../src/formats/summary.ts';
import { text } from '../../src/formats/text.ts';
import { issuesOf, pass, process, virtualHealth } from '../helpers/health.ts';
import { contextOf } from '../helpers/stage.ts';

async function held(...reasons: string[]) {
  const world = virtualHealth();
  world.health.register('a', process, { groups: ['live', 'ready', 'edge'] });
  await world.health.report();
  const releases = reasons.map((reason) => world.health.hold(reason));
  return { ...world, releases };
}

suite('a hold', () => {
  test('makes the base path, ready and custom groups 503 until it is released, and leaves live and single checks alone', async () => {
    const { health, releases } = await held('loading the model');
    for (const group of ['all', 'ready', 'edge'])
      expect(await health.report(group)).toMatchObject({
        status: 'unhealthy',
        held: true,
        holds: ['loading the model'],
        checks: { a: { status: 'ok' } },
      });
    for (const group of ['live', 'checks/a'])
      expect(await health.report(group)).toMatchObject({ status: 'healthy', held: false, holds: [] });
    releases[0]?.();
    for (const group of ['all', 'ready', 'edge'])
      expect(await health.report(group)).toMatchObject({ status: 'healthy', held: false, holds: [] });
  });

  test('keeps startup down until that has latched, and no longer', async () => {
    const { health } = virtualHealth();
    const release = health.hold('warming up');
    expect((await health.report('startup')).status).toBe('unhealthy');
    release();
    health.register('a', pass);
    expect((await health.report('startup')).status).toBe('healthy');
    health.hold('maintenance');
    expect(await health.report('startup')).toMatchObject({ status: 'healthy', held: false });
  });

  test('adds up with others, and releasing one twice is harmless', async () => {
    const { health, releases } = await held('one', 'two', 'one');
    expect((await health.report('ready')).holds).toEqual(['one', 'two', 'one']);
    releases[0]?.();
    releases[0]?.();
    expect((await health.report('ready')).holds).toEqual(['two', 'one']);
    releases[1]?.();
    releases[2]?.();
    expect((await health.report('ready')).status).toBe('healthy');
  });

  test('is logged when it comes and when it goes, with how long it lasted', async () => {
    const { clock, health, logger } = virtualHealth();
    await clock.advance(5_000);
    const release = health.hold('loading the model');
    await clock.advance(1_500);
    release();
    release();
    expect(logger.lines).toEqual([
      'info Traffic is held back: loading the model {"reason":"loading the model"}',
      'info A hold was released after 1500 ms: loading the model {"reason":"loading the model","heldMs":1500}',
    ]);
    expect(() => health.hold(' ')).toThrow('Invalid hold: Expected `reason` to be a non-empty string');
  });

  test('is shown at once: no cached report outlives it', async () => {
    const { health, releases } = await held();
    const before = await health.report('ready');
    const release = health.hold('maintenance');
    expect(await health.report('ready')).not.toBe(before);
    release();
    expect((await health.report('ready')).status).toBe('healthy');
    expect(releases).toEqual([]);
  });

  test('is a groupChange of each group that it changes, when it begins and when it ends', async () => {
    const { health } = await held();
    const told: string[] = [];
    health.on('groupChange', ({ before, after }) =>
      told.push(`${after.group} ${before?.held} → ${after.held}`),
    );
    const release = health.hold('maintenance');
    expect(told).toEqual(['all false → true', 'ready false → true', 'edge false → true']);
    release();
    expect(told.slice(3)).toEqual(['all true → false', 'ready true → false', 'edge true → false']);
  });

  test('is logged when it begins and when it ends, with its reason, without credentials', async () => {
    const { clock, health, logger } = await held();
    const release = health.hold('copying from postgres://app:hunter2@db/x');
    await clock.advance(2_500);
    release();
    release();
    expect(logger.lines.map((line) => line.replace(/ \{.*/, ''))).toEqual([
      'info Traffic is held back: copying from postgres://***@db/x',
      'info A hold was released after 2500 ms: copying from postgres://***@db/x',
    ]);
  });

  test('needs a reason', () => {
    const { health } = virtualHealth();
    for (const reason of ['', '  ', undefined, 7])
      expect(issuesOf(() => health.hold(reason as string))).toEqual([
        expect.stringContaining('Expected `reason` to be a non-empty string'),
      ]);
  });
});

suite('a held report shows', () => {
  test('adds a key on the wire, and its reason only with details', async () => {
    const { health } = await held('loading the model');
    const report = await health.report();
    const context = contextOf(health);
    expect(summarise(report)).toBe('{"status":"unhealthy","checks":{"a":"ok"},"held":true}');
    expect(text.render(report, undefined)).toBe('[+]a ok\nhealth check failed, held\n');
    expect(text.render(report, context)).toBe(
      '[+]a ok\n[-]held: loading the model\nhealth check failed, held\n',
    );
    expect(JSON.parse(healthJson.render(report, undefined)).notes).toEqual(['held']);
    expect(JSON.parse(healthJson.render(report, context)).notes).toEqual(['held: loading the model']);
    expect(render(report, undefined)).toContain('Traffic is held back. ');
    expect(render(report, undefined)).not.toContain('loading the model');
    expect(render(report, context)).toContain('Traffic is held back: loading the model. ');
  });

  test('draining in addition', async () => {
    const { health } = await held('loading the model');
    health.drain();
    expect(summarise(await health.report())).toBe(
      '{"status":"unhealthy","checks":{"a":"ok"},"draining":true,"held":true}',
    );
  });
});

test('a hold at start keeps startup unhealthy although its checks pass, and once released it stays healthy', async () => {
  const { health } = virtualHealth();
  const release = health.hold('warming up');
  health.register('a', pass);
  await health.report('startup');
  expect(await health.report('startup')).toMatchObject({ status: 'unhealthy', held: true });
  release();
  expect((await health.report('startup')).status).toBe('healthy');
  health.hold('maintenance');
  expect((await health.report('startup')).status).toBe('healthy');
});
