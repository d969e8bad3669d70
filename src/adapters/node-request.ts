import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { RequestReader } from '../http/request-reader.ts';

/** A request of `node:http` or `node:https`, of HTTP/2, or what a framework builds to look like one. */
export type NodeRequest = (IncomingMessage | Http2ServerRequest) & {
  readonly originalUrl?: string | undefined;
};

/** Reads the requests of Node's servers. */
export const nodeRequests: RequestReader<NodeRequest> = {
  method: (request) => request.method,
  accept: (request) => headerOf(request, 'accept'),
  header: headerOf,
  probe: (request, target) => {
    const socket = socketOf(request);
    return {
      method: request.method ?? 'GET',
      target,
      headers: headersOf(request),
      remoteAddress: socket?.remoteAddress,
      encrypted: socket?.encrypted === true,
    };
  },
  isGone: (request) => socketOf(request)?.destroyed === true,
};

function socketOf(request: NodeRequest) {
  return request.socket as
    | { remoteAddress?: string; encrypted?: boolean; destroyed?: boolean }
    | null
    | undefined;
}

/**
 * A header, read from the raw list: `request.headers` would build an object of all headers. Requests that a framework
 * makes up, for tests, may have no such list.
 */
function headerOf(request: NodeRequest, name: string): string | undefined {
  const { rawHeaders } = request;
  if (!Array.isArray(rawHeaders) || rawHeaders.length === 0) return joined(request.headers?.[name]);
  const { length } = name;
  let value: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const each = rawHeaders[index] as string;
    if (each.length !== length || each.toLowerCase() !== name) continue;
    const more = rawHeaders[index + 1] as string;
    value = value === undefined ? more : `${value}, ${more}`;
  }
  return value;
}

function headersOf({ headers }: NodeRequest): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = Object.create(null);
  // HTTP/2 adds `:method`, `:path` and the like, which are not headers.
  for (const [name, value] of Object.entries(headers ?? {}))
    if (!name.startsWith(':')) flat[name.toLowerCase()] = joined(value);
  return flat;
}

function joined(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
