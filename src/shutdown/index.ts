import type { HealthController } from '../health/controller.ts';
import { failureMessage } from '../internal/error-text.ts';
import { deferred, handleRejection } from '../internal/promises.ts';
import { settlesWithin } from '../internal/time.ts';
import { Connections, type GracefulServer } from '../server/connections.ts';
import { runHooks } from './hooks.ts';
import { type ShutdownOptions, type ShutdownSettings, shutdownSettings } from './options.ts';

/** npm passes a terminal's Ctrl-C on although the process has had it already: closer than this, two signals are one. In milliseconds. */
const SAME_SIGNAL_MS = 1000;

/** Names in a log line; what is over it is only counted. */
const MAX_NAMED = 10;

/** What {@link gracefulShutdown} gives back. */
export interface GracefulShutdown {
  /**
   * Begins it without a signal, such as after a fatal error, or joins one under way. It calls `exit`, and
   * resolves with the exit code where that comes back.
   */
  shutdown(): Promise<number>;
  /**
   * Takes back what {@link gracefulShutdown} put in place: no listener stays on the process or the server, and
   * signals do again what they did. A shutdown under way goes on. Without one, `shutdown()` rejects from then on.
   */
  dispose(): void;
}

/**
 * Lets a process leave without losing a request. On a signal: readiness turns 503 at once → the server goes
 * on serving for `drainDelayMs`, each reply with `Connection: close`, until load balancers have noticed → it stops
 * accepting and closes idle connections → requests in flight get `timeoutMs` → the checks end → the hooks run → exit 0,
 * or 1 where something was cut off or a hook failed; the log says what. A second signal, from 1 s after the first,
 * skips the waiting; hooks run all the same. `live` stays 200, so that nothing restarts what is leaving.
 *
 * Best called before the server listens: a signal during start-up then runs the hooks too, without waiting for anybody.
 * WebSockets do not end by themselves and are cut off after `timeoutMs`: close them on `health.on('drain', …)`.
 *
 * @param server of `node:http` or `node:https`, such as what `app.listen()` returns, or what `listen()` gave
 * @example
 * const server = createServer(app);
 * gracefulShutdown(server, health, { onShutdown: [{ name: 'pool', run: () => pool.end() }] });
 * server.listen(4000);
 * @throws ConfigError with every fault in server, controller and options
 */
export function gracefulShutdown(
  server: GracefulServer | { readonly server: GracefulServer },
  health: HealthController,
  options?: ShutdownOptions,
): GracefulShutdown {
  // What `listen()` gives back has the server in it.
  const own: GracefulServer = Object(server).server ?? server;
  const handle = new Shutdown(own, health, shutdownSettings(own, health, options));
  // Bound, because callers take it apart: const { shutdown } = gracefulShutdown(…).
  return { shutdown: () => handle.shutdown(), dispose: () => handle.dispose() };
}

class Shutdown {
  readonly #server: GracefulServer;
  readonly #health: HealthController;
  readonly #settings: ShutdownSettings;
  readonly #connections: Connections;
  readonly #skipped: Promise<void>;
  #skip!: () => void;
  #beganAt = 0;
  #exitCode: Promise<number> | undefined;
  #isDisposed = false;
  #isWaiting = false;

