import { ALL_GROUP, LIVE_GROUP, READY_GROUP, STARTUP_GROUP } from '../health/group.ts';
import type { HealthSource } from '../health/source.ts';
import { HTTP_OPTIONS, type HttpOptions, type HttpSettings, httpSettings } from '../http/options.ts';
import type { ProbeRequest } from '../http/probe-request.ts';
import { Validator } from '../internal/validator.ts';
import { type Middleware, middleware } from './middleware.ts';
import type { Place } from './place.ts';

/** How {@link listen} listens: the middleware's options, and where. */
export interface ListenOptions extends HttpOptions {
  /** The TCP port, from 0 to 65535; 0 picks a free one. Default 9091, as in Fly's `[metrics]` examples. */
  readonly port?: number;
  /**
   * The address to listen on. Default `127.0.0.1`, which only this machine (or pod) can reach. kubelet and Fly's
   * Prometheus connect from outside: use `0.0.0.0`, or `::` for IPv6 as well. On a loopback address `details` defaults
   * to showing them to requests whose `Host` is a loopback name too, so that no web page can read them by resolving its own
   * name to this machine; on any other address it defaults to `'never'`.
   */
  readonly host?: string;
  /**
   * The path of a Unix socket to listen on instead of a port, up to 100 bytes. A stale socket, which nobody listens on, is
   * replaced; anything else at that path is left alone and is an error. Removed on close, unless another process has replaced
   * it. `details` defaults to `'never'`, because there may be a proxy in front.
   */
  readonly socketPath?: string;
  /**
   * Listens in a separate thread, which answers even while the event loop is blocked and so can distinguish a busy process
   * from a dead one. Default false. Costs about 10 MB; see `docs/thread.md`.
   */
  readonly thread?: boolean;
  /**
   * How long `live` keeps its last answer while the event loop is blocked, in whole milliseconds from 0 to 2147483647. After
   * that it is 503, because only a restart can help. 0: never. Default 30000. Only with `thread`.
   */
  readonly stallMs?: number;
  /**
   * How long the event loop has to be blocked before its stack is captured, in whole milliseconds from 0 to 2147483647: one
   * line on standard error then names the function. 0: never, the default. Only with `thread`.
   */
  readonly stackAfterMs?: number;
}

/** How a listener in a thread treats a blocked event loop by default. */
const THREAD_DEFAULTS: Required<Pick<ListenOptions, 'thread' | 'stallMs' | 'stackAfterMs'>> = Object.freeze({
  thread: false,
  stallMs: 30_000,
  stackAfterMs: 0,
});

/** Where {@link listen} listens unless configured otherwise, with the paths that Kubernetes made customary; `/` is where people look. */
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

/** Options with every default filled in. */
export interface ListenSettings {
  readonly place: Place;
  readonly handler: Middleware;
  /** Undefined without a thread. */
  readonly thread: ThreadedSettings | undefined;
}

/** What a listener in a thread needs in addition. */
export interface ThreadedSettings {
  /** The options that health is mounted with, as given and with every default filled in. */
  readonly mount: HttpOptions;
  readonly http: HttpSettings;
  readonly stallMs: number;
  readonly stackAfterMs: number;
}

/** In bytes. Linux takes 107 for a socket, macOS 103, and its temporary name may be longer by up to 3. */
const LONGEST_SOCKET_PATH = 100;

/** @throws ConfigError with every issue: in where to listen, and in what to mount */
export function listenSettings(health: HealthSource, options: ListenOptions | undefined): ListenSettings {
  const validator = new Validator();
  const given: ListenOptions = validator.options('options', options, [
    'port',
    'host',
    'socketPath',
    'thread',
    'stallMs',
    'stackAfterMs',
    ...HTTP_OPTIONS,
  ]);
  validatePlace(validator, given);
  const { port = LISTEN_DEFAULTS.port, host = LISTEN_DEFAULTS.host, socketPath } = given;
  const isLocal = socketPath === undefined && isLoopback(host);
  const mount = mountOptions(given, isLocal);
  const handler = validator.adopt(() => middleware(health, mount));
  validateThread(validator, given);
  validator.throwIfAny('Invalid listen() options');
  const place = socketPath === undefined ? { socketPath, port, host } : { socketPath };
  const { thread, stallMs, stackAfterMs } = { ...THREAD_DEFAULTS, ...given };
  const threaded = thread ? { mount, http: httpSettings(health, mount), stallMs, stackAfterMs } : undefined;
  return { place, handler: handler as Middleware, thread: threaded };
}

function validateThread(validator: Validator, { thread, stallMs, stackAfterMs }: ListenOptions): void {
  validator.boolean('thread', thread);
  validator.milliseconds('stallMs', stallMs, 0);
  validator.milliseconds('stackAfterMs', stackAfterMs, 0);
  if (thread !== true && (stallMs !== undefined || stackAfterMs !== undefined))
    validator.add('`stallMs` and `stackAfterMs` have no effect without `thread: true`');
}

function validatePlace(validator: Validator, { port, host, socketPath }: ListenOptions): void {
  validator.wholeNumber('port', port, 0, 65_535);
  validator.nonEmptyString('host', host);
  if (socketPath === undefined) return;
  const expectation = `a path of up to ${LONGEST_SOCKET_PATH} bytes`;
  const isPath = typeof socketPath === 'string' && socketPath !== '' && !socketPath.includes('\0');
  const bytes = isPath ? Buffer.byteLength(socketPath) : 0;
  if (!isPath) validator.expected('socketPath', expectation, socketPath);
  else if (bytes > LONGEST_SOCKET_PATH)
    validator.add(
      `Expected \`socketPath\` to be ${expectation}, which every system takes for a socket, got one of ${bytes}`,
    );
  if (port !== undefined || host !== undefined)
    validator.add('Give either `socketPath`, or `port` and `host`, not both');
}

/** The options for the middleware: the presets, overridden by what the caller passed for the same path. */
function mountOptions(given: ListenOptions, isLocal: boolean): HttpOptions {
  const named = HTTP_OPTIONS.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]);
  const mount: HttpOptions = { details: isLocal ? isForLoopback : 'never', ...Object.fromEntries(named) };
  const { path, metricsPath, paths } = mount;
  // If it is not an object, the middleware reports that.
  if (paths !== undefined && (typeof paths !== 'object' || paths === null)) return mount;
  const presets = Object.entries(LISTEN_DEFAULTS.paths).filter(
    ([own]) => own !== path && own !== metricsPath,
  );
  return { ...mount, paths: { ...Object.fromEntries(presets), ...paths } };
}

/**
 * A `details` policy: a browser sends the name that it resolved, so a stranger's page whose name now resolves to this machine
 * (DNS rebinding) gives itself away. A request without `Host` does not come from a browser.
 */
function isForLoopback({ headers: { host } }: ProbeRequest): boolean {
  return host === undefined || isLoopback(host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1'));
}

function isLoopback(host: unknown): boolean {
  return /^(?:localhost|::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/i.test(String(host));
}
