import type { Checker } from '../../health/checker.ts';
import type { CheckResult } from '../../health/result.ts';
import { bytesText } from '../../internal/bytes-text.ts';
import { Validator } from '../../internal/validator.ts';
import type { MemoryOptions } from './memory.ts';
import type { MemorySource } from './source.ts';

/** The ratios used when no threshold is given. */
const DEFAULT_WARN_RATIO = 0.85;
const DEFAULT_ERROR_RATIO = 0.95;

/** The checker, with the source of its figures. */
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
