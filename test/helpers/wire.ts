import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished, vi } from 'vitest';

/** How long a test waits for what should take milliseconds: the machine may be busy. */
const patienceMs = 30_000;

/** One connection to a server, byte for byte. */
export interface Wire {
  readonly socket: Socket;
  /** Sends a request without a body, or any other text. */
  send(text: string): void;
  /** What came so far. */
  text(): string;
  /** Waits until what came matches. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves when the connection has ended, with the code of the error that ended it, if one did. */
  ended: Promise<string | undefined>;
}

/** A request as it goes over the wire. */
export function get(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: test\r\n${headers}\r\n`;
}

/** Watches a socket that is, or will be, connected. */
export function wire(socket: Socket): Wire {
  let text = '';
  let code: string | undefined;
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code;
  });
  const ended = new Promise<string | undefined>((resolve) => socket.on('close', () => resolve(code)));
  onTestFinished(() => void socket.destroy());
  return {
    socket,
    ended,
    send: (chunk) => void socket.write(chunk),
    text: () => text,
    until: async (pattern) => {
      await vi.waitUntil(() => pattern.test(text), { timeout: patienceMs, interval: 5 });
      return text;
    },
  };
}

/** Connects to a port of this machine. */
export async function open(port: number): Promise<Wire> {
  const socket = connect(port, '127.0.0.1');
  const opened = wire(socket);
  await once(socket, 'connect');
  return opened;
}

/** Listens on a free port until the test is over. */
export async function serve(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** A server with this handler on a free port. */
export async function serving(handler: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(handler);
  return { server, port: await serve(server) };
}

/** Waits until something holds. */
export function until(condition: () => unknown): Promise<unknown> {
  return vi.waitUntil(condition, { timeout: patienceMs, interval: 5 });
}
