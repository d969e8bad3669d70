import type { IncomingMessage } from 'node:http';

/** A request as a `details` policy sees it: the same whatever server it came through. */
export interface ProbeRequest {
  readonly method: string;
  /** What the prober sent: path and query. */
  readonly target: string;
  /** By lower-case name; several values of one name are joined as HTTP joins them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The address of the peer; undefined where the server does not know it. */
  readonly remoteAddress: string | undefined;
  /** True if the peer speaks TLS to this server. Behind a proxy that ends TLS it is false. */
  readonly encrypted: boolean;
}

/** The request of `node:http` and what resembles it. */
export function probeRequestOf(request: IncomingMessage, target: string): ProbeRequest {
  const socket = request.socket as { remoteAddress?: string; encrypted?: boolean } | undefined;
  return {
    method: request.method ?? 'GET',
    target,
    headers: headersOf(request),
    remoteAddress: socket?.remoteAddress,
    encrypted: socket?.encrypted === true,
  };
}

function headersOf({ headers }: IncomingMessage): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = Object.create(null);
  for (const [name, value] of Object.entries(headers))
    flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}
