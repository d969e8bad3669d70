import type { Format } from '../formats/format.ts';
import type { Report } from '../health/report.ts';
import type { Reply } from './reply.ts';

/** How long a rendering with details is reused, in milliseconds: its ages are at most this much too low. */
const MOMENT_MS = 100;

/** No more groups than this are cached: checks may keep coming and going under new names. */
const MOST_GROUPS = 100;

/** What a rendering with details depends on. */
interface Subject {
  /** The report it shows. */
  readonly report: Report;
  /** The report of every check, which a page shows the groups of. */
  readonly all: Report;
  readonly format: Format;
  /** The mount point of the router that the request came through; links begin with it. */
  readonly mount: string;
}

interface Kept extends Subject {
  readonly reply: Reply;
  readonly madeAt: number;
}

/**
 * The last replies with details. They show ages, so they are reused only briefly; but even a flood of requests costs only one
 * rendering per group, format and moment.
 */
export class DetailReplies {
  readonly #now: () => number;
  readonly #replies = new Map<string, Kept>();

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The reply that shows `subject`, made by `render` unless the last one was made a moment ago. */
  of(subject: Subject, render: () => Reply): Reply {
    const { report, all, format, mount } = subject;
    const key = `${format.name} ${report.group}`;
    const kept = this.#replies.get(key);
    const now = this.#now();
    if (
      kept !== undefined &&
      kept.report === report &&
      kept.all === all &&
      kept.mount === mount &&
      now - kept.madeAt < MOMENT_MS
    )
      return kept.reply;
    const reply = render();
    if (this.#replies.size >= MOST_GROUPS) this.#replies.clear();
    this.#replies.set(key, { report, all, format, mount, reply, madeAt: now });
    return reply;
  }
}
