import type { HistoryEntry } from '../health/history.ts';
import type { Report, ReportStatus } from '../health/report.ts';
import type { Stall } from '../health/stalls.ts';

/** How a report becomes bytes: a pure function, given everything that it may show. */
export interface Format {
  /** What `?format=` calls it. */
  readonly name: string;
  /** What `Accept` calls it. */
  readonly mediaType: string;
  /** The `Content-Type` of the answer. */
  readonly contentType: string;
  /** Headers of the answer in addition to those that every answer has: name, value, name, value. */
  readonly headers?: readonly string[];
  /** How it forbids keeping the answer, if `no-store` alone does not say it. */
  readonly cacheControl?: string;
  /** The HTTP code of a degraded report, where the format itself prescribes one. */
  readonly degradedStatusCode?: number;
  /** For people: who may see details sees them without asking for `?verbose`, and the other groups next to this one. */
  readonly isPage?: boolean;
  /**
   * The body. Without a context it shows names and statuses only, and nothing that changes while they do not:
   * such a body is sent to everybody.
   */
  render(report: Report, context: RenderContext | undefined): string;
}

/** What a caller who may see details is shown in addition to the report. */
export interface RenderContext {
  /** When the answer is made, in milliseconds since 1970; ages count up to here. */
  readonly nowMs: number;
  /** How long the process has been up, in seconds. */
  readonly uptimeSeconds: number;
  /** The base path; `<path>/<group>` answers for a group. */
  readonly path: string;
  /** The reports of all groups, for a page; empty otherwise. */
  readonly groups: readonly GroupState[];
  /** The last results of a check, oldest first. */
  history(check: string): readonly HistoryEntry[];
  /** The last time in which the event loop was blocked, where a thread looks for that. */
  readonly lastStall?: Stall | undefined;
}

/** A group at a glance. */
export interface GroupState {
  readonly group: string;
  readonly status: ReportStatus;
}
