import { expect, test } from 'vitest';
import { askUntil, running, type ThreadedService } from '../helpers/threaded.ts';

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function turned(service: ThreadedService, how: string, ms: number): Promise<unknown> {
  const from = service.output().length;
  service.tell(`block ${how} ${ms}`);
  return service.says(new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*turning`));
}

async function memory(service: ThreadedService): Promise<[number, number]> {
  const from = service.output().length;
  service.tell('memory');
  const [, text = ''] = await service.says(new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*memory (\\[.*\\])`));
  return JSON.parse(text) as [number, number];
}

test.each(['loop', 'json', 'regex', 'read', 'wait'])(
  'blocked by %s for 10 s, live is 200 each time and soon',
  { timeout: 120_000 },
  async (how) => {
    const service = await running({ options: { stackAfterMs: 1000 } });
    const answers = await askUntil(turned(service, how, 10_000), 50, () => service.ask('/livez'));
    expect(answers.filter(({ statusCode }) => statusCode !== 200)).toEqual([]);
    expect(answers.filter(({ ms }) => ms >= 250)).toEqual([]);
  },
);

test('stopped for 10 s and going on, ten times, it reports no stall', { timeout: 300_000 }, async () => {
  const service = await running({ options: { stackAfterMs: 1000 } });
  for (let round = 0; round < 10; round++) {
    service.signal('SIGSTOP');
    await later(10_000);
    service.signal('SIGCONT');
    await later(1000);
  }
  expect((await service.ask('/metrics')).body).toMatch(/^health_event_loop_stalls_total 0$/m);
});

test('a hundred stalls with a capture each leave nothing behind', { timeout: 900_000 }, async () => {
  const service = await running({ options: { stackAfterMs: 1000 } }, { flags: ['--expose-gc'] });
  const ways = ['loop', 'wait', 'json', 'read'];
  for (const how of ways) await turned(service, how, 2000);
  const [heapBefore, handlesBefore] = await memory(service);
  for (let round = 0; round < 100; round++) await turned(service, ways[round % ways.length] as string, 2000);
  const [heapAfter, handlesAfter] = await memory(service);
  expect(service.output().match(/^allswell: event loop blocked for/gm)).toHaveLength(104);
  expect(heapAfter - heapBefore).toBeLessThan(3e6);
  expect(handlesAfter).toBeLessThanOrEqual(handlesBefore + 1);
  expect(service.output()).not.toMatch(/Debugger listening/);
  expect((await service.ask('/livez')).statusCode).toBe(200);
});
