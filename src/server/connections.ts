import type { Socket } from 'node:net';
import type { Clock, TimerHandle } from '../internal/time.ts';
import { hasMethods } from '../internal/validator.ts';
import { type GracefulServer, isHttp2Server } from './graceful-server.ts';
import { Http2Sessions } from './http2-sessions.ts';
import { Replies } from './replies.ts';
import { type SocketFile, socketFileOf, stopAccepting } from './stop-accepting.ts';
import { UpgradeWatch } from './upgrades.ts';

/** A connection younger than this that has sent nothing yet is probably about to. In milliseconds. */
const SILENT_GRACE_MS = 1000;

interface Connection {
  readonly since: number;
  /** The remote address and port, kept after the socket is closed; the encrypted socket and the one under it share it. */
  readonly peer: string;
}

/**
 * What is open on a server: replies in flight, HTTP/2 sessions, upgraded connections, and the sockets under them.
 * Node's own `closeIdleConnections()` is not enough. In Node 20 it leaves out connections that never sent a request,
 * such as a browser's speculative ones, for which `close()` then waits forever; and it destroys those whose reply was
 * handed over but not yet sent, which truncates large downloads.
 */
export class Connections {
  readonly #server: GracefulServer;
  readonly #clock: Clock;
  readonly #isEncrypted: boolean;
  /** Every connection. With TLS, those under the encrypted ones too. */
  readonly #sockets = new Map<Socket, Connection>();
  /** The sockets that carry HTTP: with TLS, the encrypted ones. */
  readonly #spoken = new Set<Socket>();
  readonly #replies: Replies;
  readonly #upgrades: UpgradeWatch;
  readonly #sessions: Http2Sessions | undefined;
  readonly #listeners: readonly (readonly [event: string, listener: (...args: never[]) => void])[];
  #socketFile: SocketFile | undefined;
  #isDraining = false;
  #isStopped = false;
  #isClosed = false;
  #ended: Promise<void> | undefined;
  #onEnded: (() => void) | undefined;
  #silentTimer: TimerHandle | undefined;

