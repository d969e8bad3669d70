import { Moment } from '../internal/moment.ts';
import type { Clock } from '../internal/time.ts';
import type { Check } from './check.ts';
import type { Run } from './run.ts';

/**
 * Starts what is not fresh and returns the runs that an answer has to wait for. When it has to wait, what would go stale
 * meanwhile runs along with it: no report shows a result older than its `maxAgeMs`, except one that came in since the
 * oldest of those runs began, which is then at most a `timeoutMs` older.
 */
export function refresh(members: readonly Check[], at: Moment, clock: Clock): readonly Run[] {
  let current = at;
  for (const check of members) {
    // A check that blocks must not shorten the time of those that start after it.
    if (check.refresh(current, current.now)) current = new Moment(clock);
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
