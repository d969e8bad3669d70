import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import type { Checker } from '../../health/checker.ts';
import type { CheckResult } from '../../health/result.ts';
import { bytesText } from '../../internal/bytes-text.ts';
import { Validator } from '../../internal/validator.ts';
import { cgroupMemory, type MemoryFigures } from './cgroup.ts';

/** The ratios that hold where no threshold is given. */
const DEFAULT_WARN_RATIO = 0.85;
const DEFAULT_ERROR_RATIO = 0.95;

/** Thresholds of {@link memory}. Without any, `warnRatio` is 0.85 and `errorRatio` 0.95. */
export interface MemoryOptions {
  /** `warning` from this part of the limit on, over 0 and up to 1. */
  readonly warnRatio?: number;
  /** `error` from this part of the limit on, over 0 and up to 1. */
  readonly errorRatio?: number;
}

/** Where the figures come from. */
export interface MemorySource {
  /** What limits the process: its container, or the machine. */
  readonly limitedBy: 'container' | 'machine';
  readonly figures: MemoryFigures;
}

/**
 * Compares the memory in use with what the kernel allows: the container's limit (cgroup v2, v1, or what Node itself
 * finds), or else the machine's memory, which the result says. Page cache that the kernel can take back does not count
 * as used, so the figure is lower than `kubectl top`. Sees what `heap()` does not: buffers, native memory and the other
 * processes of the container, and so a kill by the kernel before it comes. A warning is shown and does not take the
 * instance out of service, unless the check is registered with `failOn: 'warning'`.
 *
 * @example memory({ errorRatio: 0.9 })
 * @throws ConfigError with every issue in the options
 */
export function memory(options?: MemoryOptions): Checker {
  return memoryFrom(readMemory, options);
}

/** {@link memory} with a source of its own, for tests. */
export function memoryFrom(source: () => MemorySource, options?: MemoryOptions): Checker {
  const validator = new Validator();
  const own = validator.options<MemoryOptions>('options', options, ['warnRatio', 'errorRatio']);
  const { warnRatio, errorRatio } = own;
  validator.ratio('warnRatio', warnRatio);
  validator.ratio('errorRatio', errorRatio);
  validator.ordered('warnRatio', warnRatio, 'errorRatio', errorRatio);
  validator.throwIfAny('Invalid memory() options');
  const isBare = warnRatio === undefined && errorRatio === undefined;
  const levels = isBare ? { warnRatio: DEFAULT_WARN_RATIO, errorRatio: DEFAULT_ERROR_RATIO } : own;
  return { kind: 'process', failOn: 'error', check: () => compare(source(), levels) };
}

function compare({ limitedBy, figures }: MemorySource, levels: MemoryOptions): CheckResult {
  const { usedBytes, limitBytes } = figures;
  const { warnRatio = Number.POSITIVE_INFINITY, errorRatio = Number.POSITIVE_INFINITY } = levels;
  const ratio = usedBytes / limitBytes;
  const facts = { value: usedBytes, unit: 'bytes', details: { limitBytes, limitedBy } } as const;
  const of =
    limitedBy === 'container' ? "the container's limit" : "the machine's memory (no container limit found)";
  const message = `${bytesText(usedBytes)} of ${bytesText(limitBytes)} in use, ${percent(ratio)} of ${of}`;
  if (ratio < Math.min(warnRatio, errorRatio)) {
    return limitedBy === 'container' ? { status: 'ok', ...facts } : { status: 'ok', message, ...facts };
  }
  const isError = ratio >= errorRatio;
  const expected = percent(isError ? errorRatio : warnRatio);
  return {
    status: isError ? 'error' : 'warning',
    message: `${message}; expected under ${expected}: look for a leak, or raise the limit`,
    ...facts,
  };
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(0)} %`;
}

function readMemory(): MemorySource {
  const machineBytes = totalmem();
  const cgroup = cgroupMemory(readFile, machineBytes);
  if (cgroup !== undefined) return { limitedBy: 'container', figures: cgroup };
  // Since Node 19.6 and 18.15; 0, undefined or a huge number without a limit. What else runs under it is not known here.
  const limitBytes = process.constrainedMemory?.() ?? 0;
  if (limitBytes > 0 && limitBytes < machineBytes) {
    return { limitedBy: 'container', figures: { limitBytes, usedBytes: process.memoryUsage.rss() } };
  }
  return { limitedBy: 'machine', figures: { limitBytes: machineBytes, usedBytes: machineBytes - freemem() } };
}

/** Synchronous: these files are the kernel's and never wait for a disk. */
function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
