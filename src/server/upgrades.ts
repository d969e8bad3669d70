import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { cleanText } from '../internal/redact/clean-text.ts';
import type { GracefulServer } from './graceful-server.ts';

/** The events that pass a connection on to another protocol. */
const EVENTS = ['upgrade', 'connect'] as const;
type UpgradeEvent = (typeof EVENTS)[number];
type Emit = (this: unknown, event: string, ...parts: unknown[]) => boolean;

/** Means "later, and not on this connection": clients that reconnect by themselves come back through the load balancer. */
const REFUSAL =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * Tracks the connections that have switched from HTTP to another protocol, such as WebSockets. It listens only while
 * something else does: Node answers an upgrade request like any other until there is a listener, and then leaves it to the
 * listeners.
 */
export class UpgradeWatch {
  /** What is open, with a name for the log. */
  readonly open: Map<Duplex, string> = new Map();
  readonly #server: GracefulServer;
  readonly #watched = new Set<UpgradeEvent>();
  #acceptWebSockets: (() => void) | undefined;

  constructor(server: GracefulServer) {
    this.#server = server;
    server.on('newListener', this.#onNewListener);
    server.on('removeListener', this.#onRemoveListener);
    for (const event of EVENTS) if (server.listenerCount(event) > 0) this.#watch(event);
  }

  /**
   * From now on WebSockets are answered 503 before any library sees them. Not by a listener, since none can keep the
   * others from being called. Other upgrades, such as a request that offers `h2c`, are unaffected.
   */
  refuseWebSockets(): void {
    if (this.#acceptWebSockets !== undefined) return;
    const server = this.#server as { emit: Emit };
    const { emit } = server;
    let isRefusing = true;
    const refusing: Emit = function (event, ...parts) {
      if (!isRefusing || event !== 'upgrade' || !isWebSocket(parts[0]))
        return emit.call(this, event, ...parts);
      refuse(parts[1] as Duplex);
      return true;
    };
    server.emit = refusing;
    this.#acceptWebSockets = () => {
      isRefusing = false;
      if (server.emit === refusing) server.emit = emit;
    };
  }

  dispose(): void {
    this.#acceptWebSockets?.();
    this.#server.removeListener('newListener', this.#onNewListener);
    this.#server.removeListener('removeListener', this.#onRemoveListener);
    for (const event of this.#watched) this.#server.removeListener(event, this.#onUpgrade);
    this.#watched.clear();
  }

  #watch(event: UpgradeEvent): void {
    // First, because adding our own listener calls this again.
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

function isWebSocket(request: unknown): boolean {
  return (request as IncomingMessage).headers.upgrade?.toLowerCase() === 'websocket';
}

function refuse(socket: Duplex): void {
  // It is not an error if the client has gone in the meantime.
  socket.on('error', () => undefined);
  socket.end(REFUSAL, () => socket.destroy());
}

/** The path for the log, without the query, which may contain secrets. */
export function pathOf(url: string | undefined): string {
  return cleanText(String(url).replace(/\?.*$/s, '')).slice(0, 200);
}
