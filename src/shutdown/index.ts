import type { HealthController } from '../health/controller.ts';
import { type ShutdownOptions, shutdownSettings } from './options.ts';
import { Shutdown } from './shutdown.ts';
import type { ShutdownTarget } from './target.ts';

/** What `shutdown()` takes. */
export interface ShutdownCall {
  /**
   * The exit code, from 0 to 255, unless there is a worse one: 1 after a fatal error. Default 0. Anything else that
   * is passed, such as an Error, is logged and makes the code 1: a wrong argument never keeps the process from exiting.
   */
  readonly exitCode?: number;
}

/** What {@link gracefulShutdown} returns. */
export interface GracefulShutdown {
  /**
   * Starts the shutdown without a signal, such as after a fatal error, or joins one in progress. It calls `exit`, and
   * resolves with the exit code if that returns.
   *
   * @example process.on('uncaughtException', (error) => { logger.fatal(error); void shutdown({ exitCode: 1 }); });
   */
  shutdown(call?: ShutdownCall): Promise<number>;
  /**
   * Undoes {@link gracefulShutdown}: no listener stays on the process or the server, and signals do what they did before.
   * A shutdown in progress continues, but other handles of the process no longer wait for it. If none is in progress,
   * `shutdown()` rejects from then on.
   */
  dispose(): void;
}

/**
 * Ends a process without losing a request. On a signal: readiness turns 503 at once → the servers keep serving for
 * `drainDelayMs`, each reply with `Connection: close` (HTTP/2: GOAWAY), until load balancers have noticed → they stop
 * accepting and close idle connections → requests in flight get `timeoutMs` → the checks end → the hooks run → health
 * servers close → exit 0, or 1 if something was cut off or failed, which is logged. `live` stays 200, so that nothing
 * restarts a process that is shutting down.
 *
 * A second signal, at least 1 s after the first, skips the waiting; the hooks still run. If the program has other listeners
 * for a signal, only SIGINT does that, because they may raise it again. Ctrl-C in a terminal skips the drain delay.
 *
 * All handles of a process shut down together: when one begins, all do, and the last to end exits, with the worst code.
 * Servers that share a pool belong in one call, whose hooks run when all of them are done.
 *
 * Call it before the servers listen, if possible: then a signal during startup runs the hooks too, without a drain delay.
 * WebSockets do not end by themselves and are cut off after `timeoutMs`: close them on `health.on('drain', …)`.
 *
 * @param servers one or several of `node:http`, `node:https` or `node:http2`, such as what `app.listen()` returns. The
 * result of `listen()` closes last, after the hooks, and causes no drain delay. Pass an empty list for a process without a
 * server
 * @example
 * const server = createServer(app);
 * gracefulShutdown(server, health, { onShutdown: [{ name: 'pool', run: () => pool.end() }] });
 * server.listen(4000);
 * @example gracefulShutdown([server, await listen(health)], health);
 * @throws ConfigError with every issue in servers, controller and options
 */
export function gracefulShutdown(
  servers: ShutdownTarget | readonly ShutdownTarget[],
  health: HealthController,
  options?: ShutdownOptions,
): GracefulShutdown {
  const handle = new Shutdown(health, shutdownSettings(servers, health, options));
  // Bound, because callers destructure it: const { shutdown } = gracefulShutdown(…).
  return { shutdown: (call) => handle.shutdown(call), dispose: () => handle.dispose() };
}
