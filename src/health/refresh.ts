import { Moment } from '../internal/moment.ts';
import type { Clock } from '../internal/time.ts';
import type { Check } from './check.ts';
import type { Run } from './run.ts';

/**
 * Starts the checks that are not fresh and returns the runs that an answer has to wait for. If it has to wait, checks that
 * would become stale meanwhile run too: no report shows a result older than its `maxAgeMs`, except one that was recorded
 * after the oldest of those runs began, which is then at most one `timeoutMs` older.
 *
 * @param lastResultAt when the last result was recorded, if nothing has happened since
 */
export function refresh(
  members: readonly Check[],
  at: Moment,
  clock: Clock,
  lastResultAt: () => Moment | undefined,
): readonly Run[] {
  let current = at;
  for (const check of members) {
    const before = lastResultAt();
    if (!check.refresh(current, current.now)) continue;
    // A check that blocks must not shorten the time of those started after it. One that has ended has read the clocks.
    const after = lastResultAt();
    current = after === undefined || after === before ? new Moment(clock) : after;
  }
  const runs = awaited(members, current);
  if (runs.length === 0 || runs.length === members.length) return runs;
  let since = current.now;
  let until = current.now;
  for (const run of runs) {
    since = Math.min(since, run.startedAt);
    until = Math.max(until, run.deadline);
  }
  for (const check of members) if (check.record.settledAt < since) check.refresh(current, until);
  return awaited(members, current);
}

function awaited(members: readonly Check[], at: Moment): readonly Run[] {
  const runs: Run[] = [];
  for (const check of members) {
    const run = check.awaited(at);
    if (run !== undefined) runs.push(run);
  }
  return runs;
}

/**
 * Calls back once all runs have a result, or the time for an answer is over: background runs may take longer.
 *
 * @param now when the answer was asked for
 * @param done receives true if all runs have a result, the last of them just now
 */
export function awaitRuns(
  runs: readonly Run[],
  now: number,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
  done: (areDone: boolean) => void,
): void {
  let outstanding = runs.length;
  const isLong = runs.some((run) => run.deadline - now > timeoutMs);
  const timer = isLong ? clock.setTimeout(() => done(false), timeoutMs) : undefined;
  const onResult = (): void => {
    outstanding--;
    if (outstanding > 0) return;
    if (timer !== undefined) clock.clearTimeout(timer);
    done(true);
  };
  for (const run of runs) run.wait(onResult);
}
