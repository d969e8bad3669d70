import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { type Socket, Server as TcpServer } from 'node:net';
import type { Clock, TimerHandle } from '../internal/time.ts';
import { inSeconds } from '../internal/time.ts';
import { hasMethods } from '../internal/validator.ts';
import { closeAfterReply } from './last-reply.ts';
import { pathOf, UpgradeWatch } from './upgrades.ts';

/** What can be shut down gracefully: a server of `node:http` or `node:https`, such as what `app.listen()` returns. */
export type GracefulServer = HttpServer | HttpsServer;

/**
 * Node tells of each request here, before the server emits it (nodejs.org/api/diagnostics_channel.html). Listeners alone
 * miss some: `attach()` and libraries such as engine.io answer without calling them.
 */
const REQUEST_CHANNEL = 'http.server.request.start';

interface RequestMessage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: unknown;
}

/** A connection this young that has sent nothing yet is about to: its client has only just been let in. In milliseconds. */
const SILENT_GRACE_MS = 1000;

/**
 * What is open on a server: replies in flight, upgraded connections, and the sockets under them. Node's own
 * `closeIdleConnections()` is not enough. In Node 20 it leaves out connections that never sent a request,
 * such as a browser's speculative ones, for which `close()` then waits for ever; and it destroys those whose
 * reply was handed over but has not left for the network yet, which cuts a large download short.
 */
export class Connections {
  readonly #server: HttpServer;
  readonly #clock: Clock;
  /** Every connection with the time it came at. With TLS, those under the encrypted ones too. */
  readonly #sockets = new Map<Socket, number>();
  /** The sockets that HTTP is spoken on: with TLS, the encrypted ones. */
  readonly #spoken = new Set<Socket>();
  /** Replies that have not left completely, with the time their request came at. */
  readonly #inFlight = new Map<ServerResponse, number>();
  /** The same by connection; clients may send several requests without waiting. */
  readonly #repliesOn = new WeakMap<Socket, Set<ServerResponse>>();
  /** The reply to the last request on each connection. */
  readonly #lastReply = new WeakMap<Socket, ServerResponse>();
  readonly #upgrades: UpgradeWatch;
  readonly #listeners: readonly (readonly [event: string, listener: (...args: never[]) => void])[];
  #isDraining = false;
  #isStopped = false;
  #isClosed = false;
  #onEnded: (() => void) | undefined;
  #silentTimer: TimerHandle | undefined;

