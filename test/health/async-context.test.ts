import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, describe as suite, test } from 'vitest';
import { pass, virtualHealth } from '../helpers/health.ts';

const requests = new AsyncLocalStorage<string>();

suite('a run belongs to no request', () => {
  test.each([
    ['that returns at once', () => requests.getStore()],
    ['that returns a promise', async () => requests.getStore()],
  ])('a checker %s sees no store of the caller', async (_, look) => {
    const { health } = virtualHealth();
    const seen: unknown[] = [];
    health.register('c', () => {
      const found = look();
      return Promise.resolve(found).then((store) => void seen.push(store));
    });
    await requests.run('request', () => health.report());
    expect(seen).toEqual([undefined]);
  });

  test('and neither does a listener of its result', async () => {
    const { health } = virtualHealth();
    const seen: unknown[] = [];
    health.on('check', () => seen.push(requests.getStore())).register('c', pass);
    await requests.run('request', () => health.report());
    expect(seen).toEqual([undefined]);
  });

  test('each caller that shares a run continues in its own context', async () => {
    const { clock, health } = virtualHealth();
    health.register('c', () => new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 100)));
    const seen = ['a', 'b', 'c'].map((store) =>
      requests.run(store, () => health.report().then(() => requests.getStore())),
    );
    await clock.advance(100);
    expect(await Promise.all(seen)).toEqual(['a', 'b', 'c']);
  });
});

test('an async check that is asked for again with each result does not starve the event loop', async () => {
  const { health } = virtualHealth();
  let runs = 0;
  let isOver = false;
  health.register('c', async () => void runs++, { maxAgeMs: 0 });
  health.on('check', () => {
    if (!isOver) void health.report();
  });
  void health.report();
  await new Promise((resolve) => setTimeout(resolve, 20));
  isOver = true;
  expect(runs).toBeGreaterThan(10);
});

test('neither does one that returns at once, nor does it overflow the stack', async () => {
  const { health, logger } = virtualHealth();
  let runs = 0;
  let isOver = false;
  health.register('c', () => void runs++, { maxAgeMs: 0 });
  health.on('check', () => {
    if (!isOver) void health.report();
  });
  void health.report();
  await new Promise((resolve) => setTimeout(resolve, 20));
  isOver = true;
  expect(runs).toBeGreaterThan(10);
  expect(logger.lines).toEqual([]);
});

test('nor does a program that awaits report after report', async () => {
  const { health } = virtualHealth();
  health.register('c', async () => undefined, { maxAgeMs: 0 });
  let isOver = false;
  let reports = 0;
  setTimeout(() => {
    isOver = true;
  }, 20);
  while (!isOver) {
    await health.report();
    reports++;
  }
  expect(reports).toBeGreaterThan(10);
});
