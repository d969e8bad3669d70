import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ALL_GROUP, LIVE_GROUP, READY_GROUP, STARTUP_GROUP } from '../health/group.ts';
import { engineOf, type HealthSource } from '../health/source.ts';
import { HTTP_OPTIONS, type HttpOptions } from '../http/options.ts';
import { failureMessage } from '../internal/error-text.ts';
import { settlesWithin, systemClock } from '../internal/time.ts';
import { Validator } from '../internal/validator.ts';
import { isKeptOpen } from '../server/closing-order.ts';
import { Connections } from '../server/connections.ts';
import { type Middleware, middleware } from './middleware.ts';

/** How {@link listen} listens: the middleware's options, and where. */
export interface ListenOptions extends HttpOptions {
  /** The TCP port, from 0 to 65535; 0 takes a free one. Default 9091, as in Fly's examples of `[metrics]`. */
  readonly port?: number;
  /**
   * The address to listen on. Default `127.0.0.1`, which nobody but this machine (and pod) reaches. kubelet and
   * Fly's Prometheus come from outside: `0.0.0.0`, or `::` for IPv6 as well. On a loopback address `details` defaults
   * to `'always'`, on any other to `'never'`.
   */
  readonly host?: string;
}

/** Where {@link listen} listens unless told otherwise, with the paths that Kubernetes made the custom; `/` is where people look. */
export const LISTEN_DEFAULTS: Required<Pick<ListenOptions, 'port' | 'host' | 'paths'>> = Object.freeze({
  port: 9091,
  host: '127.0.0.1',
  paths: Object.freeze({
    '/': ALL_GROUP,
    '/livez': LIVE_GROUP,
    '/readyz': READY_GROUP,
    '/startupz': STARTUP_GROUP,
    '/healthz': ALL_GROUP,
  }),
});

/** A listener of its own for health. */
export interface HealthServer {
  /** Where it listens, also where 0 was asked for. */
  readonly port: number;
  /** The address that it was told to listen on. */
  readonly host: string;
  /** Its root as a URL to try from this machine, such as `http://127.0.0.1:9091`. */
  readonly url: string;
  /** The server, such as for `gracefulShutdown` in a process that has no other. */
  readonly server: Server;
  /** Stops accepting and resolves when the last reply has left, after the controller's `timeoutMs` at the latest. */
  close(): Promise<void>;
}

/**
 * Health on a listener of its own: for processes without an HTTP server, such as workers, and for a management
 * port that the outside does not reach. Serves the middleware's paths, `/livez` `/readyz` `/startupz` `/healthz`, and
 * `/metrics` if `metrics` is given; anything else is 404. It stays up while the service drains, and closes with
 * the controller.
 *
 * @example const admin = await listen(health, { port: 9091, metrics: prometheus(health) });
 * @throws (as a rejection) ConfigError with every issue in controller and options; Error if it cannot listen there,
 * with the port and what to do
 */
export async function listen(health: HealthSource, options?: ListenOptions): Promise<HealthServer> {
  const { port, host, handler } = listenSettings(health, options);
  // Not imported: since Node 22 an `import` of it also loads the WebSocket client that it exports, which costs
  // several times as much as this package.
  const server = process.getBuiltinModule('node:http').createServer(handler);
  const connections = new Connections(server, systemClock);
  let closing: Promise<void> | undefined;
  const sayClose = () => connections.closeReplies();
  const onClose = () => void (isKeptOpen(server) || close());
  const close = () => {
    health.off('drain', sayClose);
    health.off('close', onClose);
    closing ??= closeWithin(connections, engineOf(health).timeoutMs);
    return closing;
  };
  health.on('drain', sayClose);
  health.on('close', onClose);
  if (health.isDraining) sayClose();
  try {
    await listening(server, port, host);
  } catch (thrown) {
    void close();
    throw new Error(whyNot(thrown, port, host), { cause: thrown });
  }
  if (closing !== undefined)
    throw new Error(
      `Port ${port} of ${host} was given up again, because the controller was closed meanwhile`,
    );
  server.on('error', (error) => {
    const facts = { port, host, reason: failureMessage(error) };
    engineOf(health).logger.error(
      facts,
      'The health listener cannot accept connections; look at the limit of open files',
    );
  });
  const actual = (server.address() as AddressInfo).port;
  return { port: actual, host, url: urlOf(host, actual), server, close };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Closed before it listened; then 'listening' may never come.
    server.once('close', resolve);
    server.listen(port, host, () => {
      server.removeListener('error', reject).removeListener('close', resolve);
      resolve();
    });
  });
}

async function closeWithin(connections: Connections, timeoutMs: number): Promise<void> {
  await settlesWithin(systemClock, timeoutMs, connections.stop());
  connections.cutOff();
  connections.dispose();
}

interface ListenSettings {
  readonly port: number;
  readonly host: string;
  readonly handler: Middleware;
}

/** @throws ConfigError with every issue: in where to listen, and in what to mount */
function listenSettings(health: HealthSource, options: ListenOptions | undefined): ListenSettings {
  const validator = new Validator();
  const given: ListenOptions = validator.options('options', options, ['port', 'host', ...HTTP_OPTIONS]);
  validator.wholeNumber('port', given.port, 0, 65_535);
  validator.nonEmptyString('host', given.host);
  const { port, host } = {
    port: given.port ?? LISTEN_DEFAULTS.port,
    host: given.host ?? LISTEN_DEFAULTS.host,
  };
  const handler = validator.adopt(() => middleware(health, mountOptions(given, host)));
  validator.throwIfAny('Invalid listen() options');
  return { port, host, handler: handler as Middleware };
}

/** What the middleware is told: the presets, under whatever the caller says of the same path. */
function mountOptions(given: ListenOptions, host: string): HttpOptions {
  const named = HTTP_OPTIONS.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]);
  const mount: HttpOptions = { details: isLoopback(host) ? 'always' : 'never', ...Object.fromEntries(named) };
  const { path, metricsPath, paths } = mount;
  // Not an object is a fault, and the middleware's to tell.
  if (paths !== undefined && (typeof paths !== 'object' || paths === null)) return mount;
  const presets = Object.entries(LISTEN_DEFAULTS.paths).filter(
    ([own]) => own !== path && own !== metricsPath,
  );
  return { ...mount, paths: { ...Object.fromEntries(presets), ...paths } };
}

function isLoopback(host: unknown): boolean {
  return /^(?:localhost|::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/i.test(String(host));
}

function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function whyNot(thrown: unknown, port: number, host: string): string {
  const what = `Cannot serve health on port ${port} of ${host}`;
  const { code } = thrown as { code?: unknown };
  if (code === 'EADDRINUSE')
    return `${what}: port ${port} is in use. Stop what listens there, or give another \`port\`; 0 takes a free one`;
  return (
    `${what}: ${failureMessage(thrown)}. Expected \`host\` to be an address of this machine, such as 127.0.0.1 or 0.0.0.0, ` +
    'and `port` to be one that this user may listen on: below 1024 takes a privilege'
  );
}
