import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';

type HeaderList = OutgoingHttpHeaders | OutgoingHttpHeader[];
type WriteHead = (...parts: unknown[]) => ServerResponse;

/**
 * Makes a reply whose headers have not left yet say `Connection: close`, whatever its handler says about that
 * header, before or later: proxies and event streams like to set `keep-alive`. Node then closes the connection
 * after the reply, and a client knows that it must not send another request into it (RFC 9112, 9.6).
 *
 * @param isLast asked when the headers leave: whether no further request is waiting on the connection. Where requests
 * are pipelined only the last one's reply may close it, or the others would be lost
 */
export function closeAfterReply(response: ServerResponse, isLast: () => boolean): void {
  const writeHead = response.writeHead as WriteHead;
  // Replaced on this one reply: every way to send headers, also the implicit one of `end()`, goes through it.
  response.writeHead = ((...parts: unknown[]) => {
    const isSwitching = parts[0] === 101;
    if (isSwitching || response.headersSent || !isLast()) return writeHead.apply(response, parts);
    response.removeHeader('Keep-Alive');
    const headers = parts.findIndex((part) => typeof part === 'object' && part !== null);
    if (headers === -1) response.setHeader('Connection', 'close');
    else parts[headers] = withClose(parts[headers] as HeaderList);
    return writeHead.apply(response, parts);
  }) as typeof response.writeHead;
}

/** A copy in the form it was given in: Node takes an object, a flat list, and a list of pairs. */
function withClose(headers: HeaderList): unknown {
  if (!Array.isArray(headers)) {
    const kept = Object.entries(headers).filter(([name]) => !isAboutConnection(name));
    return { ...Object.fromEntries(kept), Connection: 'close' };
  }
  if (Array.isArray(headers[0]))
    return [...headers.filter((pair) => !isAboutConnection((pair as string[])[0])), ['Connection', 'close']];
  const isKept = (_: unknown, index: number) => !isAboutConnection(headers[index - (index % 2)]);
  return [...headers.filter(isKept), 'Connection', 'close'];
}

function isAboutConnection(name: unknown): boolean {
  return /^(?:connection|keep-alive)$/i.test(String(name));
}
