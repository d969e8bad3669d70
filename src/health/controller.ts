import { ConfigError } from '../internal/config-error.ts';
import { describe } from '../internal/describe.ts';
import { failureMessage } from '../internal/error-text.ts';
import type { Logger } from '../internal/logger.ts';
import { deferred } from '../internal/promises.ts';
import { type Clock, settlesWithin } from '../internal/time.ts';
import { Runner, type RunnerHost } from './check.ts';
import type { Checker, CheckFunction, CheckOptions } from './checker.ts';
import { HealthEmitter, type HealthEvents, type HealthListener } from './events.ts';
import { Reports } from './groups.ts';
import type { HistoryEntry } from './history.ts';
import {
  ALL_GROUP,
  type ControllerOptions,
  type ControllerSettings,
  checkSettings,
  controllerSettings,
} from './options.ts';
import type { CheckReport, Report } from './report.ts';

/**
 * The registry of checks and the source of reports: one for a process. It runs each check at most once at a
 * time and at most once per `maxAgeMs`, whoever asks, and keeps answering when a checker hangs or throws.
 *
 * @example
 * const health = new HealthController()
 *   .register('database', postgres(pool))
 *   .register('memory', heap());
 */
export class HealthController {
  readonly #settings: ControllerSettings;
  readonly #emitter: HealthEmitter;
  readonly #host: RunnerHost;
  readonly #runners = new Map<string, Runner>();
  readonly #reports: Reports;
  /** Of checks that were unregistered and have not ended yet. */
  readonly #endings = new Set<Promise<void>>();
  #closing: Promise<void> | undefined;

