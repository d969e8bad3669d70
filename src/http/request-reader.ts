import type { ProbeRequest } from './probe-request.ts';

/**
 * How to read the requests of one kind of server. It has no state, so an answer needs no object around its request, and
 * it reads nothing that nobody asks for: Node builds `request.headers` only then.
 */
export interface RequestReader<R> {
  method(request: R): string | undefined;
  /** The value of `Accept`; several are joined. */
  accept(request: R): string | undefined;
  /** The value of a header, by its lower-case name. */
  header(request: R, name: string): string | undefined;
  /** The request as policies see it. */
  probe(request: R, target: string): ProbeRequest;
  /** Returns true if nobody is there any more to take an answer. */
  isGone(request: R): boolean;
}

/** Requests that came as plain data, such as from another thread. */
export const probeRequests: RequestReader<ProbeRequest> = {
  method: ({ method }) => method,
  accept: ({ headers }) => headers.accept,
  header: ({ headers }, name) => headers[name],
  probe: (request) => request,
  isGone: () => false,
};
