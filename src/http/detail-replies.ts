import type { Format } from '../formats/format.ts';
import type { Report } from '../health/report.ts';
import type { Reply } from './reply.ts';

/** How long a rendering with details is sent again, in milliseconds: its ages are at most this much too young. */
const MOMENT_MS = 100;

/** More groups than this are not kept: checks may come and go under new names all the time. */
const MOST_GROUPS = 100;

/** What a rendering with details depends on. */
interface Subject {
  /** The report it shows. */
  readonly report: Report;
  /** The report of every check, which a page shows the groups of. */
  readonly all: Report;
  readonly format: Format;
  /** Where the router is mounted that the request came through; links begin with it. */
  readonly mount: string;
}

interface Kept extends Subject {
  readonly reply: Reply;
  readonly madeAt: number;
}

/**
 * The last replies with details. They show ages, so they are never fresh for long; but a flood of requests costs one rendering
 * per group, format and moment.
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
