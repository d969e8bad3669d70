import { readFileSync } from 'node:fs';

/** CPU time of the main thread of a process so far, in microseconds (proc(5), schedstat: nanoseconds first). */
export function mainThreadUs({ pid }) {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
}

/**
 * CPU time of this process so far, in microseconds: what the machine does for others meanwhile is not in it, as it
 * is in the time of the clock.
 */
export function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
