import { once } from 'node:events';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** What a proxy does with connections: passes bytes on, keeps them, or ends the connection. */
type Mode = 'pass' | 'silence' | 'reset' | 'half-close';

/** How long to wait for a port that something else uses briefly, in milliseconds. */
const PORT_PATIENCE_MS = 60_000;

/**
 * A TCP proxy on 127.0.0.1 in front of another local port. On command it breaks the connections through it, as servers,
 * networks and failovers do.
 *
 * @example
 * const proxy = await TcpProxy.to(5432);
 * const pool = new pg.Pool({ connectionString: proxy.in(url) });
 * proxy.silence(); // a black hole, until proxy.pass()
 */
export class TcpProxy {
  /** Where to connect instead of to the server. */
  readonly port: number;
  /** Each chunk is delayed by this much, in milliseconds. */
  delayMs = 0;
  /** How fast bytes are passed on; 0 is as fast as they come. */
  bytesPerSecond = 0;
  #bytesFromServer = 0;
  #mode: Mode = 'pass';
  #server: Server;
  readonly #target: number;
  readonly #pairs = new Set<Pair>();
  readonly #forgotten = new WeakSet<Socket>();
  #whileSilent = Promise.resolve();
  #endSilence: () => void = () => undefined;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** Starts a proxy on a free port. */
  static async to(port: number): Promise<TcpProxy> {
    return new TcpProxy(await listen(0), port);
  }

  /** How many connections clients have open. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** How many bytes from the server have been sent to clients. */
  get bytesFromServer(): number {
    return this.#bytesFromServer;
  }

  /** The connection string with this proxy in it. */
  in(url: string): string {
    const changed = new URL(url);
    changed.port = String(this.port);
    return changed.href;
  }

  /** Accepts new connections, and passes on what silence held back. */
  pass(): void {
    this.#mode = 'pass';
    this.delayMs = 0;
    this.bytesPerSecond = 0;
    this.#endSilence();
  }

  /** Black hole: connections are accepted, bytes are swallowed, nothing comes back. */
  silence(): void {
    this.#mode = 'silence';
    this.#whileSilent = new Promise((resolve) => {
      this.#endSilence = resolve;
    });
  }

  /** Like a host that vanished: current connections stay silent for good, even after `pass()`. */
  forget(): void {
    for (const { near, far } of this.#pairs) {
      this.#forgotten.add(near);
      near.pause();
      far.destroy();
    }
  }

  /** Cuts the connections that `forget()` left dead, as TCP eventually does. */
  bury(): void {
    for (const { near } of this.#pairs) if (this.#forgotten.has(near)) near.destroy();
  }

  /** Cuts all connections with a reset, and every new one. */
  reset(): void {
    this.#mode = 'reset';
    for (const { near } of this.#pairs) reset(near);
  }

  /** Cuts the current connections with a reset, as a restart of the server does; new ones pass. */
  cut(): void {
    for (const { near } of this.#pairs) reset(near);
  }

  /** Half-closes all connections and every new one: sends nothing more, but keeps listening. */
  halfClose(): void {
    this.#mode = 'half-close';
    for (const { near } of this.#pairs) near.end();
  }

  /** New connections are refused (ECONNREFUSED); current ones continue. */
  refuse(): void {
    this.#server.close();
  }

  /** Accepts new connections again, on the same port. */
  async accept(): Promise<void> {
    this.#server = await listen(this.port);
    this.#server.on('connection', (socket) => this.#accept(socket));
  }

  /** Stops listening and cuts everything. */
  close(): void {
    this.#server.close();
    this.#mode = 'pass';
    this.#endSilence();
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  #accept(near: Socket): void {
    near.on('error', ignore);
    if (this.#mode === 'reset') {
      near.resetAndDestroy();
      return;
    }
    const far = net.connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
    far.on('error', () => reset(near));
    const pair = { near, far };
    this.#pairs.add(pair);
    near.on('close', () => {
      this.#pairs.delete(pair);
      far.destroy();
    });
    if (this.#mode === 'half-close') near.end();
    void this.#pump(near, far, false);
    void this.#pump(far, near, true);
  }

  async #pump(from: Socket, to: Socket, isToClient: boolean): Promise<void> {
    const chunks: Buffer[] = [];
    let wake = ignore as () => void;
    let isOver = false;
    from.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      wake();
    });
    from.on('end', () => {
      isOver = true;
      wake();
    });
    to.on('close', () => {
      isOver = true;
      wake();
    });
    for (;;) {
      const chunk = chunks.shift();
      if (chunk !== undefined) await this.#pass(chunk, to, isToClient);
      else if (isOver) break;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    if (to.writable && !this.#forgotten.has(to)) to.end();
  }

  async #pass(chunk: Buffer, to: Socket, isToClient: boolean): Promise<void> {
    if (this.delayMs > 0) await sleep(this.delayMs);
    await this.#whileSilentNow();
    for (let sent = 0; sent < chunk.length; ) {
      const size = this.bytesPerSecond > 0 ? 1 : chunk.length - sent;
      if (this.bytesPerSecond > 0) await sleep(1000 / this.bytesPerSecond);
      if (to.writable && !this.#forgotten.has(to)) {
        to.write(chunk.subarray(sent, sent + size));
        if (isToClient) this.#bytesFromServer += size;
      }
      sent += size;
    }
  }

  async #whileSilentNow(): Promise<void> {
    while (this.#mode === 'silence') await this.#whileSilent;
  }
}

/** Cuts a connection with a reset. One that is just being shut down cannot be reset (libuv: EINVAL), and Node then never closes it. */
function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}

/** A port that was ours a moment ago may briefly be another process's outgoing port. */
async function listen(port: number): Promise<Server> {
  const until = performance.now() + PORT_PATIENCE_MS;
  for (;;) {
    const server = net.createServer({ allowHalfOpen: true });
    server.listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || performance.now() > until) throw error;
      await sleep(20);
    }
  }
}

function ignore(): void {
  // Connections through here are meant to break.
}