  constructor(server: GracefulServer, clock: Clock) {
    this.#server = server as HttpServer;
    this.#clock = clock;
    this.#upgrades = new UpgradeWatch(this.#server);
    const isEncrypted = hasMethods(server, ['setSecureContext']);
    this.#listeners = [
      ['connection', (socket: Socket) => this.#onConnection(socket, !isEncrypted)],
      ['secureConnection', (socket: Socket) => this.#onConnection(socket, true)],
      ['request', (request, response) => this.#onRequest(request, response)],
      ['listening', () => this.#onListening()],
    ] satisfies [string, (...args: [never, never]) => void][];
    subscribe(REQUEST_CHANNEL, this.#onMessage);
    for (const [event, listener] of this.#listeners)
      this.#server.prependListener(event, listener as () => void);
  }

  /** How many connections are open; with TLS, those under the encrypted ones count too. */
  get size(): number {
    return this.#sockets.size;
  }

  /** How many replies have not left completely. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** From now on every reply says `Connection: close`, those too that are being worked on. */
  closeReplies(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (const response of this.#inFlight.keys()) this.#closeAfter(response);
  }

  /** Stops accepting and closes what is idle. Resolves when every connection has ended by itself. */
  stop(): Promise<void> {
    this.closeReplies();
    const ended = new Promise<void>((resolve) => {
      this.#onEnded = resolve;
    });
    this.#isStopped = true;
    // Not http's own close(): it begins with closeIdleConnections(), see above.
    TcpServer.prototype.close.call(this.#server, () => {
      this.#isClosed = true;
      this.#checkEnded();
    });
    // Bytes that have arrived already are read first, so that what looks idle is.
    setImmediate(() => this.#closeIdle());
    this.#silentTimer = this.#clock.setTimeout(() => this.#closeIdle(), SILENT_GRACE_MS);
    return ended;
  }

  /** Ends every connection now. @returns what was lost by it, in words */
  cutOff(): string[] {
    const now = this.#clock.now();
    const lost: string[] = [];
    for (const [response, since] of this.#inFlight) {
      const { method, url, socket } = response.req;
      lost.push(`${method} ${pathOf(url)} (after ${inSeconds(now - since)})`);
      socket.destroy();
    }
    for (const [socket, name] of this.#upgrades.open) {
      lost.push(name);
      socket.destroy();
    }
    this.#server.closeIdleConnections();
    const unfinished = [...this.#spoken].filter((socket) => !socket.destroyed && socket.bytesRead > 0).length;
    if (unfinished > 0) lost.push(`${unfinished} × a request that had not arrived completely`);
    for (const socket of this.#sockets.keys()) socket.destroy();
    this.#server.closeAllConnections();
    return lost;
  }

  /** Takes every listener off the server, and ends what Node does for it in the background. */
  dispose(): void {
    unsubscribe(REQUEST_CHANNEL, this.#onMessage);
    for (const [event, listener] of this.#listeners)
      this.#server.removeListener(event, listener as () => void);
    this.#upgrades.dispose();
    if (this.#silentTimer !== undefined) this.#clock.clearTimeout(this.#silentTimer);
    // Stopped already; this ends Node's watch over slow requests, which went on until now.
    if (this.#isStopped) this.#server.close(() => undefined);
  }

  #onConnection(socket: Socket, isSpoken: boolean): void {
    this.#sockets.set(socket, this.#clock.now());
    if (isSpoken) this.#spoken.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#spoken.delete(socket);
      // Of replies that were queued behind another one, Node 20 never says that they are over.
      for (const response of this.#repliesOn.get(socket) ?? []) this.#onReplyOver(socket, response);
      this.#checkEnded();
    });
  }

  readonly #onMessage = (message: unknown): void => {
    const { request, response, server } = message as RequestMessage;
    if (server === this.#server) this.#onRequest(request, response);
  };

  /** Called from the channel and from the listener, which alone knows of requests that another server hands on. */
  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (this.#inFlight.has(response)) return;
    // Accepted before this object was made.
    const { socket } = request;
    if (!this.#spoken.has(socket)) this.#onConnection(socket, true);
    this.#inFlight.set(response, this.#clock.now());
    const replies = this.#repliesOn.get(socket);
    if (replies === undefined) this.#repliesOn.set(socket, new Set([response]));
    else replies.add(response);
    this.#lastReply.set(socket, response);
    if (this.#isDraining) this.#closeAfter(response);
    response.once('close', () => this.#onReplyOver(socket, response));
  }

  #onReplyOver(socket: Socket, response: ServerResponse): void {
    this.#inFlight.delete(response);
    this.#repliesOn.get(socket)?.delete(response);
    // Its reply may have left before draining began, and so not have closed the connection.
    if (this.#isStopped) setImmediate(() => this.#closeIdle());
  }

  /** Start-up went on although the process is leaving. */
  #onListening(): void {
    if (this.#isStopped) TcpServer.prototype.close.call(this.#server);
  }

  #closeAfter(response: ServerResponse): void {
    closeAfterReply(response, () => this.#lastReply.get(response.req.socket) === response);
  }

  #closeIdle(): void {
    const now = this.#clock.now();
    let isWaiting = false;
    for (const [socket, since] of this.#sockets) {
      if (socket.bytesRead > 0) continue;
      if (now - since >= SILENT_GRACE_MS) socket.destroy();
      else isWaiting = true;
    }
    // Since Node 26, closeIdleConnections() also closes connections that have not sent anything yet. The timer set in
    // stop() calls this again when their time is over.
    if (isWaiting) return;
    // Node would destroy a connection whose reply is still on its way out; its end brings us here again.
    for (const response of this.#inFlight.keys()) if (response.writableEnded) return;
    this.#server.closeIdleConnections();
  }

  #checkEnded(): void {
    if (this.#isClosed && this.#sockets.size === 0) this.#onEnded?.();
  }
}
