import type { Format } from '../formats/format.ts';
import type { Report } from '../health/report.ts';
import { type Reply, replyOf } from './reply.ts';

/** No more groups than this are cached: checks may keep coming and going under new names. */
const MOST_GROUPS = 1000;

interface Kept {
  report: Report;
  readonly body: string;
  readonly reply: Reply;
}

/** The last reply of each group in each format, without details. It is reused while its report is the current one. */
export class KeptReplies {
  readonly #degradedStatusCode: number;
  readonly #replies = new Map<string, Map<Format, Kept>>();

  constructor(degradedStatusCode: number) {
    this.#degradedStatusCode = degradedStatusCode;
  }

  /** The reply for a report, serialised once; the previous reply if only times have changed. */
  of(report: Report, format: Format): Reply {
    let replies = this.#replies.get(report.group);
    if (replies === undefined) {
      if (this.#replies.size >= MOST_GROUPS) this.#replies.clear();
      replies = new Map();
      this.#replies.set(report.group, replies);
    }
    const kept = replies.get(format);
    if (kept?.report === report) return kept.reply;
    const body = format.render(report, undefined);
    if (kept?.body === body && isAlike(kept.report, report)) {
      kept.report = report;
      return kept.reply;
    }
    const reply = replyOf(report, format, this.#degradedStatusCode, body);
    replies.set(format, { report, body, reply });
    return reply;
  }
}

/** True if two reports with equal bodies also have equal status codes and headers. */
function isAlike(one: Report, other: Report): boolean {
  return one.status === other.status && one.draining === other.draining;
}