  /** @throws ConfigError with every fault in the options */
  constructor(options?: ControllerOptions) {
    this.#settings = controllerSettings(options);
    this.#emitter = new HealthEmitter(this.#settings.logger);
    this.#host = {
      clock: this.#settings.clock,
      onResult: (runner, report, changed) => this.#onResult(runner, report, changed),
      onVoid: () => this.#reports.void(),
    };
    this.#reports = new Reports(this.#settings, this.#emitter, this.#runners);
  }

  /** How long an answer may take, in milliseconds. */
  get timeoutMs(): number {
    return this.#settings.timeoutMs;
  }

  /** Where misbehaviour is told; it never throws. */
  get logger(): Logger {
    return this.#settings.logger;
  }

  /** Where time comes from. */
  get clock(): Clock {
    return this.#settings.clock;
  }

  /** Whether {@link drain} was called. */
  get isDraining(): boolean {
    return this.#reports.isDraining;
  }

  /** The names of all groups that hold something or always exist, `all` first. */
  get groups(): readonly string[] {
    return this.#reports.names;
  }

  /** Whether a group, or `checks/<name>`, exists now. */
  has(group: string): boolean {
    return this.#reports.has(group);
  }

  /**
   * Adds a check. Reports list checks in the order in which they were registered.
   *
   * @throws ConfigError with every fault in name, checker and options: at once, never at the first probe
   */
  register(name: string, checker: Checker | CheckFunction, options?: CheckOptions): this {
    if (this.#closing !== undefined)
      throw new ConfigError(`Cannot register the check ${describe(name)}`, ['The controller is closed']);
    const settings = checkSettings(name, checker, options, {
      timeoutMs: this.#settings.timeoutMs,
      isTaken: (taken) => this.#runners.has(taken),
    });
    const runner = new Runner(settings, this.#host);
    this.#runners.set(name, runner);
    this.#reports.regroup();
    runner.begin();
    return this;
  }

  /** Removes a check, also while it runs or answers are waiting for it. Says whether there was one. */
  unregister(name: string): boolean {
    const runner = this.#runners.get(name);
    if (runner === undefined) return false;
    this.#runners.delete(name);
    this.#reports.regroup();
    const ending = this.#end(runner, `the check \`${name}\` was unregistered`);
    this.#endings.add(ending);
    void ending.then(() => this.#endings.delete(ending));
    return true;
  }

  /**
   * The report of a group: `all` (the default), `live`, `ready`, `startup`, one of your own, or
   * `checks/<name>`. Runs what is not fresh, within the controller's `timeoutMs`. Never rejects; a group that
   * nobody put a check into is `unhealthy`, so that a misspelt name does not pass for health.
   */
  report(group: string = ALL_GROUP): Promise<Report> {
    return new Promise((resolve) => this.collect(group, resolve));
  }

  /** The report of a group while it holds, at the price of a look at the clock; undefined once something has to run. */
  current(group: string = ALL_GROUP): Report | undefined {
    return this.#reports.current(group);
  }

  /**
   * The report of a group as the last results have it, whatever their age: runs nothing. For looking at many groups
   * after one {@link report} has run what they share.
   */
  snapshot(group: string = ALL_GROUP): Report {
    return this.#reports.snapshot(group);
  }

  /** The last 60 results of a check since it was registered, oldest first. Empty for a name that is not registered. */
  history(name: string): readonly HistoryEntry[] {
    return this.#runners.get(name)?.history ?? [];
  }

  /** As {@link report}, with a callback: called at once, before this returns, when there is nothing to wait for. */
  collect(group: string, done: (report: Report) => void): void {
    this.#reports.collect(group, done);
  }

  /**
   * Says that this process is leaving: from the next answer on the base path, `ready` and custom groups are
   * 503, whatever the checks say, so that traffic goes elsewhere. `live` and `startup` stay as they are.
   * Cannot be undone.
   */
  drain(): void {
    if (this.isDraining) return;
    this.#reports.drain();
    this.#emitter.emit('drain', undefined);
  }

  /**
   * Stops everything: aborts runs, ends background checks, closes checkers. Resolves when they have ended; each
   * run and each closing is given the controller's `timeoutMs`. Never rejects. Reports say `error` from then on.
   */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      // Set before anybody hears of it: a listener of `close` may call `close()`.
      const { promise, resolve } = deferred<void>();
      this.#closing = promise;
      resolve(this.#close());
    }
    return this.#closing;
  }

  /** Adds a listener. One that throws, or rejects, is logged and otherwise ignored. @throws ConfigError for an unknown event */
  on<E extends keyof HealthEvents>(event: E, listener: HealthListener<E>): this {
    const issues: string[] = [];
    if (!this.#emitter.knows(event))
      issues.push(
        `Expected \`event\` to be one of 'change', 'check', 'drain', 'close', got ${describe(event)}`,
      );
    if (typeof listener !== 'function')
      issues.push(`Expected \`listener\` to be a function, got ${describe(listener)}`);
    if (issues.length > 0) throw new ConfigError('Invalid listener', issues);
    this.#emitter.add(event, listener);
    return this;
  }

  /** Removes a listener. */
  off<E extends keyof HealthEvents>(event: E, listener: HealthListener<E>): this {
    if (this.#emitter.knows(event)) this.#emitter.remove(event, listener);
    return this;
  }

  async #close(): Promise<void> {
    this.#emitter.emit('close', undefined);
    const ends = [...this.#runners.values()].map((runner) => this.#end(runner, 'the controller was closed'));
    this.#reports.void();
    await Promise.all([...ends, ...this.#endings]);
  }

  /** Each of the two steps is given the time that an answer may take: a checker must not keep the service from ending. */
  async #end(runner: Runner, reason: string): Promise<void> {
    const { clock, timeoutMs, logger } = this.#settings;
    const { name, close } = runner.settings;
    await settlesWithin(clock, timeoutMs, runner.stop(reason));
    if (close === undefined) return;
    try {
      await settlesWithin(clock, timeoutMs, Promise.resolve(close()));
    } catch (thrown) {
      const facts = { check: name, reason: failureMessage(thrown) };
      logger.warn(facts, `The checker of \`${name}\` could not be closed; it may hold on to something`);
    }
  }

  #onResult(runner: Runner, report: CheckReport, changed: boolean): void {
    this.#reports.void();
    this.#emitter.emit('check', report);
    // Nobody asks for a background check's result, so its change has to be told from here.
    if (changed && runner.settings.intervalMs !== undefined) this.#reports.announce(runner);
  }
}
