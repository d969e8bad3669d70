import type { Logger } from '../internal/logger.ts';
import type { Moment } from '../internal/moment.ts';
import { inSeconds } from '../internal/time.ts';
import type { CheckReport } from './report.ts';

/** After a failure and its recovery, a check that keeps changing gets at most one line in this time, in milliseconds. */
const QUIET_MS = 60_000;

/** Lines that a check may log at once: that it failed, and that it recovered. */
const LINES_AT_ONCE = 2;

/** What was logged about one check. */
interface Entry {
  linesLeft: number;
  lastLineAt: number;
  lastChangeAt: number;
  /** Changes since the last line. */
  unlogged: number;
}

/**
 * Logs why a check is not ok, and when it recovers: once for each change, and once a minute with a count for a check that
 * flaps.
 */
export class ChangeLog {
  readonly #logger: Logger;
  readonly #entries = new Map<string, Entry>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Takes each result of a check. */
  onResult(after: CheckReport, before: CheckReport | undefined, at: Moment): void {
    const isChange = before === undefined ? after.status !== 'ok' : before.status !== after.status;
    const entry = this.#entries.get(after.name);
    if (!isChange) {
      const isOwed = entry !== undefined && entry.unlogged > 0 && at.now - entry.lastLineAt >= QUIET_MS;
      if (isOwed) this.#log(entry, after, before, at.now);
      return;
    }
    const { now } = at;
    const known = entry ?? this.#add(after.name);
    if (now - known.lastChangeAt >= QUIET_MS) known.linesLeft = LINES_AT_ONCE;
    known.lastChangeAt = now;
    if (known.linesLeft > 0 || now - known.lastLineAt >= QUIET_MS) this.#log(known, after, before, now);
    else known.unlogged++;
  }

  /** Forgets a check that was unregistered. */
  forget(name: string): void {
    this.#entries.delete(name);
  }

  #add(name: string): Entry {
    const entry = {
      linesLeft: LINES_AT_ONCE,
      lastLineAt: Number.NEGATIVE_INFINITY,
      lastChangeAt: Number.NEGATIVE_INFINITY,
      unlogged: 0,
    };
    this.#entries.set(name, entry);
    return entry;
  }

  #log(entry: Entry, after: CheckReport, before: CheckReport | undefined, now: number): void {
    const { name, status, code, message } = after;
    const changes = entry.unlogged === 1 ? 'change' : 'changes';
    const more = entry.unlogged === 0 ? '' : ` (${entry.unlogged} more ${changes} since the last line)`;
    entry.linesLeft = Math.max(0, entry.linesLeft - 1);
    entry.lastLineAt = now;
    entry.unlogged = 0;
    if (status === 'ok') {
      const downMs = before === undefined || before.status === 'ok' ? 0 : after.checkedAtMs - before.sinceMs;
      const lasted = downMs > 0 ? ` after ${inSeconds(downMs)}` : '';
      this.#logger.info({ check: name, status, downMs }, `Check \`${name}\` is ok again${lasted}${more}`);
      return;
    }
    const reason = message ?? 'no reason given';
    const facts =
      code === undefined ? { check: name, status, reason } : { check: name, status, code, reason };
    this.#logger.warn(
      facts,
      `Check \`${name}\` is ${status === 'error' ? 'failing' : 'warning'}: ${reason}${more}`,
    );
  }
}
