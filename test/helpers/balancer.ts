import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** HAProxy's terms: `inter`, `fall` and `rise` of a server line. */
const interMs = 200;
const fall = 2;
const rise = 2;
/** HAProxy gives a check `inter`; here a busy machine must not pass for a sick instance. */
const checkTimeoutMs = 2000;

/** A server behind the balancer. */
export interface Backend {
  readonly port: number;
  isUp: boolean;
  /** Requests that were sent to it. */
  requests: number;
  /** What its checks came to, in order; 0 where there was no answer. */
  readonly checks: number[];
}

interface Watched extends Backend {
  readonly agent: Agent;
  /** Checks in a row that contradict `isUp`. */
  contradictions: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * A round-robin load balancer that never sends a request twice: whatever a server loses, the client sees. It checks as
 * HAProxy's `option httpchk` does, and a new server counts as down until it has passed `rise` checks.
 */
export class Balancer {
  readonly #checkPath: string;
  readonly #server: Server;
  readonly #backends: Watched[] = [];
  #next = 0;

  constructor(checkPath: string) {
    this.#checkPath = checkPath;
    this.#server = createServer((request, response) => this.#forward(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  add(port: number): Backend {
    // Gives up an idle connection before the server does (Node: 5 s), as every proxy should.
    const agent = new Agent({ keepAlive: true, scheduling: 'fifo', timeout: 3000 });
    const backend: Watched = {
      port,
      isUp: false,
      requests: 0,
      checks: [],
      agent,
      contradictions: 0,
      timer: undefined,
    };
    this.#backends.push(backend);
    void this.#watch(backend);
    return backend;
  }

  remove(backend: Backend): void {
    const index = this.#backends.indexOf(backend as Watched);
    const [removed] = this.#backends.splice(index, 1);
    clearTimeout(removed?.timer);
    removed?.agent.destroy();
  }

  close(): void {
    for (const backend of [...this.#backends]) this.remove(backend);
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #watch(backend: Watched): Promise<void> {
    const status = await checkOnce(backend.port, this.#checkPath);
    backend.checks.push(status);
    const passed = status >= 200 && status < 400;
    backend.contradictions = passed === backend.isUp ? 0 : backend.contradictions + 1;
    if (backend.contradictions >= (backend.isUp ? fall : rise)) {
      backend.isUp = passed;
      backend.contradictions = 0;
    }
    if (this.#backends.includes(backend))
      backend.timer = setTimeout(() => void this.#watch(backend), interMs);
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const up = this.#backends.filter((each) => each.isUp);
    const backend = up[this.#next++ % Math.max(1, up.length)];
    const fail = (reason: string) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end(reason);
    };
    if (backend === undefined) {
      fail('no server is up');
      return;
    }
    backend.requests++;
    const { method, url, headers } = request;
    const { connection, ...passedOn } = headers;
    const options = { port: backend.port, host: '127.0.0.1', agent: backend.agent, method, path: url };
    const outgoing = httpRequest({ ...options, headers: passedOn }, (reply) => {
      const { connection: _, 'keep-alive': __, ...replyHeaders } = reply.headers;
      response.writeHead(reply.statusCode ?? 500, replyHeaders);
      reply.on('error', () => response.destroy()).pipe(response);
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail(`${error.code} from port ${backend.port}`));
    request.pipe(outgoing);
  }
}

/** HAProxy's default check, byte for byte: OPTIONS over HTTP/1.0, no Host. @returns the status, 0 for no answer */
function checkOnce(port: number, path: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`OPTIONS ${path} HTTP/1.0\r\n\r\n`));
    let text = '';
    socket.setTimeout(checkTimeoutMs, () => socket.destroy());
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.[01] (\d{3}) /.exec(text)?.[1] ?? 0)));
  });
}
