import { describe, expect, test } from 'vitest';
import { type Answer, askUntil, running, type ThreadedService } from '../helpers/threaded.ts';

/** How long the loop is blocked: long enough for the 1 s until a stall counts, the stack and a stale `ready`. */
const BLOCK_MS = 4000;

/** Ten times what an answer takes on a busy machine of two cores, and a quarter of kubelet's patience. */
const SOON_MS = 250;

/** Blocks the loop and asks for `live` every 50 ms until it turns again. */
async function block(service: ThreadedService, how: string, ms = BLOCK_MS): Promise<Answer[]> {
  const from = service.output().length;
  service.tell(`block ${how} ${ms}`);
  await service.says(new RegExp(`blocking ${how}`));
  const turning = service.says(new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*turning`));
  return askUntil(turning, 50, () => service.ask('/livez'));
}

function expectAlive(answers: readonly Answer[]): void {
  expect(answers.length).toBeGreaterThan(BLOCK_MS / 50 / 4);
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  const slow = answers.filter(({ ms }) => ms >= SOON_MS);
  expect(
    slow.map(({ ms }) => Math.round(ms)),
    `of ${answers.length}`,
  ).toEqual([]);
}

describe('an event loop that is blocked', () => {
  // On a machine that is too busy for an answer in 250 ms the stack is not to be had; what is named must be right.
  test.each([
    ['loop', /blocked for \d\.\d s in (?:native code, no stack available|tightLoop \()/],
    ['regex', /blocked for \d\.\d s in (?:native code, no stack available|matchBadly \()/],
    ['wait', /blocked for \d\.\d s in (?:native code, no stack available|waitForNobody \()/],
    ['json', /blocked for \d\.\d s in (?:native code, no stack available|parseHugeThing \()/],
    ['read', /blocked for \d\.\d s in (?:native code, no stack available|.* ← readFiles \()/],
    ['exec', /blocked for \d\.\d s in native code, no stack available/],
  ])('by %s is alive, not ready, and named', async (how, line) => {
    const service = await running({ options: { stackAfterMs: 1000 } });
    expect((await service.ask('/readyz')).statusCode).toBe(200);
    const blocked = block(service, how);
    await service.says(line);
    const ready = await service.ask('/readyz');
    expect([ready.statusCode, ready.body]).toEqual([
      503,
      expect.stringMatching(/^\{"status":"unhealthy","checks":\{.*\},"stalled":\d+(?:\.\d)?\}$/),
    ]);
    const metrics = await service.ask('/metrics');
    expect([metrics.statusCode, metrics.body]).toEqual([
      200,
      expect.stringMatching(/^health_event_loop_stalled_seconds [1-9]/m),
    ]);
    expectAlive(await blocked);
    await service.says(/The event loop was blocked for \d+\.\d s in /);
    const after = (await service.ask('/metrics')).body;
    expect(after).toMatch(/^health_event_loop_stalls_total 1$/m);
    expect(after).toMatch(/^health_event_loop_stall_seconds_count 1$/m);
    expect(after).toMatch(/^health_event_loop_stalled_seconds 0$/m);
    expect((await service.ask('/readyz')).statusCode).toBe(200);
  });

  test.each([
    ['loop', /in tightLoop \(threaded-service\.mjs:\d+\) ← block \(threaded-service\.mjs:\d+\)/],
    ['regex', /in matchBadly \(threaded-service\.mjs:\d+\)/],
    ['wait', /in waitForNobody \(threaded-service\.mjs:\d+\)/],
  ])('by %s names the function, unless the machine is busy', async (how, named) => {
    const service = await running({ options: { stackAfterMs: 1000 } });
    for (let round = 0; round < 10 && !named.test(service.output()); round++) await block(service, how, 2000);
    expect(service.output()).toMatch(named);
  });

  test('for longer than stallMs is not alive, and is again once it turns', async () => {
    const service = await running({ options: { stallMs: 2000 } });
    const answers = await block(service, 'loop');
    const codes = answers.map(({ statusCode }) => statusCode);
    expect(codes.indexOf(503)).toBeGreaterThan(0);
    expect(codes.lastIndexOf(200)).toBeLessThan(codes.indexOf(503));
    expect(answers.at(-1)?.body).toMatch(/"stalled":\d/);
    await expect.poll(async () => (await service.ask('/livez')).statusCode, { timeout: 10_000 }).toBe(200);
    expect((await service.ask('/metrics')).body).toMatch(/^health_event_loop_stalls_total 1$/m);
    expect(service.output()).not.toContain(' in ');
  });

  test('with a live check that failed before is not alive', async () => {
    const service = await running({ live: 'check' });
    expect((await service.ask('/livez')).statusCode).toBe(200);
    service.tell('fail');
    await service.says(/^failed/m);
    // With the next beat the thread knows, although nobody asked for `live`.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const answers = await block(service, 'loop', 2500);
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([503]));
  });

  test('by what begins to drain in the same turn is not ready', async () => {
    const service = await running({});
    expect((await service.ask('/readyz')).statusCode).toBe(200);
    service.tell('drain-and-block 2000');
    await service.says(/^draining/m);
    const ready = await service.ask('/readyz');
    expect([ready.statusCode, ready.body]).toEqual([503, expect.stringContaining('"draining":true')]);
    expect((await service.ask('/livez')).statusCode).toBe(200);
  });

  test('before the first report is not ready within timeoutMs', async () => {
    const service = await running({});
    service.tell('block loop 3000');
    await service.says(/blocking/);
    const ready = await service.ask('/readyz');
    expect(ready.statusCode).toBe(503);
    expect((await service.ask('/livez')).statusCode).toBe(200);
  });

  test('many times over leaves nothing behind when its stack is captured', async () => {
    const service = await running({ options: { stackAfterMs: 1000 } }, { flags: ['--expose-gc'] });
    const measure = async () => {
      const from = service.output().length;
      service.tell('memory');
      const [, text = ''] = await service.says(new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*memory (\\[.*\\])`));
      return JSON.parse(text) as [number, number];
    };
    await block(service, 'loop', 2000);
    const [heapBefore, handlesBefore] = await measure();
    for (let round = 0; round < 8; round++) await block(service, round % 2 === 0 ? 'loop' : 'wait', 2000);
    const [heapAfter, handlesAfter] = await measure();
    expect(service.output().match(/^allswell: event loop blocked for/gm)).toHaveLength(9);
    expect(heapAfter - heapBefore).toBeLessThan(2e6);
    expect(handlesAfter).toBeLessThanOrEqual(handlesBefore + 1);
    expect(service.output()).not.toMatch(/Debugger listening/);
  });
});
