import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock, TimerHandle } from '../internal/time.ts';

/** How long unsent bytes may wait for a client that reads nothing, in milliseconds. */
const STALLED_MS = 30_000;

/** How often that is looked at, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/** From this many connections on, one is closed for each that comes. */
const MOST_CONNECTIONS = 1000;

/** What is known of a connection. */
interface Seen {
  /** How many replies it is waiting for. */
  replies: number;
  /** What had left when it was last looked at, and since when it has been that. */
  sent: string;
  since: number;
}

/**
 * Keeps a server for probers from being taken up by clients that hold connections: one that reads nothing is cut off, and of too
 * many the longest idle one makes room, so that a prober always gets in.
 */
export class ConnectionLimits {
  readonly #server: HttpServer;
  readonly #clock: Clock;
  readonly #most: number;
  /** The one that did something last stands last. */
  readonly #connections = new Map<Socket, Seen>();
  #timer: TimerHandle | undefined;

  constructor(server: HttpServer, clock: Clock, most: number = MOST_CONNECTIONS) {
    this.#server = server;
    this.#clock = clock;
    this.#most = most;
    server.prependListener('connection', this.#onConnection);
    server.prependListener('request', this.#onRequest);
  }

  /** Takes every listener off the server. */
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

  /** Closes the connection that has been idle for longest; where none is, the one that has waited longest. */
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
 * What has left for the network, as something to compare. Node counts a chunk as written once it is handed to the system, which
 * may take it bit by bit; how much is left of that is known to the handle alone.
 */
function sentOn(socket: Socket): string {
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null };
  return `${socket.bytesWritten - socket.writableLength} ${handle?.writeQueueSize}`;
}
