import type { Checker } from '../health/checker.ts';

/**
 * How long this process has been up, in whole seconds; always ok. The body shows the number, so an instance that
 * has just been restarted is easy to spot.
 */
export function uptime(): Checker {
  return {
    kind: 'process',
    display: 'value',
    check: () => ({ status: 'ok', value: Math.floor(process.uptime()), unit: 'seconds' }),
  };
}
