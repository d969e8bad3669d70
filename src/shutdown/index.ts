import type { HealthController } from '../health/controller.ts';
import { type ShutdownOptions, shutdownSettings } from './options.ts';
import { Shutdown } from './shutdown.ts';
import type { ShutdownTarget } from './target.ts';

/** What `shutdown()` takes. */
export interface ShutdownCall {
  /**
   * The exit code, from 0 to 255, unless there is a worse one: 1 after a fatal error. Default 0. Anything else that
   * is passed, such as an Error, is logged and makes the code 1: nothing keeps the process from leaving.
   */
  readonly exitCode?: number;
}

/** What {@link gracefulShutdown} returns. */
export interface GracefulShutdown {
  /**
   * Begins it without a signal, such as after a fatal error, or joins one under way. It calls `exit`, and
   * resolves with the exit code where that comes back.
   *
   * @example process.on('uncaughtException', (error) => { logger.fatal(error); void shutdown({ exitCode: 1 }); });
   */
  shutdown(call?: ShutdownCall): Promise<number>;
  /**
   * Takes back what {@link gracefulShutdown} put in place: no listener stays on the process or the server, and
   * signals do again what they did. A shutdown under way goes on, but other handles of the process no longer wait for
   * it. Without one, `shutdown()` rejects from then on.
   */
  dispose(): void;
}

/**
 * Lets a process leave without losing a request. On a signal: readiness turns 503 at once → the servers go
 * on serving for `drainDelayMs`, each reply with `Connection: close` (HTTP/2: GOAWAY), until load balancers have noticed →
 * they stop accepting and close idle connections → requests in flight get `timeoutMs` → the checks end → the hooks run →
 * health servers close → exit 0, or 1 where something was cut off or failed; the log says what. `live` stays 200, so that
 * nothing restarts what is leaving.
 *
 * A second signal, from 1 s after the first, skips the waiting; hooks run all the same. Where the program has other
 * listeners for a signal, only SIGINT does, since they may raise it again. A Ctrl-C in a terminal skips the drain delay.
 *
 * All handles of a process leave together: when one begins all do, and the last to end exits, with the worst code. Servers
 * that share a pool belong into one call, whose hooks run when all of them are done.
 *
 * Best called before the servers listen: a signal during start-up then runs the hooks too, without waiting for anybody.
 * WebSockets do not end by themselves and are cut off after `timeoutMs`: close them on `health.on('drain', …)`.
 *
 * @param servers one or several of `node:http`, `node:https` or `node:http2`, such as what `app.listen()` returns. What
 * `listen()` resolves with closes last, after the hooks, and is not waited for by any load balancer. An empty list will
 * do for a process without a server
 * @example
 * const server = createServer(app);
 * gracefulShutdown(server, health, { onShutdown: [{ name: 'pool', run: () => pool.end() }] });
 * server.listen(4000);
 * @example gracefulShutdown([server, await listen(health)], health);
 * @throws ConfigError with every fault in servers, controller and options
 */
export function gracefulShutdown(
  servers: ShutdownTarget | readonly ShutdownTarget[],
  health: HealthController,
  options?: ShutdownOptions,
): GracefulShutdown {
  const handle = new Shutdown(health, shutdownSettings(servers, health, options));
  // Bound, because callers take it apart: const { shutdown } = gracefulShutdown(…).
  return { shutdown: (call) => handle.shutdown(call), dispose: () => handle.dispose() };
}
