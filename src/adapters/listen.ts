import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Engine, engineOf, type HealthSource } from '../health/source.ts';
import { failureMessage } from '../internal/error-text.ts';
import { systemClock } from '../internal/time.ts';
import { isKeptOpen } from '../server/closing-order.ts';
import { ConnectionLimits } from '../server/connection-limits.ts';
import { Connections } from '../server/connections.ts';
import {
  type ListenOptions,
  type ListenSettings,
  listenSettings,
  type ThreadedSettings,
} from './listen-options.ts';
import { closeWithin, LIMITS, listening } from './listening.ts';
import type { Place } from './place.ts';

/** A separate listener for health. */
export interface HealthServer<S extends Server | undefined = Server | undefined> {
  /** The port it listens on, even where 0 was requested. 0 on a Unix socket. */
  readonly port: number;
  /** The address that it was asked to listen on. Empty on a Unix socket. */
  readonly host: string;
  /** The Unix socket that it listens on; undefined on a port. */
  readonly socketPath: string | undefined;
  /** Its root as a URL to open from this machine, such as `http://127.0.0.1:9091`; for a socket `http+unix://%2Frun%2Fhealth.sock`. */
  readonly url: string;
  /** The server itself. Undefined with `thread`, where it lives in the thread. */
  readonly server: S;
  /** Keeps the process running, which is the default. */
  ref(): void;
  /** Lets the process end while this still listens. */
  unref(): void;
  /** Stops accepting and resolves when the last reply has been sent, after the controller's `timeoutMs` at the latest. */
  close(): Promise<void>;
}

/**
 * Health on a separate listener: for processes without an HTTP server, such as workers, and for a management port
 * that is not reachable from outside. Serves the middleware's paths, `/livez` `/readyz` `/startupz` `/healthz`, and
 * `/metrics` if `metrics` is given; anything else is 404. It stays up while the service drains, and closes with
 * the controller.
 *
 * Slow clients and large numbers of them do not lock probers out: a request has 5 s for its headers and 10 s in total, a client
 * that reads nothing of its answer for 30 s is cut off, and from 1000 connections on the longest idle one is closed.
 *
 * The workers of a cluster share a fixed port; with port 0 each gets its own.
 *
 * @example const admin = await listen(health, { port: 9091, metrics: prometheus(health) });
 * @throws (as a rejection) ConfigError with every issue in controller and options; Error if it cannot listen there,
 * naming the port and what to do
 */
export function listen(
  health: HealthSource,
  options?: ListenOptions & { readonly thread?: false },
): Promise<HealthServer<Server>>;
export function listen(health: HealthSource, options: ListenOptions): Promise<HealthServer>;
export async function listen(health: HealthSource, options?: ListenOptions): Promise<HealthServer> {
  const settings = listenSettings(health, options);
  if (settings.thread !== undefined) return listenThreaded(health, settings, settings.thread);
  const { place, handler } = settings;
  const engine = engineOf(health);
  // Not imported: since Node 22 an `import` of it also loads the WebSocket client that it exports, which costs
  // several times as much as this package.
  const server = process.getBuiltinModule('node:http').createServer(LIMITS, handler);
  const connections = new Connections(server, systemClock);
  const limits = new ConnectionLimits(server, systemClock);
  let closing: Promise<void> | undefined;
  let removeFile: () => void = () => undefined;
  const sayClose = () => connections.closeReplies();
  const onClose = () => void (isKeptOpen(server) || close());
  const close = () => {
    health.off('drain', sayClose);
    health.off('close', onClose);
    closing ??= closeWithin(connections, limits, engine.timeoutMs).finally(() => removeFile());
    return closing;
  };
  health.on('drain', sayClose);
  health.on('close', onClose);
  if (health.isDraining) sayClose();
  try {
    removeFile = await listening(server, place);
  } catch (thrown) {
    void close();
    throw new Error(whyNot(thrown, place), { cause: thrown });
  }
  if (closing !== undefined || engine.isClosed()) {
    await close();
    // It may have closed before there was a file.
    removeFile();
    throw new Error(`${nameOf(place)} was released, because the controller is closed`);
  }
  server.on('error', (error) => logError(engine, place, error));
  return {
    ...address((server.address() as AddressInfo).port, place),
    server,
    close,
    ref: () => void server.ref(),
    unref: () => void server.unref(),
  };
}

/** The same in a thread, whose code is loaded only here. */
async function listenThreaded(
  health: HealthSource,
  { place }: ListenSettings,
  settings: ThreadedSettings,
): Promise<HealthServer> {
  const { listenInThread } = await import('../thread/listen-in-thread.ts');
  const listener = await listenInThread(health, place, settings).catch((thrown: unknown) => {
    const isListen = typeof (thrown as { code?: unknown }).code === 'string';
    throw isListen ? new Error(whyNot(thrown, place), { cause: thrown }) : thrown;
  });
  const close = () => {
    health.off('close', onClose);
    return listener.close();
  };
  const { ref, unref } = listener;
  const server = { ...address(listener.port, place), server: undefined, close, ref, unref };
  const onClose = () => void (isKeptOpen(server) || close());
  health.on('close', onClose);
  if (!engineOf(health).isClosed()) return server;
  await close();
  throw new Error(`${nameOf(place)} was released, because the controller is closed`);
}

function logError(engine: Engine, place: Place, error: unknown): void {
  const facts = { ...place, reason: failureMessage(error) };
  engine.logger.error(facts, 'The health listener cannot accept connections; check the limit on open files');
}

function address(port: number, place: Place): Pick<HealthServer, 'port' | 'host' | 'socketPath' | 'url'> {
  const { socketPath } = place;
  if (socketPath !== undefined)
    return { port: 0, host: '', socketPath, url: `http+unix://${encodeURIComponent(socketPath)}` };
  const { host } = place;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return { port, host, socketPath, url: `http://${name.includes(':') ? `[${name}]` : name}:${port}` };
}

function nameOf(place: Place): string {
  return place.socketPath === undefined
    ? `Port ${place.port} of ${place.host}`
    : `The socket ${place.socketPath}`;
}

function whyNot(thrown: unknown, place: Place): string {
  const { code } = thrown as { code?: unknown };
  const reason = failureMessage(thrown);
  if (place.socketPath !== undefined) {
    return (
      `Cannot serve health on the socket ${place.socketPath}: ${reason}. Expected \`socketPath\` to be a path in a ` +
      'directory that this user may write to, with nothing there or a stale socket'
    );
  }
  const { port, host } = place;
  const what = `Cannot serve health on port ${port} of ${host}`;
  if (code === 'EADDRINUSE')
    return `${what}: port ${port} is in use. Stop what listens there, or choose another \`port\`; 0 picks a free one`;
  return (
    `${what}: ${reason}. Expected \`host\` to be an address of this machine, such as 127.0.0.1 or 0.0.0.0, ` +
    'and `port` to be one that this user may listen on: ports below 1024 need a privilege'
  );
}
