import { LIVE_GROUP } from '../health/group.ts';
import type { Report } from '../health/report.ts';
import { type SharedState, sharedNow } from './memory.ts';
import type { KeptReport } from './protocol.ts';

/** The most groups to keep: checks may come and go under new names all the time. */
const MOST_GROUPS = 1000;

/** The last report of each group from the main thread, and whether it may still be shown. */
export class KeptReports {
  readonly #state: SharedState;
  readonly #groups = new Map<string, KeptReport>();

  constructor(state: SharedState, live: KeptReport) {
    this.#state = state;
    this.keep(live);
  }

  keep(kept: KeptReport): void {
    const { group } = kept.report;
    if (this.#groups.size >= MOST_GROUPS && !this.#groups.has(group)) {
      const live = this.#groups.get(LIVE_GROUP);
      this.#groups.clear();
      if (live !== undefined) this.#groups.set(LIVE_GROUP, live);
    }
    this.#groups.set(group, kept);
  }

  /** The report of a group while it is fresh and has not been invalidated. */
  fresh(group: string): Report | undefined {
    const kept = this.#groups.get(group);
    if (kept === undefined || kept.version !== this.#state.version) return undefined;
    return sharedNow() < kept.freshUntil && Date.now() <= kept.freshUntilEpochMs ? kept.report : undefined;
  }

  /** The last report of a group, whatever its age. */
  last(group: string): Report | undefined {
    return this.#groups.get(group)?.report;
  }

  /** Forgets a group that no longer exists. */
  forget(group: string): void {
    this.#groups.delete(group);
  }
}
