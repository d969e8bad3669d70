import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CheckFunction, type CheckOptions, reaches } from '../../src/health/checker.ts';
import type { Report } from '../../src/health/report.ts';
import type { CheckResult } from '../../src/health/result.ts';
import { statusCodeOf } from '../../src/http/reply.ts';
import type { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { virtualHealth } from '../helpers/health.ts';

const TIMEOUT_MS = 800;

/** What a run of a scripted check does: at once or after some time, well or badly, or never. */
interface Behaviour {
  readonly act: 'pass' | 'warn' | 'fail' | 'throw' | 'reject' | 'garbage' | 'hang' | 'obey';
  readonly afterMs: number;
}

interface Script {
  readonly options: CheckOptions;
  readonly runs: readonly Behaviour[];
}

type Step = { readonly advanceMs: number } | { readonly probe: string } | { readonly blockMs: number };

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  act: fc.constantFrom('pass', 'pass', 'warn', 'fail', 'throw', 'reject', 'garbage', 'hang', 'obey'),
  afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 700 }), fc.integer({ min: 801, max: 5_000 })),
});

const script: fc.Arbitrary<Script> = fc.record({
  options: fc.record(
    {
      failOn: fc.constantFrom('warning', 'error', 'never'),
      timeoutMs: fc.integer({ min: 1, max: TIMEOUT_MS }),
      maxAgeMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3_000 })),
      intervalMs: fc.integer({ min: 1, max: 2_000 }),
      groups: fc.constantFrom(['ready'], ['edge'], ['ready', 'edge']),
    },
    { requiredKeys: [] },
  ),
  runs: fc.array(behaviour, { minLength: 1, maxLength: 8 }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ advanceMs: fc.integer({ min: 0, max: 1_500 }) }) },
  { weight: 4, arbitrary: fc.record({ probe: fc.constantFrom('all', 'ready', 'edge', 'checks/c0') }) },
);

/** A check that follows its script, and counts its runs under way. */
class ScriptedCheck {
  outstanding = 0;
  most = 0;
  /** The most runs that had time left when another one began. */
  mostInTime = 0;
  #next = 0;
  #deadlines: number[] = [];
  readonly #script: Script;
  readonly #clock: VirtualClock;

  constructor(script: Script, clock: VirtualClock) {
    this.#script = script;
    this.#clock = clock;
  }

