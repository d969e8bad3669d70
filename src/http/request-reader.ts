import type { ProbeRequest } from './probe-request.ts';

/**
 * How to read the requests of one kind of server. It has no state, so no request needs a wrapper object, and it reads only
 * what is asked for: Node builds `request.headers` lazily.
 */
export interface RequestReader<R> {
  method(request: R): string | undefined;
  /** The value of `Accept`; several are joined. */
  accept(request: R): string | undefined;
  /** The value of a header, by its lower-case name. */
  header(request: R, name: string): string | undefined;
  /** The request as policies see it. */
  probe(request: R, target: string): ProbeRequest;
  /** Returns true if the client has gone. */
  isGone(request: R): boolean;
}

/** Reads requests that are plain data, such as those from another thread. */
export const probeRequests: RequestReader<ProbeRequest> = {
  method: ({ method }) => method,
  accept: ({ headers }) => headers.accept,
  header: ({ headers }, name) => headers[name],
  probe: (request) => request,
  isGone: () => false,
};
