import { LIVE_GROUP, STARTUP_GROUP } from '../health/group.ts';
import type { Report } from '../health/report.ts';

/**
 * The report of a group while the main thread does not answer: unhealthy, with the last known state of its checks.
 *
 * @param last the last report of the group
 * @param stalledMs how long the main event loop has been blocked, in milliseconds
 */
export function unavailableReport(
  group: string,
  last: Report | undefined,
  stalledMs: number,
  isDraining: boolean,
): Report {
  const isTraffic = group !== LIVE_GROUP && group !== STARTUP_GROUP && !group.startsWith('checks/');
  return {
    status: 'unhealthy',
    group,
    draining: isDraining && isTraffic,
    held: last?.held ?? false,
    holds: last?.holds ?? [],
    checks: last?.checks ?? {},
    service: last?.service ?? {},
    atMs: Date.now(),
    stalled: Math.round(stalledMs / 100) / 10,
  };
}
