import type { ProbeArguments } from './probe-arguments.ts';

/** What an error code means, for people. `at` is the address or the socket that was probed. */
const EXPLANATIONS: Readonly<Record<string, (at: string) => string>> = {
  ECONNREFUSED: (at) => `nothing listens on ${at}`,
  ENOENT: (at) => `there is no socket at ${at}`,
  EACCES: (at) => `no permission to connect to ${at}`,
  ENOTFOUND: (at) => `the host name of ${at} does not resolve`,
  EAI_AGAIN: (at) => `the host name of ${at} does not resolve, the name server does not answer`,
  EHOSTUNREACH: (at) => `there is no route to ${at}`,
  ENETUNREACH: (at) => `there is no route to ${at}`,
  ETIMEDOUT: (at) => `${at} did not accept a connection`,
  ECONNRESET: (at) => `${at} closed the connection before its answer was complete`,
  EPIPE: (at) => `${at} closed the connection before its answer was complete`,
  EPROTO: (at) => `the TLS handshake with ${at} failed; if it serves plain HTTP, use http://`,
  CERT_HAS_EXPIRED: (at) => `the certificate of ${at} has expired`,
  CERT_NOT_YET_VALID: (at) => `the certificate of ${at} is not valid yet; check the clocks`,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: (at) => `the certificate of ${at} is for another name`,
};

function untrusted(at: string): string {
  return `the certificate of ${at} is not from a trusted authority; set NODE_EXTRA_CA_CERTS to that authority's file`;
}

interface ErrorFacts {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly errors?: readonly unknown[];
}

/** Why there was no answer, in words, with the system's own code and message. */
export function explainError(error: unknown, { url, socketPath }: ProbeArguments): string {
  const facts = error as ErrorFacts;
  const code = String(facts.code ?? '');
  // For a name with several addresses Node tries them all and throws an error with an empty message.
  const [first] = facts.errors ?? [];
  const message = String(facts.message || (first as ErrorFacts | undefined)?.message || code || error);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const at = socketPath ?? `${url.hostname}:${port}`;
  if (code.startsWith('HPE_')) return `${at} did not answer with HTTP: ${message} (${code})`;
  const explanation = EXPLANATIONS[code]?.(at);
  return explanation === undefined ? `could not probe ${at}: ${message}` : `${explanation} (${message})`;
}
