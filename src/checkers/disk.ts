import type { Checker } from '../health/checker.ts';
import type { CheckResult, CheckStatus } from '../health/result.ts';
import { bytesText } from '../internal/bytes-text.ts';
import { Validator } from '../internal/validator.ts';

/** The ratios used when no threshold is given. */
const DEFAULT_WARN_FREE_RATIO = 0.1;
const DEFAULT_ERROR_FREE_RATIO = 0.05;

const OPTIONS: readonly (keyof DiskOptions)[] = [
  'path',
  'warnFreeRatio',
  'errorFreeRatio',
  'warnFreeBytes',
  'errorFreeBytes',
];

/**
 * What {@link disk} looks at, and its thresholds. Give each level in bytes or as a ratio, not both. If none is given,
 * `warnFreeRatio` is 0.1 and `errorFreeRatio` 0.05.
 */
export interface DiskOptions {
  /** A path on the file system, such as the folder that the service writes to. */
  readonly path: string;
  /** `warning` while less than this part of the file system is free, over 0 and up to 1. */
  readonly warnFreeRatio?: number;
  /** `error` while less than this part of the file system is free, over 0 and up to 1. */
  readonly errorFreeRatio?: number;
  /** `warning` while less than this many bytes are free. */
  readonly warnFreeBytes?: number;
  /** `error` while less than this many bytes are free. */
  readonly errorFreeBytes?: number;
}

/** The part of `fs.statfs` that is used here. */
interface Figures {
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

/**
 * Compares the free space of a file system with thresholds: the bytes that an unprivileged process may still write,
 * as `df` shows them, and the inodes, which run out first where there are many small files. Inodes are compared with the
 * ratios; for a level in bytes, with that level's default ratio. A warning is shown but does not take the instance out of
 * service, unless the check is registered with `failOn: 'warning'`.
 *
 * @example disk({ path: '/var/lib/shop', errorFreeBytes: 500_000_000 })
 * @throws ConfigError with every issue in the options
 */
export function disk(options: DiskOptions): Checker {
  const levels = checkOptions(options);
  let pending: Promise<Figures> | undefined;
  return {
    kind: 'dependency',
    failOn: 'error',
    maxOutstanding: 1,
    async check(context) {
      context.setTimeoutMessage(
        `no answer from the file system of ${levels.path} within ${context.timeoutMs} ms: is it a network mount whose server is gone?`,
      );
      // A dead mount occupies one of libuv's four threads until it is back, so there is never a second request.
      pending ??= readFigures(levels.path).finally(() => {
        pending = undefined;
      });
      return judge(await pending, levels);
    },
  };
}

async function readFigures(path: string): Promise<Figures> {
  const { statfs } = await import('node:fs/promises');
  return statfs(path);
}

/** The free space below which the check has a status. */
interface Level {
  readonly status: Exclude<CheckStatus, 'ok'>;
  readonly bytes: number | undefined;
  readonly ratio: number | undefined;
  readonly inodeRatio: number;
}

interface Levels {
  readonly path: string;
  /** Worst first. */
  readonly levels: readonly Level[];
}

function judge(figures: Figures, { path, levels }: Levels): CheckResult {
  const { bsize, blocks, bfree, bavail, files, ffree } = figures;
  const freeBytes = bavail * bsize;
  // Like df: space reserved for root counts neither as used nor as free.
  const usableBytes = (blocks - bfree + bavail) * bsize;
  const freeRatio = usableBytes > 0 ? freeBytes / usableBytes : 1;
  // Some file systems, such as btrfs, have no fixed number of inodes and report 0.
  const freeInodeRatio = files > 0 ? ffree / files : 1;
  const facts = {
    value: freeBytes,
    unit: 'bytes',
    details: { path, freeBytes, freeRatio: rounded(freeRatio), freeInodeRatio: rounded(freeInodeRatio) },
  } as const;
  for (const level of levels) {
    const { status, bytes, ratio, inodeRatio } = level;
    const spaceLimit = bytes ?? (ratio ?? 0) * usableBytes;
    if (freeBytes < spaceLimit) {
      const expected = bytes === undefined ? percent(ratio ?? 0) : bytesText(bytes);
      const message = `${bytesText(freeBytes)} (${percent(freeRatio)}) free on ${path}, expected at least ${expected}: delete files, or grow the volume`;
      return { status, message, ...facts };
    }
    if (freeInodeRatio < inodeRatio) {
      const message = `${percent(freeInodeRatio)} of the inodes free on ${path}, expected at least ${percent(inodeRatio)}: delete small files`;
      return { status, message, ...facts };
    }
  }
  return { status: 'ok', ...facts };
}

function rounded(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function checkOptions(options: DiskOptions): Levels {
  const validator = new Validator();
  if (options === undefined) validator.expected('options', 'an object with a `path`', options);
  const own = validator.options('options', options, OPTIONS);
  const { path, warnFreeBytes, errorFreeBytes, warnFreeRatio, errorFreeRatio } = own;
  if (options !== undefined && path === undefined)
    validator.expected('path', 'a path on the file system to watch', path);
  validator.nonEmptyString('path', path);
  validator.wholeNumber('warnFreeBytes', warnFreeBytes, 1, Number.MAX_SAFE_INTEGER);
  validator.wholeNumber('errorFreeBytes', errorFreeBytes, 1, Number.MAX_SAFE_INTEGER);
  validator.ratio('warnFreeRatio', warnFreeRatio);
  validator.ratio('errorFreeRatio', errorFreeRatio);
  validator.notBoth('warnFreeBytes', warnFreeBytes, 'warnFreeRatio', warnFreeRatio);
  validator.notBoth('errorFreeBytes', errorFreeBytes, 'errorFreeRatio', errorFreeRatio);
  validator.ordered('errorFreeBytes', errorFreeBytes, 'warnFreeBytes', warnFreeBytes);
  validator.ordered('errorFreeRatio', errorFreeRatio, 'warnFreeRatio', warnFreeRatio);
  validator.throwIfAny('Invalid disk() options');
  const isBare = [warnFreeBytes, errorFreeBytes, warnFreeRatio, errorFreeRatio].every(
    (each) => each === undefined,
  );
  const levels = [
    level('error', errorFreeBytes, errorFreeRatio, DEFAULT_ERROR_FREE_RATIO, isBare),
    level('warning', warnFreeBytes, warnFreeRatio, DEFAULT_WARN_FREE_RATIO, isBare),
  ];
  return { path: path as string, levels: levels.filter((each) => each !== undefined) };
}

function level(
  status: Level['status'],
  bytes: number | undefined,
  ratio: number | undefined,
  defaultRatio: number,
  isBare: boolean,
): Level | undefined {
  if (bytes !== undefined) return { status, bytes, ratio: undefined, inodeRatio: defaultRatio };
  if (ratio !== undefined) return { status, bytes: undefined, ratio, inodeRatio: ratio };
  return isBare ? { status, bytes: undefined, ratio: defaultRatio, inodeRatio: defaultRatio } : undefined;
}
