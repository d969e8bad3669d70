import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { FAILED, type Reply } from '../http/reply.ts';
import type { NodeRequest } from './node-request.ts';

/** A response of `node:http` or `node:https`, of HTTP/2, or what a framework makes up in its likeness. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** The methods of a response as Node has them. */
export interface OwnMethods {
  readonly writeHead: unknown;
  readonly end: unknown;
}

/**
 * Sends a reply, unless somebody answered already or the prober has gone.
 *
 * @param own the methods that the response has if nothing was wrapped around it
 * @throws what a wrapped method of the response throws; {@link sendFailure} is for then
 */
export function send(reply: Reply, request: NodeRequest, response: NodeResponse, own: OwnMethods): void {
  if (response.headersSent || response.destroyed) return;
  // Node drops the body of HEAD, unless the server was told to throw (`rejectNonStandardBodyWrites`).
  const isHead = request.method === 'HEAD';
  if (isUntouched(response, own) && !reply.closesConnection) {
    // The list is not copied: Node only reads it, although its types ask for a list that may be changed.
    response.writeHead(reply.statusCode, reply.headers as string[]);
    // ASCII is the same in latin1, which Node writes without counting bytes. Of a Buffer the encoding is ignored.
    if (isHead) response.end();
    else response.end(reply.body, 'latin1');
    return;
  }
  // Headers one by one, and nothing else than `end()`: what every middleware that wraps a response has to understand.
  setHead(reply, request, response as ServerResponse);
  if (isHead) response.end();
  else response.end(reply.body);
}

/** Flat header lists are for Node alone: on-headers 1.0.2, below older morgan and compression, takes them for pairs. */
function isUntouched(response: NodeResponse, own: OwnMethods): response is ServerResponse<IncomingMessage> {
  return (
    response.writeHead === own.writeHead &&
    response.end === own.end &&
    !response.hasHeader('Vary') &&
    !response.hasHeader('Transfer-Encoding')
  );
}

function setHead(reply: Reply, request: NodeRequest, response: ServerResponse): void {
  response.statusCode = reply.statusCode;
  // A length is sent; a message with both is treated as an attack (RFC 9112, 6.3).
  response.removeHeader?.('Transfer-Encoding');
  const { headers } = reply;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] as string;
    response.setHeader(name, name === 'Vary' ? varyOf(response.getHeader?.('Vary'), value) : value);
  }
  // HTTP/2 knows no such header, and Node warns of it.
  if (reply.closesConnection && !(request.httpVersionMajor >= 2)) response.setHeader('Connection', 'close');
}

/** What others vary the answer by stays. */
function varyOf(before: unknown, ours: string): string {
  if (before === undefined || before === '') return ours;
  const others = String(before);
  return others.split(/ *, */).some((each) => each === '*' || each.toLowerCase() === ours.toLowerCase())
    ? others
    : `${others}, ${ours}`;
}

const FAILED_HEADERS = Object.fromEntries(
  FAILED.headers.flatMap((name, index, { [index + 1]: value }) => (index % 2 === 0 ? [[name, value]] : [])),
) as Record<string, string>;

/**
 * Answers 503 where sending a reply threw, past whatever was put on the response itself. Where that is too late, or fails
 * too, the connection is closed: a prober takes that as a failure at once, and silence only after its timeout.
 */
export function sendFailure(request: NodeRequest, response: NodeResponse): void {
  try {
    if (!response.headersSent) {
      const own = Object.getPrototypeOf(response) as ServerResponse;
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      own.writeHead.call(response, FAILED.statusCode, FAILED_HEADERS);
      own.end.call(response, request.method === 'HEAD' ? '' : FAILED.body, 'utf8');
      return;
    }
  } catch {
    // As below.
  }
  const { socket } = request as IncomingMessage;
  const stream = (response as Partial<Http2ServerResponse>).stream ?? socket;
  stream?.destroy?.();
}
