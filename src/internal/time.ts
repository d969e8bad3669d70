/** The longest timer in Node, 2^31 - 1 ms; a longer one fires after 1 ms. */
export const MAX_TIMER_MS = 2_147_483_647;

/** What {@link Clock.setTimeout} returns. */
export interface TimerHandle {
  /** Lets the process end before the timer has fired. */
  unref?(): unknown;
  /** Keeps the process alive until the timer fires, as a new timer does. */
  ref?(): unknown;
}

/**
 * The source of time. Tests replace it with a virtual clock (`allswell/testing`) and assert exact milliseconds.
 */
export interface Clock {
  /** Monotonic milliseconds, independent of the wall clock. Used to measure ages and durations. */
  now(): number;
  /** The wall clock: milliseconds since 1970. */
  epochMs(): number;
  /** Calls back once, after `delayMs` milliseconds. */
  setTimeout(callback: () => void, delayMs: number): TimerHandle;
  /** Cancels a timer; does nothing if it has already fired. */
  clearTimeout(handle: TimerHandle): void;
}

/** The methods of a {@link Clock}. */
export const CLOCK_METHODS: readonly (keyof Clock)[] = ['now', 'epochMs', 'setTimeout', 'clearTimeout'];

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

/**
 * Waits for `work`, at most `timeoutMs`.
 * @returns true if it settled in time; rejects if it rejects in time
 */
export async function settlesWithin(
  clock: Clock,
  timeoutMs: number,
  work: Promise<unknown>,
): Promise<boolean> {
  let timer: TimerHandle | undefined;
  const timeUp = new Promise<boolean>((resolve) => {
    timer = clock.setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([work.then(() => true), timeUp]);
  } finally {
    clock.clearTimeout(timer as TimerHandle);
  }
}

/** A duration for messages: `12.4 s`. */
export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
