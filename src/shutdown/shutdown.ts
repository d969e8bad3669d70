import type { HealthController } from '../health/controller.ts';
import type { MethodCall } from '../internal/caller.ts';
import { describe } from '../internal/describe.ts';
import { failureMessage } from '../internal/error-text.ts';
import { deferred, handleRejection } from '../internal/promises.ts';
import { settlesWithin } from '../internal/time.ts';
import { keepOpen } from '../server/closing-order.ts';
import type { Connections } from '../server/connections.ts';
import { shareConnections } from '../server/shared-connections.ts';
import { Drain } from './drain.ts';
import { runHooks } from './hooks.ts';
import { interruptionMessage, nameSome } from './interruption.ts';
import type { HookSettings, ShutdownSettings } from './options.ts';
import { type Cause, type Departing, ProcessShutdowns } from './process-shutdowns.ts';
import { closingHooks } from './servers.ts';
import { listenerRemovedMessage } from './signal-listeners.ts';
import { isFromTerminal, RepeatedSignals } from './signals.ts';

/** One handle: its servers, from the signal to their end. */
export class Shutdown implements Departing {
  readonly signals: readonly NodeJS.Signals[];
  readonly #health: HealthController;
  readonly #settings: ShutdownSettings;
  readonly #connections: readonly Connections[];
  readonly #process: ProcessShutdowns = ProcessShutdowns.current();
  readonly #repeated = new RepeatedSignals();
  readonly #releases: readonly (() => void)[];
  readonly #skipped = deferred<void>();
  /** The hooks that have not ended yet. */
  readonly #hooks: HookSettings[];
  #beganAt = 0;
  #stage: 'draining' | 'running hooks' | undefined;
  #hasFailed = false;
  #exitCode: Promise<number> | undefined;
  #isDisposed = false;
  #isWaiting = false;

