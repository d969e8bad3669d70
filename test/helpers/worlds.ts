import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { serve as serveHono } from '@hono/node-server';
import fastify, { type FastifyInstance } from 'fastify';
import { Hono } from 'hono';
// @ts-expect-error comes without types
import Koa from 'koa';
import { inject } from 'light-my-request';
import { onTestFinished } from 'vitest';
import { attach } from '../../src/adapters/attach.ts';
import { fetchHandler } from '../../src/adapters/fetch.ts';
import { listen } from '../../src/adapters/listen.ts';
import { middleware } from '../../src/adapters/middleware.ts';
import type { HealthSource } from '../../src/health/source.ts';
import type { HttpOptions } from '../../src/http/options.ts';
// @ts-expect-error plain JavaScript, which other runtimes load too
import { contractServers } from '../fixtures/contract-servers.mjs';

/** A request as a test makes it. */
export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How bytes become text. Default `utf8`. */
  readonly as?: 'latin1';
}

/** What came back. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

export type Client = (path: string, ask?: Ask) => Promise<Told>;

/** What the contract has to know of where health is mounted. */
export interface Traits {
  readonly name: string;
  readonly isHttp2?: true;
  /** Whether it speaks TLS; undefined where there is no connection that policies could see. */
  readonly isEncrypted?: boolean;
  /** Whether `/` is a health path too. */
  readonly answersRoot?: true;
}

/** A server, framework or runtime that health is mounted in; what is not health is answered 418 `application`. */
export interface World extends Traits {
  open(health: HealthSource, options?: HttpOptions): Client | Promise<Client>;
}

const application: RequestListener = (_request, response) => {
  response.statusCode = 418;
  response.end('application');
};

/** Health in front of that application. */
function listenerOf(health: HealthSource, options?: HttpOptions): RequestListener {
  const mounted = middleware(health, options);
  return (request, response) => mounted(request, response, () => application(request, response));
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A client that takes a connection of its own for each request. */
export function httpClient(port: number, transport: typeof http | typeof https = http): Client {
  return (path, { method = 'GET', headers = {}, body, as = 'utf8' } = {}) =>
    new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers,
        agent: false,
        rejectUnauthorized: false,
      };
      const sent = transport.request(options, (response) => {
        let text = '';
        response.setEncoding(as as 'utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode as number,
            headers: response.headers as Told['headers'],
            text,
          }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
}

/** A client that sends every request over one connection. */
function http2Client(url: string): Client {
  const session = http2.connect(url, { rejectUnauthorized: false });
  onTestFinished(() => session.destroy());
  return (path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      const stream = session.request({ ':path': path, ':method': method, ...Object.fromEntries(lower) });
      let head: http2.IncomingHttpHeaders = {};
      let text = '';
      stream.on('response', (received) => {
        head = received;
      });
      stream.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      stream.on('end', () =>
        resolve({ status: Number(head[':status']), headers: { ...head } as Told['headers'], text }),
      );
      stream.on('error', reject);
      stream.end(body);
    });
}

/** How a server of the contract is asked. */
type Protocol = 'http' | 'https' | 'h2' | 'h2c';

/** A server that health is mounted in, of {@link contractServers}. */
export interface ContractServer {
  readonly name: string;
  readonly protocol: Protocol;
  readonly answersRoot?: true;
  open(health: HealthSource, options?: HttpOptions): Promise<{ port: number; close(): unknown }>;
}

/** Those of Node's own modules and of Express, over the source. */
export const SERVERS: readonly ContractServer[] = contractServers({ middleware, attach, listen });

/** A client of such a server on this port. */
export function clientOf({ protocol, name }: ContractServer, port: number): Client {
  if (protocol === 'h2') return http2Client(`https://localhost:${port}`);
  if (protocol === 'h2c') return http2Client(`http://127.0.0.1:${port}`);
  const client = httpClient(port, protocol === 'http' ? http : https);
  return name === 'listen' ? withoutApplication(client) : client;
}

/** A client of a listener of health alone: where the contract expects the application's answer, there is a 404. */
export function withoutApplication(client: Client): Client {
  return async (path, ask) => {
    const told = await client(path, ask);
    const isNobodys = told.status === 404 && told.text === '{"error":"not found"}';
    return isNobodys ? { ...told, status: 418, text: 'application' } : told;
  };
}

/** What the contract has to know of a server. */
export function traitsOf({ name, protocol, answersRoot }: ContractServer): Traits {
  return {
    name,
    isEncrypted: protocol === 'https' || protocol === 'h2',
    ...(protocol.startsWith('h2') ? { isHttp2: true } : {}),
    ...(answersRoot ? { answersRoot } : {}),
  };
}

const ON_SERVERS: readonly World[] = SERVERS.map((server) => ({
  ...traitsOf(server),
  open: async (health, options) => {
    const { port, close } = await server.open(health, options);
    onTestFinished(() => void close());
    return clientOf(server, port);
  },
}));

function withFastify(health: HealthSource, options?: HttpOptions): FastifyInstance {
  const app = fastify();
  const handle = middleware(health, options);
  app.addHook('onRequest', (request, reply, done) => {
    let isOurs = true;
    handle(request.raw, reply.raw, () => {
      isOurs = false;
    });
    if (isOurs) reply.hijack();
    else done();
  });
  app.setNotFoundHandler((_request, reply) => void reply.code(418).send('application'));
  onTestFinished(() => app.close());
  return app;
}

interface KoaContext {
  req: http.IncomingMessage;
  res: http.ServerResponse;
  respond: boolean;
  status: number;
  body: string;
}

/** Koa as the documentation has it. */
function withKoa(health: HealthSource, options?: HttpOptions): RequestListener {
  const app = new Koa();
  const handle = middleware(health, options);
  app.use((ctx: KoaContext, next: () => Promise<void>) => {
    let isOurs = true;
    handle(ctx.req, ctx.res, () => {
      isOurs = false;
    });
    if (!isOurs) return next();
    ctx.respond = false;
    return undefined;
  });
  app.use((ctx: KoaContext) => {
    ctx.status = 418;
    ctx.body = 'application';
  });
  return app.callback();
}

const injected = (answer: { statusCode: number; headers: object; payload: string }): Told => ({
  status: answer.statusCode,
  headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])),
  text: answer.payload,
});

