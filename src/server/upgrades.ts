import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { cleanText } from '../internal/redact/clean-text.ts';

/** The events that hand a connection over to another protocol. */
const EVENTS = ['upgrade', 'connect'] as const;
type UpgradeEvent = (typeof EVENTS)[number];

/**
 * Knows the connections that have become something else than HTTP, such as WebSockets. It listens only while
 * somebody else does: Node answers an upgrade request as any other until there is a listener, and leaves it
 * to the listeners from then on.
 */
export class UpgradeWatch {
  /** What is open, with a name for the log. */
  readonly open: Map<Duplex, string> = new Map();
  readonly #server: HttpServer;
  readonly #watched = new Set<UpgradeEvent>();

  constructor(server: HttpServer) {
    this.#server = server;
    server.on('newListener', this.#onNewListener);
    server.on('removeListener', this.#onRemoveListener);
    for (const event of EVENTS) if (server.listenerCount(event) > 0) this.#watch(event);
  }

  dispose(): void {
    this.#server.removeListener('newListener', this.#onNewListener);
    this.#server.removeListener('removeListener', this.#onRemoveListener);
    for (const event of this.#watched) this.#server.removeListener(event, this.#onUpgrade);
    this.#watched.clear();
  }

  #watch(event: UpgradeEvent): void {
    // First, because adding our own listener comes back here.
    this.#watched.add(event);
    this.#server.prependListener(event, this.#onUpgrade);
  }

  readonly #onNewListener = (event: string): void => {
    if (isUpgrade(event) && !this.#watched.has(event)) this.#watch(event);
  };

  readonly #onRemoveListener = (event: string): void => {
    if (!isUpgrade(event) || !this.#watched.has(event) || this.#server.listenerCount(event) !== 1) return;
    this.#watched.delete(event);
    this.#server.removeListener(event, this.#onUpgrade);
  };

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex): void => {
    const protocol = request.headers.upgrade ?? 'tunnel';
    this.open.set(socket, `${cleanText(protocol).slice(0, 40)} ${pathOf(request.url)}`);
    socket.once('close', () => this.open.delete(socket));
  };
}

function isUpgrade(event: string): event is UpgradeEvent {
  return (EVENTS as readonly string[]).includes(event);
}

/** The path as the log may show it: a query may hold what nobody else should read. */
export function pathOf(url: string | undefined): string {
  return cleanText(String(url).replace(/\?.*$/s, '')).slice(0, 200);
}
