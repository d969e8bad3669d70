/**
 * CPU time of this process so far, in microseconds: what the machine does for others meanwhile is not in it, as it
 * is in the time of the clock.
 */
export function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
