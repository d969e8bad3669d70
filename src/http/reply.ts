import type { ServerResponse } from 'node:http';
import type { Format, RenderContext } from '../formats/format.ts';
import type { Report } from '../health/report.ts';

/** An answer that is ready to leave: code, flat header list and body. */
export interface Reply {
  /** The report it says; undefined for answers that are not about health. */
  readonly report: Report | undefined;
  readonly statusCode: number;
  readonly headers: readonly string[];
  /** See {@link bodyOf}. */
  readonly body: string | Buffer;
}

/** The methods that health is answered to; HAProxy's check is OPTIONS unless told otherwise. */
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

/** The answer that says a report; without a context, names and statuses only. */
export function replyOf(
  report: Report,
  format: Format,
  degradedStatusCode: number,
  context: RenderContext | undefined,
): Reply {
  const statusCode = statusCodeOf(report, format.degradedStatusCode ?? degradedStatusCode);
  const more = [...(format.headers ?? []), ...(report.draining ? LEAVING : [])];
  const body = format.render(report, context);
  return { ...plainReply(statusCode, format.contentType, body, more, format.cacheControl), report };
}

/** An answer of ours that is not about health. */
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
    // In bytes either way: what stays text is ASCII.
    String(body.length),
    'Cache-Control',
    cacheControl,
    'X-Content-Type-Options',
    'nosniff',
    'Vary',
    'Accept',
    ...more,
  ];
  return { report: undefined, statusCode, headers, body };
}

/** Up to here, joining a text with its headers costs less than handing on a Buffer beside them; far above, much more. */
const LONGEST_TEXT = 4096;

/**
 * What leaves soonest: a short text of ASCII goes out in one piece with the headers, which saves a twentieth of the
 * cost of an answer. Anything else is made bytes once.
 */
function bodyOf(text: string): string | Buffer {
  const isShort = text.length <= LONGEST_TEXT;
  return isShort && Buffer.byteLength(text) === text.length ? text : Buffer.from(text);
}

/** Envoy takes an instance out at once when it sees the second header (envoyproxy.io, "HTTP health checking"). */
const LEAVING = ['Connection', 'close', 'x-envoy-immediate-health-check-fail', 'true'];

/** The answer to a method that is not allowed. */
export const METHOD_NOT_ALLOWED: Reply = plainReply(
  405,
  'application/json; charset=utf-8',
  `{"error":"method not allowed","allow":"${ALLOWED_METHODS}"}`,
  ['Allow', ALLOWED_METHODS],
);

/** The answer where nobody else is there to answer. */
export const NOT_FOUND: Reply = plainReply(404, 'application/json; charset=utf-8', '{"error":"not found"}');

/** Sends a reply, unless somebody answered already or the prober has gone. */
export function send(reply: Reply, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return;
  // The list is not copied: Node only reads it, although its types ask for a list that may be changed.
  response.writeHead(reply.statusCode, reply.headers as string[]);
  // Node drops the body of HEAD, unless the server was told to throw (`rejectNonStandardBodyWrites`).
  if (response.req.method === 'HEAD') response.end();
  // ASCII is the same in latin1, which Node writes without counting bytes. Of a Buffer the encoding is ignored.
  else response.end(reply.body, 'latin1');
}
