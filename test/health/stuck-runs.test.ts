import fc from 'fast-check';
import { expect, describe as suite, test, vi } from 'vitest';
import type { CheckFunction } from '../../src/health/checker.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { gate, messageOf, never, statuses, virtualHealth } from '../helpers/health.ts';

/** Probes every `everyMs` for `forMs`, and returns when the check was first ok, on the clock's `now()`. */
async function probe({ clock, health }: ReturnType<typeof virtualHealth>, everyMs: number, forMs: number) {
  let okAt: number | undefined;
  const until = clock.now() + forMs;
  while (clock.now() < until) {
    void health.report().then((report) => {
      if (report.status === 'healthy') okAt ??= clock.now();
    });
    await clock.advance(everyMs);
  }
  return okAt;
}

suite('a run that is stuck', () => {
  test('is shown as such to a checker that looks at the report while its signal aborts', async () => {
    const { clock, health } = virtualHealth();
    let seen: object | undefined;
    health.register('deaf', ({ signal }) => {
      signal.addEventListener('abort', () => {
        seen = health.lastReport().checks.deaf;
      });
      return never();
    });
    void health.report();
    await clock.advance(800);
    expect(seen).toMatchObject({ status: 'error', code: 'ERR_CHECK_TIMEOUT', consecutiveFailures: 0 });
  });

  test('is retried: with a first run that never settles, the check is ok 10 × timeoutMs after that began', async () => {
    const world = virtualHealth();
    let runs = 0;
    world.health.register('redis', () => (++runs === 1 ? never() : undefined), {
      timeoutMs: 100,
      maxAgeMs: 200,
    });
    expect(await probe(world, 100, 3_000)).toBe(1_000);
    expect(await probe(world, 100, 3_000)).toBe(3_000);
  });

  test('is attempted again after 10 × timeoutMs, then twice that, up to every 60 s, with at most three outstanding', async () => {
    const world = virtualHealth();
    const startedAt: number[] = [];
    world.health.register(
      'hung',
      () => {
        startedAt.push(world.clock.now());
        return never();
      },
      { timeoutMs: 100, maxAgeMs: 200 },
    );
    await probe(world, 500, 400_000);
    // Three attempts fill the room; then the oldest of over a minute makes way for each further one.
    expect(startedAt.slice(0, 3)).toEqual([0, 1_000, 3_000]);
    expect(startedAt[3]).toBe(60_000);
    const gaps = startedAt.slice(4).map((at, i) => at - (startedAt[i + 3] as number));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_500);
    expect(Math.min(...gaps)).toBeGreaterThan(1_000);
  });

  test('lets the check be ok within 60 s and a timeout of the healing when every run hangs for a minute', async () => {
    for (const healedAt of [5_000, 30_000, 59_000, 90_000, 150_000]) {
      const world = virtualHealth();
      const check: CheckFunction = () =>
        world.clock.now() < healedAt
          ? new Promise((resolve) => world.clock.setTimeout(() => resolve(undefined), 60_000))
          : undefined;
      world.health.register('flaky', check, { timeoutMs: 100, maxAgeMs: 200 });
      const okAt = await probe(world, 100, healedAt + 70_000);
      expect(okAt, `healed at ${healedAt}`).toBeLessThanOrEqual(healedAt + 60_000 + 200);
    }
  });

  test('that holds something scarce gets no second run before it is written off', async () => {
    for (const [maxOutstanding, expected] of [
      [1, [0, 60_000]],
      [2, [0, 1_000, 60_000]],
    ] as const) {
      const world = virtualHealth();
      const startedAt: number[] = [];
      const check = () => {
        startedAt.push(world.clock.now());
        return never();
      };
      world.health.register('scarce', { kind: 'dependency', maxOutstanding, check }, { timeoutMs: 100 });
      await probe(world, 500, 61_000);
      expect(startedAt).toEqual(expected);
    }
  });

  test('counts by its newest run: results of older ones are dropped', async () => {
    const world = virtualHealth();
    const first = gate<undefined>();
    let runs = 0;
    world.health.register('c', () => (++runs === 1 ? first.promise : undefined), {
      timeoutMs: 100,
      maxAgeMs: 60_000,
    });
    await probe(world, 100, 1_200);
    const heard = vi.fn();
    world.health.on('check', heard);
    const before = await world.health.report();
    expect(statuses(before)).toEqual({ c: 'ok' });
    first.fail(new Error('too late'));
    await settle();
    expect(heard).not.toHaveBeenCalled();
    expect(await world.health.report()).toBe(before);
    expect(world.health.history('c')).toHaveLength(2);
  });

  test('shows how long it has been outstanding, and when the next attempt is due', async () => {
    const { clock, health } = virtualHealth();
    health.register('hung', never);
    void health.report();
    await clock.advance(5_000);
    expect(messageOf(await health.report(), 'hung')).toBe(
      'still running after 5.0 s and ignoring its abort signal; next attempt in 3 s',
    );
  });

  test('of a background check is attempted on the same schedule, with or without probes', async () => {
    const { clock, health } = virtualHealth();
    const startedAt: number[] = [];
    let isHanging = true;
    health.register(
      'background',
      () => {
        startedAt.push(clock.now());
        return isHanging ? never() : undefined;
      },
      { intervalMs: 500, timeoutMs: 100 },
    );
    await clock.advance(4_000);
    expect(startedAt).toEqual([0, 1_000, 3_000]);
    isHanging = false;
    await clock.advance(57_000);
    expect(statuses(await health.report())).toEqual({ background: 'ok' });
  });

  test('aborts each of its runs, and stopping the check ends them all', async () => {
    const world = virtualHealth();
    const signals: AbortSignal[] = [];
    world.health.register(
      'hung',
      ({ signal }) => {
        signals.push(signal);
        return never();
      },
      { timeoutMs: 100 },
    );
    await probe(world, 100, 1_150);
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
    const closing = world.health.close();
    await world.clock.advance(800);
    await closing;
    expect(world.clock.pending).toBe(0);
  });
});

test('whatever runs do: at most three are counted, one while none is overdue, and one that starts is the only one with time left', async () => {
  const scripted = fc.array(
    fc.oneof(
      fc.constant(Number.POSITIVE_INFINITY),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 301, max: 90_000 }),
    ),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(scripted, fc.integer({ min: 1, max: 3 }), async (durations, maxOutstanding) => {
      const world = virtualHealth({ timeoutMs: 300 });
      const running = new Map<number, { startedAt: number }>();
      let next = 0;
      const check = () => {
        const id = next++;
        const now = world.clock.now();
        const counted = [...running.values()].filter(({ startedAt }) => now - startedAt < 60_000);
        expect(counted.length).toBeLessThan(maxOutstanding);
        for (const { startedAt } of running.values()) expect(now - startedAt).toBeGreaterThanOrEqual(300);
        running.set(id, { startedAt: now });
        const ms = durations[id % durations.length] as number;
        return new Promise<undefined>((resolve) => {
          if (ms === Number.POSITIVE_INFINITY) return;
          world.clock.setTimeout(() => {
            running.delete(id);
            resolve(undefined);
          }, ms);
        });
      };
      const failures = vi.fn();
      const checked = {
        kind: 'dependency' as const,
        maxOutstanding: maxOutstanding as 1 | 2 | 3,
        check: () => {
          try {
            return check();
          } catch (thrown) {
            failures(thrown);
            throw thrown;
          }
        },
      };
      world.health.register('c', checked, { maxAgeMs: 500 });
      await probe(world, 700, 150_000);
      expect(failures.mock.calls).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