  constructor(health: HealthController, settings: ShutdownSettings) {
    this.#health = health;
    this.#settings = settings;
    this.signals = settings.signals;
    this.#hooks = [...settings.hooks];
    const shared = settings.servers.map((server) => shareConnections(server, settings.clock));
    this.#connections = shared.map(({ connections }) => connections);
    this.#releases = [
      ...shared.map(({ release }) => release),
      ...settings.healthServers.map((each) => keepOpen((each.server ?? each) as object)),
    ];
    this.#process.join(this);
  }

  shutdown(options: unknown): Promise<number> {
    if (this.#isDisposed && this.#exitCode === undefined)
      return Promise.reject(
        new Error('Cannot shut down after dispose(): call gracefulShutdown() again to get another handle'),
      );
    this.#process.worsen(this.#givenExitCode(options));
    this.begin({ name: 'shutdown()' });
    return this.#exitCode as unknown as Promise<number>;
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#process.remove(this);
    // A shutdown in progress still needs its connections.
    if (this.#exitCode === undefined) this.#release();
    else void this.#exitCode.then(() => this.#release());
  }

  begin(cause: Cause): void {
    if (this.#exitCode !== undefined) return;
    this.#beganAt = this.#settings.clock.now();
    // Set before anyone is notified: a listener of `drain` may call `shutdown()`.
    const { promise, resolve } = deferred<number>();
    this.#exitCode = promise;
    this.#process.begun(this, cause);
    resolve(this.#run(cause));
  }

  onSignal(signal: NodeJS.Signals, othersListen: boolean): void {
    if (this.#exitCode === undefined) {
      this.#repeated.first(signal, othersListen);
      this.begin({ name: signal, isFromTerminal: isFromTerminal(signal), othersListen });
      return;
    }
    const { clock, logger } = this.#settings;
    const meaning = this.#repeated.next(signal, othersListen, clock.now() - this.#beganAt);
    if (meaning === 'raised again')
      logger.info(
        { signal },
        `${signal} again. Another listener of the program may have raised it, so it skips nothing; SIGINT does`,
      );
    if (meaning !== 'skip') return;
    const message = this.#isWaiting
      ? `A second signal, ${signal}: cutting off what is in flight and running the hooks`
      : `A second signal, ${signal}: nothing left to skip; what is still running ends within its own time limits`;
    logger.warn({ signal }, message);
    this.#skipped.resolve();
  }

  exit(code: number): void {
    const { clock, logger, exit } = this.#settings;
    const durationMs = Math.round(clock.now() - this.#beganAt);
    logger.info({ code, durationMs }, `Shutdown took ${durationMs} ms; exit code ${code}`);
    const log = (thrown: unknown) =>
      logger.error({ reason: failureMessage(thrown), code }, 'The `exit` function threw');
    try {
      handleRejection(exit(code), log);
    } catch (thrown) {
      log(thrown);
    }
  }

  onInterrupted(code: number, call: MethodCall | undefined): number {
    const { clock, logger } = this.#settings;
    const afterMs = Math.round(clock.now() - this.#beganAt);
    const cutOff = this.#connections.flatMap((connections) => connections.cutOff());
    const hooks = this.#hooks.map(({ name }) => name);
    const isDraining = this.#stage === 'draining';
    // A last hook that calls `process.exit()` itself has lost nothing.
    const running = this.#stage === 'running hooks' ? 1 : 0;
    const hasLost = isDraining || cutOff.length > 0 || hooks.length > running;
    const finalCode = code === 0 && (hasLost || this.#hasFailed) ? 1 : code;
    const message = interruptionMessage({ code, call, afterMs, isDraining, cutOff, hooks, finalCode });
    logger[hasLost ? 'error' : 'info'](
      { code, caller: call?.place, afterMs, cutOff: cutOff.length, hooks },
      message,
    );
    return finalCode;
  }

  onListenerRemoved(signal: NodeJS.Signals, caller: string | undefined, isBack: boolean): void {
    this.#settings.logger.warn({ signal, caller }, listenerRemovedMessage(signal, caller, isBack));
  }

  async #run(cause: Cause): Promise<number> {
    const { clock, logger, healthServers } = this.#settings;
    this.#health.drain();
    for (const connections of this.#connections) {
      connections.closeReplies();
      if (this.#settings.upgrades === 'refuse') connections.refuseWebSockets();
    }
    this.#note(await this.#drain(cause));
    this.#note(await this.#finishRequests());
    await this.#health.close();
    this.#stage = 'running hooks';
    this.#note(await runHooks(this.#hooks, clock, logger));
    this.#note(await runHooks(closingHooks(healthServers), clock, logger));
    const left = this.#process.ended(this, this.#hasFailed ? 1 : 0);
    const { underWay } = this.#process;
    if (underWay > 0)
      logger.info({ underWay }, `This shutdown is done; still waiting for ${underWay} in this process`);
    return left;
  }

  /** Keeps serving until load balancers have noticed. @returns true if nothing else closed a server meanwhile */
  async #drain(cause: Cause): Promise<boolean> {
    const { clock, logger, servers, drainDelayMs, timeoutMs } = this.#settings;
    const listening = servers.filter((server) => server.listening);
    const isWaiting = listening.length > 0 && cause.isFromTerminal !== true;
    const plan = drainPlan(listening.length > 0, isWaiting, drainDelayMs);
    const hint = cause.othersListen
      ? `. The program has another listener for ${cause.name}: if that closes the server or calls process.exit(), the drain ends immediately`
      : '';
    logger.info(
      { cause: cause.name, drainDelayMs, timeoutMs },
      `${cause.name}: shutting down. ${plan}${hint}`,
    );
    if (!isWaiting) return true;
    const drain = new Drain(listening, drainDelayMs, clock, logger);
    if (drainDelayMs > 0) this.#stage = 'draining';
    await this.#wait(drainDelayMs, drain.allClosed);
    this.#stage = undefined;
    return drain.end();
  }

  /** Stops accepting and waits for what is in flight. @returns true if all of it was completed */
  async #finishRequests(): Promise<boolean> {
    const { clock, logger, timeoutMs } = this.#settings;
    const stoppedAt = clock.now();
    const ended = this.#connections.map((connections) => connections.stop());
    await this.#wait(timeoutMs, Promise.all(ended));
    const lost = this.#connections.flatMap((connections) => connections.cutOff());
    if (lost.length === 0) return true;
    const waitedMs = Math.round(clock.now() - stoppedAt);
    logger.error(
      { cutOff: lost.length, waitedMs, timeoutMs },
      `Cut off ${lost.length} that had not ended ${waitedMs} ms after the server stopped accepting, so the exit code ` +
        `is 1: ${nameSome(lost)}. Expected all to end within \`timeoutMs\` (${timeoutMs}). Raise it, and the platform's ` +
        "kill timeout with it, or make them shorter; close WebSockets and event streams on `health.on('drain', …)`",
    );
    return false;
  }

  #note(succeeded: boolean): void {
    if (!succeeded) this.#hasFailed = true;
  }

  /** Waits until the time is over, `done` settles, or a second signal skips the wait. */
  async #wait(ms: number, done: Promise<unknown>): Promise<void> {
    this.#isWaiting = true;
    await settlesWithin(this.#settings.clock, ms, Promise.race([this.#skipped.promise, done]));
    this.#isWaiting = false;
  }

  /** A wrong argument never keeps the process from exiting: `.catch(shutdown)` passes an Error. */
  #givenExitCode(options: unknown): number {
    if (options === undefined) return 0;
    const { exitCode = 0 } = (options ?? {}) as { exitCode?: unknown };
    const isCode = Number.isInteger(exitCode) && (exitCode as number) >= 0 && (exitCode as number) <= 255;
    if (isCode && !(options instanceof Error)) return exitCode as number;
    const found = options instanceof Error ? failureMessage(options) : describe(exitCode);
    this.#settings.logger.error(
      { found },
      `Exiting with code 1: expected \`shutdown({ exitCode })\` with a whole number from 0 to 255, got ${found}`,
    );
    return 1;
  }

  #release(): void {
    for (const release of this.#releases) release();
  }
}

/** What happens before the server stops accepting, in words for the log. */
function drainPlan(isListening: boolean, isWaiting: boolean, drainDelayMs: number): string {
  if (!isListening) return 'The server is not listening, so there is no drain delay';
  if (!isWaiting) return 'Ctrl-C in a terminal, so there is no drain delay';
  if (drainDelayMs === 0) return 'Readiness is 503; `drainDelayMs` is 0, so there is no drain delay';
  return `Readiness is 503; serving for another ${drainDelayMs} ms so that load balancers notice`;
}
