import type { Checker } from '../../health/checker.ts';
import { memoryFrom } from './memory-from.ts';
import { readMemory } from './source.ts';

/** Thresholds of {@link memory}. If none is given, `warnRatio` is 0.85 and `errorRatio` 0.95. */
export interface MemoryOptions {
  /** `warning` from this part of the limit on, over 0 and up to 1. */
  readonly warnRatio?: number;
  /** `error` from this part of the limit on, over 0 and up to 1. */
  readonly errorRatio?: number;
}

/**
 * Compares the memory in use with what the kernel allows: the container's limit (cgroup v2, v1, or what Node itself
 * finds), or else the machine's memory; the result states which. Page cache that the kernel can take back does not count
 * as used, so the figure is lower than `kubectl top`. Sees what `heap()` does not: buffers, native memory and the other
 * processes of the container, and so warns before the kernel kills the process. A warning is shown but does not take the
 * instance out of service, unless the check is registered with `failOn: 'warning'`.
 *
 * @example memory({ errorRatio: 0.9 })
 * @throws ConfigError with every issue in the options
 */
export function memory(options?: MemoryOptions): Checker {
  return memoryFrom(readMemory, options);
}