const FRAMEWORKS: readonly World[] = [
  {
    name: 'Fastify',
    open: async (health, options) => {
      const app = withFastify(health, options);
      await app.listen({ port: 0, host: '127.0.0.1' });
      return httpClient((app.server.address() as AddressInfo).port);
    },
  },
  {
    name: 'inject of Fastify',
    open: (health, options) => {
      const app = withFastify(health, options);
      return async (path, { method = 'GET', headers = {}, body } = {}) =>
        injected(
          await app.inject({
            method: method as 'GET',
            url: path,
            headers,
            ...(body === undefined ? {} : { payload: body }),
          }),
        );
    },
  },
  {
    name: 'light-my-request',
    open:
      (health, options) =>
      async (path, { method = 'GET', headers = {} } = {}) =>
        injected(
          await inject(listenerOf(health, options) as never, { method: method as 'GET', url: path, headers }),
        ),
  },
  {
    name: 'Koa',
    open: async (health, options) => httpClient(await portOf(http.createServer(withKoa(health, options)))),
  },
];

const FETCH: readonly World[] = [
  {
    name: 'fetchHandler',
    open: (health, options) => {
      const handle = fetchHandler(health, options);
      return async (path, { method = 'GET', headers = {}, body = null } = {}) => {
        const request = new Request(`http://test.example${path}`, { method, headers, body });
        const response = (await handle(request)) ?? new Response('application', { status: 418 });
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          text: await response.text(),
        };
      };
    },
  },
  {
    name: 'Hono on Node',
    open: async (health, options) => {
      const handle = fetchHandler(health, options);
      const app = new Hono();
      app.use(async (context, next) => (await handle(context.req.raw)) ?? next());
      app.all('*', (context) => context.text('application', 418));
      const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
      onTestFinished(() => void server.close());
      await once(server, 'listening');
      return httpClient((server.address() as AddressInfo).port);
    },
  },
];

/** Where the contract has to hold. */
export const WORLDS: readonly World[] = [...ON_SERVERS, ...FRAMEWORKS, ...FETCH];
