import type { Place } from '../adapters/place.ts';
import type { Report } from '../health/report.ts';
import type { Stall } from '../health/stalls.ts';
import type { ProbeRequest } from '../http/probe-request.ts';
import type { Reply } from '../http/reply.ts';
import type { RouteSettings } from '../http/routes.ts';
import type { Logger } from '../internal/logger.ts';

/** What the listening thread starts with: plain data, which can be copied. */
export interface ThreadData {
  readonly memory: SharedArrayBuffer;
  readonly place: Place;
  readonly routes: RouteSettings;
  readonly degradedStatusCode: number;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly metricsTimeoutMs: number;
  readonly stallMs: number;
  readonly stackAfterMs: number;
  /** The report of the `live` group, in case the main thread blocks before the first request. */
  readonly live: KeptReport;
}

/** The outline of a report, and until when it may be shown again. */
export interface KeptReport {
  readonly report: Report;
  /** The version of all reports when this one was made. */
  readonly version: number;
  /** On the clock of `sharedNow()`, in milliseconds; in the past for a report that must not be shown again. */
  readonly freshUntil: number;
  /** On the wall clock, which also runs while the machine is suspended; in milliseconds since 1970. */
  readonly freshUntilEpochMs: number;
}

/** From the main thread to the listening one. */
export type ToThread =
  /** The answer to `ask`: undefined if there is no such group, `failed` if no report could be made. */
  | { readonly type: 'report'; readonly id: number; readonly kept: KeptReport | 'failed' | undefined }
  /** The `live` group has changed. */
  | { readonly type: 'live'; readonly kept: KeptReport }
  /** The answer to `relay`: undefined if the request is not for health. */
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply | undefined }
  | { readonly type: 'close' };

/** From the listening thread to the main one. */
export type FromThread =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'failed'; readonly code: string | undefined; readonly message: string }
  /** Asks for the report of a group. */
  | { readonly type: 'ask'; readonly id: number; readonly group: string }
  /** Asks for the answer to a request: details, pages, metrics. */
  | { readonly type: 'relay'; readonly id: number; readonly request: ProbeRequest }
  | { readonly type: 'stall'; readonly stall: Stall }
  | {
      readonly type: 'log';
      readonly level: keyof Logger;
      readonly message: string;
      /** What went wrong, not yet redacted: the main thread does that. */
      readonly reason: string;
    };