  readonly check: CheckFunction = (context) => {
    const runs = this.#script.runs;
    const { act, afterMs } = runs[this.#next++ % runs.length] as Behaviour;
    this.outstanding++;
    this.most = Math.max(this.most, this.outstanding);
    this.#deadlines = this.#deadlines.filter((deadline) => deadline > this.#clock.now());
    const deadline = this.#clock.now() + context.timeoutMs;
    this.#deadlines.push(deadline);
    this.mostInTime = Math.max(this.mostInTime, this.#deadlines.length);
    const settle = () => {
      this.outstanding--;
      this.#deadlines = this.#deadlines.filter((each) => each !== deadline);
    };
    if (act === 'throw') {
      settle();
      throw new Error('thrown');
    }
    if (afterMs === 0 && act !== 'hang' && act !== 'obey' && act !== 'reject') {
      settle();
      return resultOf(act);
    }
    const end = <T>(value: T): T => {
      settle();
      return value;
    };
    return new Promise((resolve, reject) => {
      if (act === 'obey') context.signal.addEventListener('abort', () => reject(end(context.signal.reason)));
      else if (act === 'reject') this.#clock.setTimeout(() => reject(end(undefined)), afterMs);
      else if (act !== 'hang') this.#clock.setTimeout(() => resolve(end(resultOf(act))), afterMs);
    });
  };
}

function resultOf(act: Behaviour['act']): CheckResult | undefined {
  if (act === 'pass') return undefined;
  if (act === 'warn') return { status: 'warning' };
  if (act === 'fail') return { status: 'error' };
  return 'garbage' as unknown as CheckResult;
}

interface Answer {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly report: Report;
}

/** Runs a sequence of steps against scripted checks and gives every answer, with when it was asked for and given. */
async function play(scripts: readonly Script[], steps: readonly Step[]) {
  const { clock, health } = virtualHealth({ timeoutMs: TIMEOUT_MS });
  const checks = scripts.map((each) => new ScriptedCheck(each, clock));
  checks.forEach((each, i) => void health.register(`c${i}`, each.check, (scripts[i] as Script).options));
  const answers: Answer[] = [];
  let asked = 0;
  for (const each of steps) {
    if ('advanceMs' in each) await clock.advance(each.advanceMs);
    else if ('blockMs' in each) clock.block(each.blockMs);
    else {
      asked++;
      const askedAt = clock.now();
      void health
        .report(each.probe)
        .then((report) => void answers.push({ askedAt, answeredAt: clock.now(), report }));
    }
  }
  await clock.advance(TIMEOUT_MS);
  return { answers, asked, checks };
}

const sequences = [
  fc.array(script, { minLength: 1, maxLength: 4 }),
  fc.array(step, { minLength: 1, maxLength: 30 }),
] as const;

test('at most three runs of a check are outstanding, and one while none of them is overdue', async () => {
  await fc.assert(
    fc.asyncProperty(...sequences, async (scripts, steps) => {
      const { checks } = await play(scripts, steps);
      for (const check of checks) {
        // What is written off after a minute is not counted any more; these sequences are shorter.
        expect(check.most).toBeLessThanOrEqual(3);
        expect(check.mostInTime).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 200 },
  );
});

test('every request is answered within timeoutMs', async () => {
  await fc.assert(
    fc.asyncProperty(...sequences, async (scripts, steps) => {
      const { answers, asked } = await play(scripts, steps);
      expect(answers.length).toBe(asked);
      for (const { askedAt, answeredAt } of answers)
        expect(answeredAt - askedAt).toBeLessThanOrEqual(TIMEOUT_MS);
    }),
    { numRuns: 200 },
  );
});

test('no result older than its maxAgeMs is shown as ok, unless it came in while the answer was waiting', async () => {
  await fc.assert(
    fc.asyncProperty(...sequences, async (scripts, steps) => {
      const { answers } = await play(scripts, steps);
      for (const { report } of answers) {
        // A probe that joins a wait sees what came in during it; the wait is as long as the slowest run shown.
        const wait = Math.max(...Object.values(report.checks).map((check) => check.durationMs));
        for (const [name, check] of Object.entries(report.checks)) {
          if (check.status !== 'ok') continue;
          const { options } = scripts[Number(name.slice(1))] as Script;
          const { intervalMs, timeoutMs = TIMEOUT_MS } = options;
          const maxAgeMs =
            options.maxAgeMs ?? (intervalMs === undefined ? 1_000 : 2 * intervalMs + timeoutMs);
          const ageMs = report.atMs - check.checkedAtMs;
          expect(ageMs).toBeLessThanOrEqual(intervalMs === undefined ? Math.max(maxAgeMs, wait) : maxAgeMs);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('the HTTP code is a function of the report alone, and no report is healthy while a gating check shown is not ok', async () => {
  await fc.assert(
    fc.asyncProperty(...sequences, async (scripts, steps) => {
      const { answers } = await play(scripts, steps);
      for (const { report } of answers) {
        const shown = Object.values(report.checks);
        const fails = shown.some((check) => reaches(check.status, check.failOn));
        const isOk = shown.every((check) => check.status === 'ok');
        const isUnknown = shown.length === 0 && report.group === 'edge'; // nobody put a check into it
        expect(report.status).toBe(fails || isUnknown ? 'unhealthy' : isOk ? 'healthy' : 'degraded');
        expect(statusCodeOf(report, 200)).toBe(report.status === 'unhealthy' ? 503 : 200);
      }
    }),
    { numRuns: 200 },
  );
});

test('a check whose runs are shorter than its timeout, and a loop that is blocked now and then, give no false ERR_CHECK_TIMEOUT', async () => {
  const quick = fc.record({
    options: fc.record({ maxAgeMs: fc.integer({ min: 0, max: 2_000 }) }, { requiredKeys: [] }),
    runs: fc.array(
      fc.record({ act: fc.constant('pass' as const), afterMs: fc.integer({ min: 0, max: 400 }) }),
      { minLength: 1, maxLength: 4 },
    ),
  });
  const blocked = fc.array(
    fc.tuple(
      fc.record({ probe: fc.constant('all') }),
      fc.record({ blockMs: fc.integer({ min: 0, max: 5_000 }) }),
    ),
    { minLength: 1, maxLength: 10 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(quick, { minLength: 1, maxLength: 3 }), blocked, async (scripts, blocks) => {
      const steps = blocks.flatMap(([probe, block]) => [
        probe,
        { advanceMs: 0 },
        block,
        { advanceMs: 1_500 },
      ]);
      const { answers } = await play(scripts, steps);
      for (const { report } of answers) expect(report.status).toBe('healthy');
    }),
    { numRuns: 100 },
  );
});
