/** What {@link Clock.setTimeout} gives back. */
export interface TimerHandle {
  /** Lets the process end although the timer has not fired. */
  unref?(): unknown;
}

/**
 * Where time comes from. Tests put a virtual clock in its place and assert exact milliseconds.
 */
export interface Clock {
  /** Milliseconds that only grow, whatever happens to the wall clock. Ages and durations are measured with it. */
  now(): number;
  /** Milliseconds since 1970, for the dates that people read. */
  epochMs(): number;
  /** Calls back once, after `delayMs` milliseconds. */
  setTimeout(callback: () => void, delayMs: number): TimerHandle;
  /** Forgets a timer; one that has fired already is no error. */
  clearTimeout(handle: TimerHandle): void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

/**
 * Waits for something, but not for ever.
 * @returns whether it ended in time. Rejects if it does, in time
 */
export async function within(clock: Clock, timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
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