  constructor(server: GracefulServer, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
    this.#isEncrypted = hasMethods(server, ['setSecureContext']);
    this.#listeners = [
      ['connection', (socket: Socket) => this.#onConnection(socket, !this.#isEncrypted)],
      ['secureConnection', (socket: Socket) => this.#onConnection(socket, true)],
      ['listening', () => this.#onListening()],
    ];
    for (const [event, listener] of this.#listeners) server.prependListener(event, listener as () => void);
    this.#replies = new Replies(server, clock, {
      // It may have been accepted before this object was created.
      onRequest: (socket) => void (this.#spoken.has(socket) || this.#onConnection(socket, true)),
      onReplyOver: () => this.#onReplyOver(),
    });
    this.#upgrades = new UpgradeWatch(server);
    if (isHttp2Server(server)) this.#sessions = new Http2Sessions(server, clock);
    if (server.listening) this.#socketFile = socketFileOf(server);
  }

  /** How many connections are open; with TLS, those under the encrypted ones count too. */
  get size(): number {
    return this.#sockets.size;
  }

  /** How many replies have not been sent completely. */
  get inFlight(): number {
    return this.#replies.inFlight + (this.#sessions?.inFlight ?? 0);
  }

  /** From now on every reply is the last one on its connection: `Connection: close`, or a GOAWAY in HTTP/2. */
  closeReplies(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#replies.closeReplies();
    this.#sessions?.closeReplies();
  }

  /** From now on requests for a WebSocket are answered 503, so that clients go elsewhere. */
  refuseWebSockets(): void {
    this.#upgrades.refuseWebSockets();
  }

  /** Stops accepting and closes what is idle. Resolves when every connection has ended by itself. */
  stop(): Promise<void> {
    this.#ended ??= this.#stop();
    return this.#ended;
  }

  /** Ends every connection now. @returns what was lost, in words */
  cutOff(): string[] {
    const lost = [...this.#replies.cutOff(), ...(this.#sessions?.cutOff() ?? [])];
    for (const [socket, name] of this.#upgrades.open) {
      lost.push(name);
      socket.destroy();
    }
    this.#closeIdleConnections();
    lost.push(...this.#incomplete());
    for (const socket of this.#sockets.keys()) socket.destroy();
    if (hasMethods(this.#server, ['closeAllConnections']))
      (this.#server as { closeAllConnections(): void }).closeAllConnections();
    return lost;
  }

  /** Removes every listener from the server and ends Node's background work for it. */
  dispose(): void {
    for (const [event, listener] of this.#listeners)
      this.#server.removeListener(event, listener as () => void);
    this.#replies.dispose();
    this.#upgrades.dispose();
    this.#sessions?.dispose();
    this.#clearSilentTimer();
    // Already stopped; this ends Node's check for slow requests, which has been running until now.
    if (this.#isStopped) this.#server.close(() => undefined);
  }

  #stop(): Promise<void> {
    this.closeReplies();
    const ended = new Promise<void>((resolve) => {
      this.#onEnded = resolve;
    });
    this.#isStopped = true;
    this.#stopAccepting();
    this.#sessions?.stop();
    // Bytes that have already arrived are read first, so that what looks idle really is.
    setImmediate(() => this.#closeIdle());
    this.#silentTimer = this.#clock.setTimeout(() => this.#closeIdle(), SILENT_GRACE_MS);
    return ended;
  }

  #onConnection(socket: Socket, isSpoken: boolean): void {
    const peer = `${socket.remoteAddress ?? 'a local socket'}:${socket.remotePort ?? ''}`;
    this.#sockets.set(socket, { since: this.#clock.now(), peer });
    if (isSpoken) this.#spoken.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#spoken.delete(socket);
      this.#replies.onSocketClosed(socket);
      this.#checkEnded();
    });
  }

  #onReplyOver(): void {
    // Its reply may have been sent before draining began, and so did not close the connection.
    if (this.#isStopped) setImmediate(() => this.#closeIdle());
  }

  #onListening(): void {
    this.#socketFile = socketFileOf(this.#server);
    // The server started to listen although the process is shutting down.
    if (this.#isStopped) this.#stopAccepting();
  }

  #stopAccepting(): void {
    stopAccepting(this.#server, this.#socketFile, () => {
      this.#isClosed = true;
      this.#checkEnded();
    });
  }

  /** Connections that are neither idle nor have a request in flight: what is incomplete, and where it came from. */
  #incomplete(): string[] {
    const lost: string[] = [];
    const heard = new Set<string | undefined>();
    for (const socket of this.#spoken) {
      heard.add(this.#sockets.get(socket)?.peer);
      if (!socket.destroyed && socket.bytesRead > 0 && !this.#isHttp2(socket))
        lost.push(`a request that had not arrived completely, from ${addressOf(socket)}`);
    }
    if (this.#isEncrypted) {
      for (const [socket, { peer }] of this.#sockets)
        if (!this.#spoken.has(socket) && !heard.has(peer) && !socket.destroyed && socket.bytesRead > 0)
          lost.push(`a TLS handshake that had not completed, from ${addressOf(socket)}`);
    }
    return lost;
  }

  /** Returns true for a socket of HTTP/2, whose session tracks what is in flight. */
  #isHttp2(socket: Socket): boolean {
    if (this.#sessions === undefined) return false;
    return !this.#isEncrypted || (socket as { alpnProtocol?: unknown }).alpnProtocol === 'h2';
  }

  #closeIdle(): void {
    const now = this.#clock.now();
    let isWaiting = false;
    for (const [socket, { since }] of this.#sockets) {
      if (this.#hasReceived(socket)) continue;
      if (now - since >= SILENT_GRACE_MS) socket.destroy();
      else isWaiting = true;
    }
    // Since Node 26, closeIdleConnections() also closes connections that have not sent anything yet. The timer set in
    // stop() calls this again when their time is over.
    if (isWaiting) return;
    // Node would destroy a connection whose reply is still being sent; when it ends, this is called again.
    if (!this.#replies.isAnyOnItsWay) this.#closeIdleConnections();
  }

  /** Bun counts no bytes, so requests and upgrades count as well. */
  #hasReceived(socket: Socket): boolean {
    return socket.bytesRead > 0 || this.#replies.hasReceived(socket) || this.#upgrades.open.has(socket);
  }

  #closeIdleConnections(): void {
    // Servers that only speak HTTP/2 do not have it.
    if (hasMethods(this.#server, ['closeIdleConnections']))
      (this.#server as { closeIdleConnections(): void }).closeIdleConnections();
  }

  #checkEnded(): void {
    if (!this.#isClosed || this.#sockets.size > 0) return;
    this.#clearSilentTimer();
    this.#onEnded?.();
  }

  #clearSilentTimer(): void {
    if (this.#silentTimer !== undefined) this.#clock.clearTimeout(this.#silentTimer);
    this.#silentTimer = undefined;
  }
}

function addressOf(socket: Socket): string {
  return socket.remoteAddress ?? 'a local socket';
}
