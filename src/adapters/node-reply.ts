import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { failed, type Reply } from '../http/reply.ts';
import type { NodeRequest } from './node-request.ts';

/** A response of `node:http` or `node:https`, of HTTP/2, or what a framework builds to look like one. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** The methods of a response as Node defines them. */
export interface OwnMethods {
  readonly writeHead: unknown;
  readonly end: unknown;
}

/**
 * The methods of Node's responses; undefined where something has patched them for the whole process, as tracers do, because
 * what a patch expects is unknown.
 */
export function ownMethods({ writeHead, end }: OwnMethods): OwnMethods | undefined {
  const isOwn = /^function writeHead\(statusCode, reason, obj\)/.test(String(writeHead));
  return isOwn && /^function end\(chunk, encoding, callback\)/.test(String(end))
    ? { writeHead, end }
    : undefined;
}

/**
 * Sends a reply, unless one has been sent already or the prober has gone.
 *
 * @param own the methods that the response has if nothing was wrapped around it
 * @returns what a wrapped `end()` returned, which may be a promise
 * @throws what a wrapped method of the response throws; call {@link sendFailure} in that case
 */
export function send(
  reply: Reply,
  request: NodeRequest,
  response: NodeResponse,
  own: OwnMethods | undefined,
): unknown {
  if (response.headersSent || response.destroyed) return undefined;
  // Node drops the body of HEAD, unless the server is configured to throw (`rejectNonStandardBodyWrites`).
  const isHead = request.method === 'HEAD';
  if (isUntouched(response, own) && !reply.closesConnection) {
    // The list is not copied: Node only reads it, although its types demand a mutable list.
    response.writeHead(reply.statusCode, reply.headers as string[]);
    // ASCII is the same in latin1, which Node writes without counting bytes. For a Buffer the encoding is ignored.
    if (isHead) response.end();
    else response.end(reply.body, 'latin1');
    return undefined;
  }
  // Headers one by one and only `end()`: every middleware that wraps a response has to support these.
  setHead(reply, request, response as ServerResponse);
  return isHead ? response.end() : response.end(reply.body);
}

/** Only Node itself gets flat header lists: on-headers 1.0.2, used by older morgan and compression, reads them as pairs. */
function isUntouched(
  response: NodeResponse,
  own: OwnMethods | undefined,
): response is ServerResponse<IncomingMessage> {
  return (
    own !== undefined &&
    response.writeHead === own.writeHead &&
    response.end === own.end &&
    !response.hasHeader('Vary') &&
    !hasFraming(response)
  );
}

/**
 * Headers that describe a body other than ours. We send a length, and a message with both counts as an attack (RFC 9112, 6.3);
 * Node throws on a `Trailer` without chunks.
 */
const FRAMING = ['Transfer-Encoding', 'Trailer', 'Content-Encoding'];

/** A loop, because `some` would create a closure for each answer. */
function hasFraming(response: NodeResponse): boolean {
  for (const name of FRAMING) if (response.hasHeader(name)) return true;
  return false;
}

function setHead(reply: Reply, request: NodeRequest, response: ServerResponse): void {
  response.statusCode = reply.statusCode;
  for (const name of FRAMING) response.removeHeader?.(name);
  const { headers } = reply;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] as string;
    response.setHeader(name, name === 'Vary' ? varyOf(response.getHeader?.('Vary'), value) : value);
  }
  // HTTP/2 has no such header, and Node warns about it.
  if (reply.closesConnection && !(request.httpVersionMajor >= 2)) response.setHeader('Connection', 'close');
}

/** `Vary` with our names added to those that others have set. */
function varyOf(before: unknown, ours: string): string {
  if (before === undefined || before === '') return ours;
  const others = String(before);
  return others.split(/ *, */).some((each) => each === '*' || each.toLowerCase() === ours.toLowerCase())
    ? others
    : `${others}, ${ours}`;
}

/** Headers as a record, which `writeHead` of HTTP/2 needs. */
function record(headers: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    headers.flatMap((name, index, { [index + 1]: value }) => (index % 2 === 0 ? [[name, value]] : [])),
  ) as Record<string, string>;
}

/** Methods that Node's own methods call, and that a wrapper may have replaced on a response. */
const REPLACEABLE = ['writeHead', 'setHeader', 'removeHeader', 'getHeaderNames', 'write', 'end'] as const;

/**
 * Answers 503 where sending a reply threw, bypassing whatever was put on the response itself. Where that is too late or fails
 * too, it closes the connection: a prober counts that as a failure at once, but silence only after its timeout.
 *
 * @returns what became of the request, in words
 */
export function sendFailure(request: NodeRequest, response: NodeResponse): string {
  try {
    // Node already had the whole answer when it threw.
    if (response.writableEnded) return 'the answer had been sent';
    if (!response.headersSent) {
      const own = Object.getPrototypeOf(response) as ServerResponse;
      for (const name of REPLACEABLE) delete (response as unknown as Record<string, unknown>)[name];
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      const { statusCode, headers, body } = failed();
      own.writeHead.call(response, statusCode, record(headers));
      own.end.call(response, request.method === 'HEAD' ? '' : body, 'utf8');
      return 'answering 503 instead';
    }
  } catch {
    // Closed below.
  }
  const { socket } = request as IncomingMessage;
  const stream = (response as Partial<Http2ServerResponse>).stream ?? socket;
  stream?.destroy?.();
  return 'closing its connection instead';
}
