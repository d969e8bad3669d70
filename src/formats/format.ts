import type { HistoryEntry } from '../health/history.ts';
import type { Report, ReportStatus } from '../health/report.ts';
import type { Stall } from '../health/stalls.ts';

/** How a report becomes bytes: a pure function of everything that it may show. */
export interface Format {
  /** Its name in `?format=`. */
  readonly name: string;
  /** Its media type in `Accept`. */
  readonly mediaType: string;
  /** The `Content-Type` of the answer. */
  readonly contentType: string;
  /** Headers in addition to those that every answer has: name, value, name, value. */
  readonly headers?: readonly string[];
  /** Its `Cache-Control`, where it is not just `no-store`. */
  readonly cacheControl?: string;
  /** The HTTP code of a degraded report, where the format itself prescribes one. */
  readonly degradedStatusCode?: number;
  /** For people: callers who may see details see them without `?verbose`, and the other groups as well. */
  readonly isPage?: boolean;
  /**
   * Loads the code that renders it, where that is not loaded with the package; undefined once it is there. Rendering and
   * `headers` need it.
   */
  load?(): Promise<void> | undefined;
  /**
   * The body. Without a context it shows only names and statuses, and nothing that changes while they do not: such a
   * body is cached and sent to every caller.
   */
  render(report: Report, context: RenderContext | undefined): string;
}

/** What callers who may see details get in addition to the report. */
export interface RenderContext {
  /** When the answer is rendered, in milliseconds since 1970; ages count up to here. */
  readonly nowMs: number;
  /** How long the process has been up, in seconds. */
  readonly uptimeSeconds: number;
  /** The base path; `<path>/<group>` serves a group. */
  readonly path: string;
  /** The reports of all groups, for a page; empty otherwise. */
  readonly groups: readonly GroupState[];
  /** The last results of a check, oldest first. */
  history(check: string): readonly HistoryEntry[];
  /** The last time that the event loop was blocked, if a thread watches for that. */
  readonly lastStall?: Stall | undefined;
}

/** A group at a glance. */
export interface GroupState {
  readonly group: string;
  readonly status: ReportStatus;
}
