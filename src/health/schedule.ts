/** The first pause after an error, in milliseconds; it doubles with each further one. */
const FIRST_RETRY_MS = 1000;

/** The first attempt next to an overdue run comes this many times the check's `timeoutMs` after that run began. */
const FIRST_ATTEMPT_TIMEOUTS = 10;

/** The longest time between two attempts next to overdue runs, in milliseconds. */
const LONGEST_ATTEMPT_MS = 60_000;

/** An overdue run that has been outstanding for longer than this may be written off, in milliseconds. */
export const WRITE_OFF_MS = 60_000;

/** A period varies by this fraction, so that the instances of a fleet do not run in step. */
const JITTER = 0.1;

/** Further doublings exceed every period anyway. */
const MAX_DOUBLINGS = 31;

/** A period, give or take a tenth. */
export function jittered(periodMs: number): number {
  return Math.max(1, Math.round(periodMs * (1 - JITTER + 2 * JITTER * Math.random())));
}

/**
 * How long an error result is reused, or how soon the next background run follows: 1, 2, 4 … s, at most the usual period.
 *
 * @param errors how many runs in a row ended in an error, from 1
 */
export function retryDelayMs(errors: number, periodMs: number): number {
  const delayMs = doubled(FIRST_RETRY_MS, errors - 1);
  return delayMs >= periodMs ? periodMs : Math.min(periodMs, jittered(delayMs));
}

/**
 * How long after the last attempt began the next one may, while runs are overdue.
 *
 * @param overdue how many attempts in a row ran out of time, from 1
 */
export function attemptDelayMs(overdue: number, timeoutMs: number): number {
  return Math.min(LONGEST_ATTEMPT_MS, doubled(FIRST_ATTEMPT_TIMEOUTS * timeoutMs, overdue - 1));
}

/** The result of {@link missedRuns}. */
export interface Missed {
  readonly runs: number;
  /** When the next one is due, on the scale of `elapsedMs`. */
  readonly nextAtMs: number;
}

/**
 * The runs that would have been due in a time in which an overdue run kept them from starting.
 *
 * @param errors how many runs in a row had ended in an error when that time began
 */
export function missedRuns(elapsedMs: number, errors: number, periodMs: number): Missed {
  let runs = 0;
  let dueAtMs = 0;
  let delayMs = doubled(FIRST_RETRY_MS, errors - 1);
  while (delayMs < periodMs) {
    dueAtMs += delayMs;
    if (dueAtMs > elapsedMs) return { runs, nextAtMs: dueAtMs };
    runs++;
    delayMs *= 2;
  }
  // From here on one is due every period.
  const more = Math.max(0, Math.floor((elapsedMs - dueAtMs) / periodMs));
  return { runs: runs + more, nextAtMs: dueAtMs + (more + 1) * periodMs };
}

function doubled(ms: number, times: number): number {
  return ms * 2 ** Math.min(Math.max(times, 0), MAX_DOUBLINGS);
}
