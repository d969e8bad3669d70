import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

/** A client that comes back whenever its WebSocket has closed, as most do. */
export class ReconnectingClient {
  readonly #url: () => string;
  #socket: WebSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  /** How each of its connections ended: a close code, or the status of an answer that was not a WebSocket. */
  readonly ends: (number | string)[] = [];
  opened = 0;

  /** @param url asked for each connection: where it goes now */
  constructor(url: () => string) {
    this.#url = url;
    this.#connect();
    onTestFinished(() => this.stop());
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#socket?.terminate();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url());
    this.#socket = socket;
    let refusal: string | undefined;
    socket.on('open', () => this.opened++);
    socket.on('unexpected-response', (_request, reply) => {
      const { statusCode, headers } = reply;
      refusal = `${statusCode}, retry after ${headers['retry-after']}, connection ${headers.connection}`;
      socket.terminate();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      refusal ??= error.code ?? error.message;
    });
    socket.on('close', (code) => {
      if (this.#isOver) return;
      this.ends.push(refusal ?? code);
      this.#timer = setTimeout(() => this.#connect(), 50);
    });
  }
}
