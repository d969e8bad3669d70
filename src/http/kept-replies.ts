import type { Format } from '../formats/format.ts';
import type { Report } from '../health/report.ts';
import { type Reply, replyOf } from './reply.ts';

/** More groups than this are not kept: checks may come and go under new names all the time. */
const MOST_GROUPS = 1000;

interface Kept {
  readonly report: Report;
  readonly reply: Reply;
}

/** The last reply of each group in each format, without details. It is sent again while its report is the current one. */
export class KeptReplies {
  readonly #degradedStatusCode: number;
  readonly #replies = new Map<string, Map<Format, Kept>>();

  constructor(degradedStatusCode: number) {
    this.#degradedStatusCode = degradedStatusCode;
  }

  /** The reply of a report, serialised once. */
  of(report: Report, format: Format): Reply {
    let replies = this.#replies.get(report.group);
    if (replies === undefined) {
      if (this.#replies.size >= MOST_GROUPS) this.#replies.clear();
      replies = new Map();
      this.#replies.set(report.group, replies);
    }
    const kept = replies.get(format);
    if (kept !== undefined && kept.report === report) return kept.reply;
    const reply = replyOf(report, format, this.#degradedStatusCode, undefined);
    replies.set(format, { report, reply });
    return reply;
  }
}
