import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock, TimerHandle } from '../internal/time.ts';

/** How long unsent bytes may wait for a client that reads nothing, in milliseconds. */
const STALLED_MS = 30_000;

/** How often that is checked, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/** From this many connections on, one is closed for each new one. */
const MOST_CONNECTIONS = 1000;

/** The state of a connection. */
interface Seen {
  /** How many replies it is waiting for. */
  replies: number;
  /** What had been sent when it was last checked, and since when that has not changed. */
  sent: string;
  since: number;
}

/**
 * Keeps clients that hold connections from using up a server for probers: one that reads nothing is cut off, and if there are
 * too many, the longest idle one is closed, so that a prober always gets in.
 */
export class ConnectionLimits {
  readonly #server: HttpServer;
  readonly #clock: Clock;
  readonly #most: number;
  /** The most recently active one is last. */
  readonly #connections = new Map<Socket, Seen>();
  #timer: TimerHandle | undefined;

  constructor(server: HttpServer, clock: Clock, most: number = MOST_CONNECTIONS) {
    this.#server = server;
    this.#clock = clock;
    this.#most = most;
    server.prependListener('connection', this.#onConnection);
    server.prependListener('request', this.#onRequest);
  }

  /** Removes every listener from the server. */
  dispose(): void {
    this.#server.removeListener('connection', this.#onConnection);
    this.#server.removeListener('request', this.#onRequest);
    this.#stopLooking();
  }

  readonly #onConnection = (socket: Socket): void => {
    if (this.#connections.size >= this.#most) this.#makeRoom();
    this.#connections.set(socket, { replies: 0, sent: '', since: this.#clock.now() });
    socket.once('close', () => {
      this.#connections.delete(socket);
      if (this.#connections.size === 0) this.#stopLooking();
    });
    if (this.#timer === undefined) this.#lookLater();
  };

  readonly #onRequest = ({ socket }: IncomingMessage, response: ServerResponse): void => {
    const seen = this.#connections.get(socket);
    if (seen === undefined) return;
    this.#touch(socket, seen);
    seen.replies++;
    response.once('close', () => {
      seen.replies--;
      if (this.#connections.has(socket)) this.#touch(socket, seen);
    });
  };

  #touch(socket: Socket, seen: Seen): void {
    this.#connections.delete(socket);
    this.#connections.set(socket, seen);
  }

  /** Closes the connection that has been idle longest; if none is idle, the one that has waited longest. */
  #makeRoom(): void {
    let longest: Socket | undefined;
    for (const [socket, { replies }] of this.#connections) {
      if (socket.destroyed) continue;
      longest ??= socket;
      if (replies > 0) continue;
      longest = socket;
      break;
    }
    if (longest === undefined) return;
    this.#connections.delete(longest);
    longest.destroy();
  }

  #lookLater(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#look();
      this.#lookLater();
    }, LOOK_EVERY_MS);
    this.#timer.unref?.();
  }

  #stopLooking(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const now = this.#clock.now();
    for (const [socket, seen] of this.#connections) {
      const sent = sentOn(socket);
      if (socket.writableLength === 0 || sent !== seen.sent) {
        seen.sent = sent;
        seen.since = now;
      } else if (now - seen.since >= STALLED_MS) socket.destroy();
    }
  }
}

/**
 * What has been sent so far, in a form to compare. Node counts a chunk as written once it is passed to the system, which may
 * take it bit by bit; only the handle knows how much of it is left.
 */
function sentOn(socket: Socket): string {
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null };
  return `${socket.bytesWritten - socket.writableLength} ${handle?.writeQueueSize}`;
}
