import type { Checker } from '../health/checker.ts';
import type { CheckResult } from '../health/result.ts';
import { Validator } from '../internal/validator.ts';

/** Above this fraction of the limit V8 spends its time collecting garbage and soon aborts: a higher threshold is useless. */
const HIGHEST_RATIO = 0.9;

const OPTIONS: readonly (keyof HeapOptions)[] = ['warnBytes', 'errorBytes', 'warnRatio', 'errorRatio'];

/** Thresholds of {@link heap}. Give each level in bytes or as a ratio, not both. If none is given, `warnRatio` is 0.9. */
export interface HeapOptions {
  /** `warning` from this many bytes of used heap on. One above 0.9 of V8's limit is lowered to that, with a warning. */
  readonly warnBytes?: number;
  /** `error` from this many bytes of used heap on. One above 0.9 of V8's limit is lowered to that, with a warning. */
  readonly errorBytes?: number;
  /** `warning` from this part of V8's heap limit on, over 0 and up to 1. */
  readonly warnRatio?: number;
  /** `error` from this part of V8's heap limit on, over 0 and up to 1. */
  readonly errorRatio?: number;
}

/**
 * Compares V8's used heap with a threshold: a process that is about to run out of memory stops getting
 * traffic before it dies. The limit is V8's `heap_size_limit` (`--max-old-space-size` plus what V8 adds), not
 * the current size of the heap, which is nearly full in a healthy process too.
 *
 * @example heap({ warnBytes: 900_000_000 })
 * @throws ConfigError with every issue in the options
 */
export function heap(options?: HeapOptions): Checker {
  const own = checkOptions(options);
  // Not imported, because most of what the module loads is not needed here.
  const { getHeapStatistics } = process.getBuiltinModule('node:v8');
  const limitBytes = getHeapStatistics().heap_size_limit;
  const warnBytes = threshold('warnBytes', own.warnBytes, own.warnRatio, limitBytes);
  const errorBytes = threshold('errorBytes', own.errorBytes, own.errorRatio, limitBytes);
  const isBare = warnBytes === undefined && errorBytes === undefined;
  const levels = { warnBytes: isBare ? HIGHEST_RATIO * limitBytes : warnBytes, errorBytes, limitBytes };
  return { kind: 'process', check: () => compare(getHeapStatistics().used_heap_size, levels) };
}

interface Levels {
  readonly warnBytes: number | undefined;
  readonly errorBytes: number | undefined;
  readonly limitBytes: number;
}

function compare(usedBytes: number, levels: Levels): CheckResult {
  const { limitBytes } = levels;
  const { warnBytes = Number.POSITIVE_INFINITY, errorBytes = Number.POSITIVE_INFINITY } = levels;
  if (usedBytes < Math.min(warnBytes, errorBytes)) return { status: 'ok', value: usedBytes, unit: 'bytes' };
  const isError = usedBytes >= errorBytes;
  const reached = isError ? errorBytes : warnBytes;
  return {
    status: isError ? 'error' : 'warning',
    value: usedBytes,
    unit: 'bytes',
    message:
      `${megabytes(usedBytes)} of heap in use, expected less than ${megabytes(reached)} ` +
      `(V8's limit is ${megabytes(limitBytes)}): look for a leak in a heap snapshot, or raise --max-old-space-size`,
  };
}

function threshold(
  name: string,
  bytes: number | undefined,
  ratio: number | undefined,
  limitBytes: number,
): number | undefined {
  if (bytes === undefined) return ratio === undefined ? undefined : ratio * limitBytes;
  const highest = Math.floor(HIGHEST_RATIO * limitBytes);
  if (bytes <= highest) return bytes;
  process.emitWarning(
    `heap({ ${name}: ${bytes} }) could not be reached before V8 runs out of memory (heap_size_limit is ${limitBytes}); ` +
      `${highest} is used instead. Lower the threshold, or raise --max-old-space-size`,
    { type: 'AllswellWarning', code: 'ALLSWELL_HEAP_THRESHOLD' },
  );
  return highest;
}

function checkOptions(options: HeapOptions | undefined): HeapOptions {
  const validator = new Validator();
  const own = validator.options('options', options, OPTIONS);
  const { warnBytes, errorBytes, warnRatio, errorRatio } = own;
  validator.wholeNumber('warnBytes', warnBytes, 1, Number.MAX_SAFE_INTEGER);
  validator.wholeNumber('errorBytes', errorBytes, 1, Number.MAX_SAFE_INTEGER);
  validator.ratio('warnRatio', warnRatio);
  validator.ratio('errorRatio', errorRatio);
  validator.notBoth('warnBytes', warnBytes, 'warnRatio', warnRatio);
  validator.notBoth('errorBytes', errorBytes, 'errorRatio', errorRatio);
  validator.ordered('warnBytes', warnBytes, 'errorBytes', errorBytes);
  validator.ordered('warnRatio', warnRatio, 'errorRatio', errorRatio);
  validator.throwIfAny('Invalid heap() options');
  return own;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
