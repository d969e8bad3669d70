import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Clock, inSeconds } from '../internal/time.ts';
import { hasMethods } from '../internal/validator.ts';
import { type GracefulServer, isHttp2Server } from './graceful-server.ts';
import { closeAfterReply } from './last-reply.ts';
import { pathOf } from './upgrades.ts';

/**
 * Node announces each HTTP/1 request here, before the server emits it (nodejs.org/api/diagnostics_channel.html).
 * Listeners alone miss some: `attach()` and libraries such as engine.io answer without calling them.
 */
const REQUEST_CHANNEL = 'http.server.request.start';

/** Not imported, because an `import` of a module that Node has loaded already still costs. */
const channels = (): typeof import('node:diagnostics_channel') =>
  process.getBuiltinModule('node:diagnostics_channel');

interface RequestMessage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: unknown;
}

interface InFlight {
  readonly since: number;
  /** As the client sent it: routers rewrite `url`. */
  readonly target: string | undefined;
}

/** What {@link Replies} reports to the connections. */
export interface RepliesHost {
  /** A request arrived on this socket. */
  onRequest(socket: Socket): void;
  onReplyOver(): void;
}

/** The HTTP/1 replies of a server that have not been sent completely. */
export class Replies {
  readonly #server: GracefulServer;
  readonly #clock: Clock;
  readonly #host: RepliesHost;
  readonly #inFlight = new Map<ServerResponse, InFlight>();
  /** The same by connection; clients may send several requests without waiting. */
  readonly #repliesOn = new WeakMap<Socket, Set<ServerResponse>>();
  /** The reply to the last request on each connection. */
  readonly #lastReply = new WeakMap<Socket, ServerResponse>();
  #isDraining = false;

  constructor(server: GracefulServer, clock: Clock, host: RepliesHost) {
    this.#server = server;
    this.#clock = clock;
    this.#host = host;
    channels().subscribe(REQUEST_CHANNEL, this.#onMessage);
    // On an HTTP/2 server a listener would make Node create a request and a response for every stream.
    if (!isHttp2Server(server)) server.prependListener('request', this.#onRequest);
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Returns true while a reply is complete but not yet sent. */
  get isAnyOnItsWay(): boolean {
    for (const response of this.#inFlight.keys()) if (response.writableEnded) return true;
    return false;
  }

  /** Returns true if a request ever arrived on this socket. */
  hasReceived(socket: Socket): boolean {
    return this.#lastReply.has(socket);
  }

  /** From now on every reply has `Connection: close`, including those in progress. */
  closeReplies(): void {
    this.#isDraining = true;
    for (const response of this.#inFlight.keys()) this.#closeAfter(response);
  }

  /** Destroys the connection of every reply in flight. @returns what was lost, in words */
  cutOff(): string[] {
    const now = this.#clock.now();
    return [...this.#inFlight].map(([{ req }, { since, target }]) => {
      req.socket.destroy();
      return `${req.method} ${pathOf(target)} (after ${inSeconds(now - since)})`;
    });
  }

  /** Node 20 never reports the end of replies that were queued behind another one. */
  onSocketClosed(socket: Socket): void {
    for (const response of this.#repliesOn.get(socket) ?? []) this.#onReplyOver(socket, response);
  }

  dispose(): void {
    channels().unsubscribe(REQUEST_CHANNEL, this.#onMessage);
    this.#server.removeListener('request', this.#onRequest);
  }

  readonly #onMessage = (message: unknown): void => {
    const { request, response, server } = message as RequestMessage;
    if (server === this.#server) this.#onRequest(request, response);
  };

  /** Called from the channel and from the listener; only the latter sees requests that another server passes on. */
  readonly #onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (this.#inFlight.has(response)) return;
    const { socket } = request;
    // Requests that tests make up have no connection that could close.
    if (!hasMethods(socket, ['once', 'destroy']) || !hasMethods(response, ['once', 'writeHead'])) return;
    this.#host.onRequest(socket);
    const { originalUrl: target = request.url } = request as { originalUrl?: string };
    this.#inFlight.set(response, { since: this.#clock.now(), target });
    const replies = this.#repliesOn.get(socket);
    if (replies === undefined) this.#repliesOn.set(socket, new Set([response]));
    else replies.add(response);
    this.#lastReply.set(socket, response);
    if (this.#isDraining) this.#closeAfter(response);
    response.once('close', () => this.#onReplyOver(socket, response));
  };

  #onReplyOver(socket: Socket, response: ServerResponse): void {
    this.#inFlight.delete(response);
    this.#repliesOn.get(socket)?.delete(response);
    this.#host.onReplyOver();
  }

  #closeAfter(response: ServerResponse): void {
    closeAfterReply(response, () => this.#lastReply.get(response.req.socket) === response);
  }
}
