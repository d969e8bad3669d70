import type { Checker } from '../health/checker.ts';
import { failureMessage } from '../internal/error-text.ts';
import { CheckerFaultError } from './checker-fault-error.ts';
import { CheckerRunner, type CheckerSubject, within } from './checker-subject.ts';
import type { CustomFault, Freezer } from './custom-fault.ts';
import { FaultScene } from './fault-scene.ts';
import { type FaultCase, faultCases } from './faults.ts';
import { StrayErrors } from './stray-errors.ts';
import { TcpProxy } from './tcp-proxy.ts';

/** How long a checker, and its client, may take to close, in milliseconds. */
const CLOSED_WITHIN_MS = 10_000;

/** Where the checker's dependency is, and what to expect of the checker. */
export interface CheckerWorld extends Partial<Freezer> {
  /** The port of the real server, on 127.0.0.1. */
  readonly port: number;
  /**
   * `true`: the checker owns its connections, or may destroy them. Then an aborted run must settle, and the check must
   * recover within 2 × `timeoutMs` and one run. Default `false`: the client belongs to the application, and the check must
   * recover once that client has reconnected.
   */
  readonly owns?: boolean;
  /** The time limit of each run in milliseconds. Default 250; higher on busy machines. */
  readonly timeoutMs?: number;
  /** Further faults during which the check must be `error`, such as a server that answers with 500. */
  readonly faults?: readonly CustomFault[];
  /** The names of the faults to run, for debugging one of them. Default: all. */
  readonly only?: readonly string[];
}

/** Makes the checker, with a client that connects through the proxy. Called once for each fault. */
export type MakeChecker = (
  proxy: TcpProxy,
) => Checker | CheckerSubject | Promise<Checker> | Promise<CheckerSubject>;

/** A problem that was found. */
export interface CheckerFinding {
  /** The name of the fault. */
  readonly fault: string;
  /** What was expected, and what the checker did. */
  readonly problem: string;
}

/** The `test` function of any runner: Vitest, Jest, node:test. */
export type TestFunction = (name: string, body: () => Promise<void>) => unknown;

/**
 * Puts a checker through the faults of real dependencies: healthy; refused; old connections in a black hole while new ones
 * work; a frozen server; a slow one; its signal aborted before, during and after a run; closed while running; 12 timeouts in
 * a row; cut connections. For each it verifies: the right status, never an ok without any bytes from the server, time limits,
 * recovery, connections and listeners back to their number before, no unhandled rejection.
 *
 * With `test` each fault becomes a test; give each 60 seconds. Without it they run one after the other.
 *
 * @example
 * checkerFaults((proxy) => {
 *   const pool = new pg.Pool({ connectionString: proxy.in(url), connectionTimeoutMillis: 250 });
 *   return { checker: postgres(pool), client: pool, close: () => pool.end() };
 * }, { port: 5432, owns: true }, test);
 *
 * @returns without `test`: the problems found, an empty list for a good checker
 */
export function checkerFaults(
  makeChecker: MakeChecker,
  world: CheckerWorld,
): Promise<readonly CheckerFinding[]>;
export function checkerFaults(makeChecker: MakeChecker, world: CheckerWorld, test: TestFunction): void;
export function checkerFaults(
  makeChecker: MakeChecker,
  world: CheckerWorld,
  test?: TestFunction,
): Promise<readonly CheckerFinding[]> | void {
  const { freeze, thaw } = world;
  const freezer = freeze === undefined || thaw === undefined ? undefined : { freeze, thaw };
  const all = faultCases(freezer, world.faults ?? []);
  const cases = all.filter(({ name }) => world.only?.includes(name) ?? true);
  if (test === undefined) return runAll(cases, makeChecker, world);
  for (const each of cases) test(each.name, () => play(each, makeChecker, world));
}

async function runAll(
  cases: readonly FaultCase[],
  makeChecker: MakeChecker,
  world: CheckerWorld,
): Promise<readonly CheckerFinding[]> {
  const findings: CheckerFinding[] = [];
  for (const each of cases) {
    try {
      await play(each, makeChecker, world);
    } catch (thrown) {
      findings.push({ fault: each.name, problem: failureMessage(thrown) });
    }
  }
  return findings;
}

/** Runs one fault, with its own checker and proxy. */
async function play(fault: FaultCase, makeChecker: MakeChecker, world: CheckerWorld): Promise<void> {
  const { timeoutMs = 250, owns = false } = world;
  const stray = new StrayErrors();
  const proxy = await TcpProxy.to(world.port);
  try {
    const made = await makeChecker(proxy);
    const subject: CheckerSubject = 'checker' in made ? made : { checker: made };
    const scene = new FaultScene(new CheckerRunner(subject, proxy, timeoutMs), proxy, owns);
    try {
      await fault.play(scene);
    } catch (thrown) {
      // Any other problem follows from that one.
      proxy.close();
      await end(subject).catch(() => undefined);
      throw thrown;
    }
    await end(subject);
    await scene.expectNoConnections();
    await stray.expectNone();
  } finally {
    stray.stop();
    proxy.close();
  }
}

/** Closes a checker, then its client; one that never ends must not stop the kit. */
async function end({ checker, close }: CheckerSubject): Promise<void> {
  for (const step of [() => checker.close?.(), () => close?.()]) {
    const closed = await within(
      CLOSED_WITHIN_MS,
      Promise.resolve(step()).then(() => true),
    );
    if (closed === undefined)
      throw new CheckerFaultError(`close() did not resolve within ${CLOSED_WITHIN_MS} ms`);
  }
}
