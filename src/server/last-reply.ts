import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';

type HeaderList = OutgoingHttpHeaders | OutgoingHttpHeader[];
type WriteHead = (...parts: unknown[]) => ServerResponse;

/**
 * Sets `Connection: close` on a reply whose headers have not been sent yet, even if its handler sets that header itself,
 * earlier or later: proxies and event streams often set `keep-alive`. Node then closes the connection after the reply, and
 * a client knows that it must not send another request on it (RFC 9112, 9.6).
 *
 * @param isLast called when the headers are sent: returns true if no further request is waiting on the connection. If
 * requests are pipelined, only the last one's reply may close it, or the others would be lost
 */
export function closeAfterReply(response: ServerResponse, isLast: () => boolean): void {
  const writeHead = response.writeHead as WriteHead;
  // Replaced on this one reply: every way to send headers, even implicitly through `end()`, goes through it.
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

/** A copy in the same form: Node accepts an object, a flat list, and a list of pairs. */
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
