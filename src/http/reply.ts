import type { Format } from '../formats/format.ts';
import type { Report } from '../health/report.ts';
import { lazy } from '../internal/lazy.ts';

/** An answer that is ready to send. Plain data: it may be sent again, and passed to another thread. */
export interface Reply {
  readonly statusCode: number;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  /** See {@link bodyOf}. */
  readonly body: string | Buffer;
  /** True if the connection is to close after it: `Connection: close`, which only HTTP/1 has. */
  readonly closesConnection: boolean;
}

/** The methods that health requests may use; HAProxy's check is OPTIONS unless configured otherwise. */
const ALLOWED_METHODS = 'GET, HEAD, OPTIONS';

/** The code of a report: a total function of its status. */
export function statusCodeOf(report: Report, degradedStatusCode: number): number {
  switch (report.status) {
    case 'healthy':
      return 200;
    case 'degraded':
      return degradedStatusCode;
    case 'unhealthy':
      return 503;
  }
}

/** The answer that shows a report. @param body what the format made of the report */
export function replyOf(report: Report, format: Format, degradedStatusCode: number, body: string): Reply {
  const statusCode = statusCodeOf(report, format.degradedStatusCode ?? degradedStatusCode);
  const more = [...(format.headers ?? []), ...(report.draining ? LEAVING : [])];
  const reply = plainReply(statusCode, format.contentType, body, more, format.cacheControl);
  return report.draining ? { ...reply, closesConnection: true } : reply;
}

/** An answer that is not about health. */
export function plainReply(
  statusCode: number,
  contentType: string,
  text: string,
  more: readonly string[] = [],
  cacheControl = 'no-store',
): Reply {
  const body = bodyOf(text);
  const headers = [
    'Content-Type',
    contentType,
    'Content-Length',
    // In bytes either way: only ASCII stays a string.
    String(body.length),
    'Cache-Control',
    cacheControl,
    'X-Content-Type-Options',
    'nosniff',
    'Vary',
    'Accept',
    ...more,
  ];
  return { statusCode, headers, body, closesConnection: false };
}

/** Up to this length, joining a string with its headers is cheaper than passing a separate Buffer; far above, it costs much more. */
const LONGEST_STRING = 4096;

/**
 * Short ASCII bodies stay strings, so Node writes headers and body in one chunk, which saves 5 % of the cost of an
 * answer. Anything else is encoded once.
 */
function bodyOf(text: string): string | Buffer {
  const isShort = text.length <= LONGEST_STRING;
  return isShort && Buffer.byteLength(text) === text.length ? text : Buffer.from(text);
}

/** Envoy takes an instance out immediately when it sees this (envoyproxy.io, "HTTP health checking"). */
const LEAVING = ['x-envoy-immediate-health-check-fail', 'true'];

const JSON_TYPE = 'application/json; charset=utf-8';

/** The answer to a method that is not allowed. */
export const methodNotAllowed: () => Reply = lazy(() =>
  plainReply(405, JSON_TYPE, `{"error":"method not allowed","allow":"${ALLOWED_METHODS}"}`, [
    'Allow',
    ALLOWED_METHODS,
  ]),
);

/** The answer where nothing else handles the request. */
export const notFound: () => Reply = lazy(() => plainReply(404, JSON_TYPE, '{"error":"not found"}'));

/** The answer where producing one failed. */
export const failed: () => Reply = lazy(() =>
  plainReply(503, JSON_TYPE, '{"error":"health could not be reported; see the log"}'),
);