  constructor(server: GracefulServer, health: HealthController, settings: ShutdownSettings) {
    this.#server = server;
    this.#health = health;
    this.#settings = settings;
    this.#connections = new Connections(server, settings.clock);
    this.#skipped = new Promise((resolve) => {
      this.#skip = resolve;
    });
    for (const signal of settings.signals) process.on(signal, this.#onSignal);
  }

  shutdown(): Promise<number> {
    if (this.#exitCode !== undefined) return this.#exitCode;
    if (this.#isDisposed)
      return Promise.reject(
        new Error('Cannot shut down after dispose(): call gracefulShutdown() again to get another handle'),
      );
    return this.#begin('shutdown()');
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    for (const signal of this.#settings.signals) process.removeListener(signal, this.#onSignal);
    // A shutdown under way has to see its connections to the end.
    if (this.#exitCode === undefined) this.#connections.dispose();
    else void this.#exitCode.then(() => this.#connections.dispose());
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    const { clock, logger } = this.#settings;
    if (this.#exitCode === undefined) {
      void this.#begin(signal);
      return;
    }
    if (clock.now() - this.#beganAt < SAME_SIGNAL_MS) return;
    const message = this.#isWaiting
      ? `A second signal, ${signal}: waiting no longer, what is in flight is cut off and the hooks run`
      : `A second signal, ${signal}: there is nothing to skip, what runs ends within its own time limits`;
    logger.warn({ signal }, message);
    this.#skip();
  };

  #begin(cause: string): Promise<number> {
    this.#beganAt = this.#settings.clock.now();
    // Set before anybody hears of it: a listener of `drain` may call `shutdown()`.
    const { promise, resolve } = deferred<number>();
    this.#exitCode = promise;
    resolve(this.#run(cause));
    return promise;
  }

  async #run(cause: string): Promise<number> {
    const { clock, logger, exit, hooks, drainDelayMs, timeoutMs } = this.#settings;
    this.#health.drain();
    this.#connections.closeReplies();
    const isServing = this.#server.listening;
    logger.info(
      { cause, drainDelayMs, timeoutMs },
      isServing
        ? `${cause}: leaving. Readiness is 503; serving on for ${drainDelayMs} ms until load balancers have noticed`
        : `${cause}: leaving. The server does not listen, so there is nothing to wait for`,
    );
    if (isServing) await this.#wait(drainDelayMs);
    const isComplete = await this.#finishRequests();
    await this.#health.close();
    const isCleanedUp = await runHooks(hooks, clock, logger);
    const code = isComplete && isCleanedUp ? 0 : 1;
    const durationMs = Math.round(clock.now() - this.#beganAt);
    logger.info({ cause, code, durationMs }, `Shutdown took ${durationMs} ms; exit code ${code}`);
    this.#exit(exit, code);
    return code;
  }

  /** Stops accepting and waits for what is in flight. @returns whether all of it came to its end */
  async #finishRequests(): Promise<boolean> {
    const { clock, logger, timeoutMs } = this.#settings;
    const stoppedAt = clock.now();
    await this.#wait(timeoutMs, this.#connections.stop());
    const lost = this.#connections.cutOff();
    if (lost.length === 0) return true;
    const waitedMs = Math.round(clock.now() - stoppedAt);
    const named = lost.slice(0, MAX_NAMED).join(', ');
    const more = lost.length > MAX_NAMED ? ` and ${lost.length - MAX_NAMED} more` : '';
    logger.error(
      { cutOff: lost.length, waitedMs, timeoutMs },
      `Cut off ${lost.length} that had not ended ${waitedMs} ms after the server stopped accepting, so the exit code ` +
        `is 1: ${named}${more}. Expected all to end within \`timeoutMs\` (${timeoutMs}). Raise it, and the platform's ` +
        "kill timeout with it, or make them shorter; close WebSockets and event streams on `health.on('drain', …)`",
    );
    return false;
  }

  /** Until the time is over, `done` is, or a second signal says that it must go on. */
  async #wait(ms: number, done?: Promise<void>): Promise<void> {
    this.#isWaiting = true;
    await settlesWithin(
      this.#settings.clock,
      ms,
      Promise.race(done ? [this.#skipped, done] : [this.#skipped]),
    );
    this.#isWaiting = false;
  }

  #exit(exit: (code: number) => unknown, code: number): void {
    const log = (thrown: unknown) =>
      this.#settings.logger.error({ reason: failureMessage(thrown), code }, 'The `exit` function threw');
    try {
      handleRejection(exit(code), log);
    } catch (thrown) {
      log(thrown);
    }
  }
}
