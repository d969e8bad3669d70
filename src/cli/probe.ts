import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { abortableLookup } from './lookup.ts';
import { clip, printable } from './printable.ts';
import type { ProbeArguments } from './probe-arguments.ts';
import { explainError } from './probe-error.ts';

/** Docker keeps 4096 bytes of a health check's output, including the final newline. */
export const MAX_OUTPUT_BYTES = 4096;

/** What a probe found. */
export interface Outcome {
  /** True if the answer was a 2xx that was complete within the timeout. */
  readonly isHealthy: boolean;
  /** What to print: at most {@link MAX_OUTPUT_BYTES} with a newline, no control characters. */
  readonly text: string;
}

/**
 * Sends one GET to a URL. Healthy is a 2xx whose body was complete within the timeout, or as much of the body as can be
 * printed. A redirect is not followed: it does not show whether the service is healthy. Never rejects.
 */
export async function probe(options: ProbeArguments): Promise<Outcome> {
  const where = locationOf(options);
  const { isHealthy, text } = await ask(options);
  const line = printable(isHealthy ? text : `${where}: ${text}`).trimEnd();
  return { isHealthy, text: clip(line, MAX_OUTPUT_BYTES - 1) };
}

/** The URL as given, without credentials or query. */
function locationOf({ url, zone, socketPath }: ProbeArguments): string {
  const host = zone === undefined ? url.host : url.host.replace(']', `%${zone}]`);
  const through = socketPath === undefined ? '' : ` through ${socketPath}`;
  return clip(`${url.protocol}//${host}${url.pathname}${through}`, 500);
}

function ask(options: ProbeArguments): Promise<Outcome> {
  const { url, timeoutMs } = options;
  const seconds = `${timeoutMs / 1000} s`;
  return new Promise((resolve) => {
    let stage = 'no connection';
    const over = new AbortController();
    const settle = (isHealthy: boolean, text: string): void => {
      clearTimeout(timer);
      resolve({ isHealthy, text });
      request?.destroy();
      over.abort();
    };
    const timer = setTimeout(() => settle(false, `${stage} within ${seconds}`), timeoutMs);
    const fail = (error: unknown): void => settle(false, explainError(error, options));
    let request: http.ClientRequest | undefined;
    try {
      request = send(options, over.signal);
    } catch (error) {
      fail(error);
      return;
    }
    followConnection(request, url, (reached) => {
      stage = reached;
    });
    request.on('error', fail);
    request.on('upgrade', () => settle(false, '101, an upgrade that was not requested'));
    request.on('response', (response) => {
      stage = `${response.statusCode}, but no complete body`;
      void readBody(response).then((body) => settle(...judge(response, body)), fail);
    });
    request.end();
  });
}

/** Reports what is still missing once there is a connection. */
function followConnection(
  request: http.ClientRequest,
  { protocol }: URL,
  report: (missing: string) => void,
): void {
  request.on('socket', (socket) => {
    socket.on('connect', () => report(protocol === 'https:' ? 'no TLS handshake' : 'no answer'));
    socket.on('secureConnect', () => report('no answer'));
  });
}

function send({ url, zone, socketPath, headers }: ProbeArguments, signal: AbortSignal): http.ClientRequest {
  const { request } = url.protocol === 'https:' ? https : http;
  const sent: Record<string, string[]> = Object.create(null);
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    sent[key] = [...(sent[key] ?? []), value];
  }
  return request(url, {
    // A separate connection, independent of a proxy in the environment and of other requests.
    agent: false,
    lookup: abortableLookup(signal),
    // Node would put the zone into `Host` too, which servers may reject.
    ...(zone === undefined ? {} : { host: `${url.hostname.slice(1, -1)}%${zone}`, hostname: null }),
    ...(socketPath === undefined ? {} : { socketPath }),
    headers: { host: url.host, 'user-agent': 'allswell-probe', accept: '*/*', ...flat(sent) },
  });
}

/** One value as a string: `Host` may not be a list. */
function flat(headers: Readonly<Record<string, string[]>>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, values.length === 1 ? String(values[0]) : values]),
  );
}

/** Reads as much of the body as can be printed. Rejects if the body is cut off. */
async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= MAX_OUTPUT_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_OUTPUT_BYTES).toString();
}

function judge(
  { statusCode = 0, headers }: IncomingMessage,
  body: string,
): [isHealthy: boolean, text: string] {
  const answer = body.trim() === '' ? String(statusCode) : `${statusCode} ${body}`;
  if (statusCode >= 200 && statusCode < 300) return [true, answer];
  if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) return [false, answer];
  return [
    false,
    `${statusCode}, a redirect to ${headers.location.slice(0, 200)}; redirects are not followed`,
  ];
}
