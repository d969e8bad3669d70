import { CHECK_STATUSES, type CheckStatus } from './result.ts';

/** How many results of a check are remembered. */
export const HISTORY_LENGTH = 60;

/** One remembered run. */
export interface HistoryEntry {
  readonly status: CheckStatus;
  /** When the run settled, in milliseconds since 1970. */
  readonly atMs: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/**
 * The last {@link HISTORY_LENGTH} results of a check, in a ring that never grows: 720 bytes of numbers outside the
 * heap and 440 bytes in it, whatever the check returned. Messages are not kept.
 */
export class History {
  /** Time and status in one number, `epochMs × 4 + status`: exact until the year 71 000, and one array less. */
  readonly #moments = new Float64Array(HISTORY_LENGTH);
  readonly #durations = new Float32Array(HISTORY_LENGTH);
  #count = 0;

  /** Remembers a result, and forgets the oldest if there is no room. */
  add(status: CheckStatus, epochMs: number, durationMs: number): void {
    const index = this.#count++ % HISTORY_LENGTH;
    this.#moments[index] = Math.floor(epochMs) * 4 + CHECK_STATUSES.indexOf(status);
    this.#durations[index] = durationMs;
  }

  /** A copy of what is remembered, oldest first. */
  entries(): readonly HistoryEntry[] {
    const length = Math.min(this.#count, HISTORY_LENGTH);
    return Array.from({ length }, (_, age) => this.#entry((this.#count - length + age) % HISTORY_LENGTH));
  }

  #entry(index: number): HistoryEntry {
    const moment = this.#moments[index] as number;
    return {
      status: CHECK_STATUSES[moment % 4] as CheckStatus,
      atMs: Math.floor(moment / 4),
      // 32 bits keep seven digits: microseconds up to 16 s, which is what durations are rounded to.
      durationMs: Math.round((this.#durations[index] as number) * 1000) / 1000,
    };
  }
}
