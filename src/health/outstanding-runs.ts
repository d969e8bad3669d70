import type { Run } from './run.ts';
import { attemptDelayMs, WRITE_OFF_MS } from './schedule.ts';

/**
 * The runs of a check that have not settled: the current one, and earlier ones that ran out of time and ignore their
 * abort signal. Stuck runs stay within bounds: further attempts become ever rarer, at most `maxOutstanding` runs are
 * counted, and the oldest is written off once it has been outstanding for over a minute.
 */
export class OutstandingRuns {
  readonly #maxOutstanding: number;
  /** The last run that was started, until it settles. */
  #current: Run | undefined;
  /** Earlier runs, oldest first. All of them are overdue. */
  #older: Run[] = [];
  /** Runs in a row that ran out of time and had not settled when the next attempt began. */
  #overdueInARow = 0;

  constructor(maxOutstanding: number) {
    this.#maxOutstanding = maxOutstanding;
  }

  /** The current run, if it has time left. */
  get inTime(): Run | undefined {
    const current = this.#current;
    return current === undefined || current.timedOut ? undefined : current;
  }

  /** The last run, if it ran out of time and has not settled. */
  get overdue(): Run | undefined {
    return this.#current?.timedOut ? this.#current : undefined;
  }

  /** When the longest overdue run of the current series began; undefined if none is overdue. */
  get stuckSince(): number | undefined {
    if (!this.#current?.timedOut) return undefined;
    return (this.#older[0] ?? this.#current).startedAt;
  }

  /** All runs that are counted. */
  get all(): readonly Run[] {
    return this.#current === undefined ? this.#older : [...this.#older, this.#current];
  }

  /** Returns true if a run is counted and has not settled. */
  has(run: Run): boolean {
    return run === this.#current || this.#older.includes(run);
  }

  /** Adds a run that starts now; writes the oldest one off if there is no room. */
  add(run: Run): void {
    if (this.#current !== undefined) this.#older.push(this.#current);
    if (this.#older.length >= this.#maxOutstanding) this.#older.shift();
    this.#current = run;
  }

  /** Counts a run that ran out of time. */
  onOverdue(): void {
    this.#overdueInARow++;
  }

  /**
   * Forgets a run that has settled.
   * @returns true if it was the last one started, whose result counts
   */
  remove(run: Run): boolean {
    if (run === this.#current) {
      this.#current = undefined;
      this.#overdueInARow = 0;
      return true;
    }
    this.#older = this.#older.filter((each) => each !== run);
    return false;
  }

  /** Forgets all runs. */
  clear(): void {
    this.#current = undefined;
    this.#older = [];
  }

  /** When the next attempt next to an overdue run may begin, on the clock's `now()`. */
  nextAttemptAt(): number {
    const current = this.#current;
    if (current === undefined) return Number.NEGATIVE_INFINITY;
    const dueAt = current.startedAt + attemptDelayMs(this.#overdueInARow, current.timeoutMs);
    if (this.#older.length + 1 < this.#maxOutstanding) return dueAt;
    return Math.max(dueAt, (this.#older[0] ?? current).startedAt + WRITE_OFF_MS);
  }
}
