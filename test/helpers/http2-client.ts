import { type ClientHttp2Session, connect } from 'node:http2';

/** What became of a request over HTTP/2. */
export interface Outcome {
  readonly body: string;
  /** How often it was sent again, because the server had said that it did not touch it. */
  readonly retries: number;
}

/**
 * A client over HTTP/2 as Go's, Envoy's and browsers' are: one session for all requests until the server says GOAWAY, then
 * another one; a request that the server has not processed is sent again (RFC 9113, 8.7), any other is lost.
 */
export class Http2Client {
  readonly #url: () => string;
  #session: ClientHttp2Session | undefined;
  /** How many sessions were told to go away. */
  goaways = 0;

  /** @param url asked for each session: where the requests go now */
  constructor(url: () => string) {
    this.#url = url;
  }

  async get(path: string): Promise<Outcome> {
    for (let retries = 0; ; retries++) {
      try {
        return { body: await this.#ask(path), retries };
      } catch (error) {
        if (!isUntouched(error) || retries > 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  close(): void {
    this.#session?.destroy();
  }

  #ask(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const stream = this.#open().request({ ':path': path });
      let text = '';
      let hasAnswered = false;
      stream.on('response', () => {
        hasAnswered = true;
      });
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      stream.on('error', reject);
      stream.on('close', () =>
        hasAnswered && stream.rstCode === 0 && stream.readableEnded
          ? resolve(text)
          : reject(new Error(`RST ${stream.rstCode}`)),
      );
      stream.end();
    });
  }

  #open(): ClientHttp2Session {
    const known = this.#session;
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    const session = connect(this.#url(), { rejectUnauthorized: false });
    this.#session = session;
    const forget = () => {
      if (this.#session === session) this.#session = undefined;
    };
    session.on('goaway', () => {
      this.goaways++;
      forget();
    });
    session.on('close', forget).on('error', forget);
    return session;
  }
}

/** The server refused the stream, or there was no session any more when it was to be sent. */
function isUntouched(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return /GOAWAY_SESSION|INVALID_SESSION/.test(String(code)) || /REFUSED_STREAM/.test(message);
}
