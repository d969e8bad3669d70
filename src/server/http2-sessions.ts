import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { type Clock, inSeconds } from '../internal/time.ts';
import type { GracefulServer } from './graceful-server.ts';
import { pathOf } from './upgrades.ts';

/** `http2.constants.NGHTTP2_CANCEL`; importing it would load the module in programs that do not use it. */
const NGHTTP2_CANCEL = 8;

interface Stream {
  readonly name: string;
  readonly since: number;
}

interface Session {
  readonly streams: Map<ServerHttp2Stream, Stream>;
  hadStream: boolean;
}

/**
 * The HTTP/2 sessions of a server and the streams in flight on them. A session that is closed gets a GOAWAY with the
 * last stream that was seen: streams up to it are completed, and a client knows that later ones were not processed and
 * may be sent to another server (RFC 9113, 6.8).
 */
export class Http2Sessions {
  readonly #server: GracefulServer;
  readonly #clock: Clock;
  readonly #sessions = new Map<ServerHttp2Session, Session>();
  #isDraining = false;
  #isStopped = false;

  constructor(server: GracefulServer, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
    server.prependListener('session', this.#onSession);
  }

  /** How many streams are in flight. */
  get inFlight(): number {
    let count = 0;
    for (const { streams } of this.#sessions.values()) count += streams.size;
    return count;
  }

  /** Ends each session after its current streams. One that has had none yet may open one first: it is new. */
  closeReplies(): void {
    this.#isDraining = true;
    for (const [session, { hadStream }] of this.#sessions) if (hadStream) session.close();
  }

  /** Ends all sessions after their current streams. */
  stop(): void {
    this.#isStopped = true;
    // Streams that have already arrived are read first.
    setImmediate(() => {
      for (const session of this.#sessions.keys()) session.close();
    });
  }

  /** Destroys every session. @returns the streams that were lost, in words */
  cutOff(): string[] {
    const now = this.#clock.now();
    const lost: string[] = [];
    for (const [session, { streams }] of this.#sessions) {
      for (const [stream, { name, since }] of streams) {
        lost.push(`${name} (after ${inSeconds(now - since)})`);
        // Otherwise half an answer would look complete in Deno. This is the only code that raises no error here.
        stream.close(NGHTTP2_CANCEL);
      }
      session.destroy();
    }
    return lost;
  }

  dispose(): void {
    this.#server.removeListener('session', this.#onSession);
  }

  readonly #onSession = (session: ServerHttp2Session): void => {
    const known: Session = { streams: new Map(), hadStream: false };
    this.#sessions.set(session, known);
    session.prependListener('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) =>
      this.#onStream(session, known, stream, headers),
    );
    session.once('close', () => this.#sessions.delete(session));
    if (this.#isStopped) session.close();
  };

  #onStream(
    session: ServerHttp2Session,
    known: Session,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ): void {
    known.hadStream = true;
    const name = `${headers[':method']} ${pathOf(headers[':path'] as string | undefined)}`;
    known.streams.set(stream, { name, since: this.#clock.now() });
    stream.once('close', () => {
      known.streams.delete(stream);
      if (this.#isDraining) session.close();
    });
  }
}
