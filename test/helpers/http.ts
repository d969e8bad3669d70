import { once } from 'node:events';
import http, { type RequestListener, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import express from 'express';
// @ts-expect-error express 4 is installed under another name, without types
import express4 from 'express4';
import { onTestFinished } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import type { HealthSource } from '../../src/health/source.ts';
import type { HttpOptions } from '../../src/http/options.ts';

/** One way of mounting health, and what else such a server answers: 418 `application` everywhere. */
export interface Mount {
  readonly name: string;
  listener(health: HealthSource, options?: HttpOptions): RequestListener;
  /** As `listener`, mounted under a prefix of the path, where the framework knows such a thing. */
  prefixed?(prefix: string, health: HealthSource, options?: HttpOptions): RequestListener;
}

function expressMount(name: string, create: typeof express): Mount {
  const withApplication = (mount: (app: ReturnType<typeof express>) => void): RequestListener => {
    const app = create();
    mount(app);
    app.use((_request, response) => {
      response.status(418).send('application');
    });
    return app;
  };
  return {
    name,
    listener: (health, options) => withApplication((app) => app.use(middleware(health, options))),
    prefixed: (prefix, health, options) =>
      withApplication((app) => app.use(prefix, middleware(health, options))),
  };
}

/** The servers on which one suite has to pass. */
export const MOUNTS: readonly Mount[] = [
  {
    name: 'node:http',
    listener: (health, options) => {
      const mounted = middleware(health, options);
      return (request, response) =>
        mounted(request, response, () => {
          response.statusCode = 418;
          response.end('application');
        });
    },
  },
  expressMount('Express 4', express4),
  expressMount('Express 5', express),
];

/** A server on a free port, closed when the test ends. */
export async function serve(
  listener: RequestListener,
): Promise<{ server: Server; port: number; url: string }> {
  const server = http.createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

/** What came back on a bare socket. */
export interface RawAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly text: string;
}

/** Sends bytes as they are and reads until the server closes the connection. */
export async function raw(port: number, bytes: string): Promise<RawAnswer> {
  const socket = net.connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  socket.write(bytes);
  await once(socket, 'close');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':')[0]?.toLowerCase(), line.replace(/^[^:]*: */, '')]),
  );
  return { statusCode: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n'), text };
}
