import { ConfigError } from '../internal/config-error.ts';
import { describe } from '../internal/describe.ts';
import { failureMessage } from '../internal/error-text.ts';
import type { Moment } from '../internal/moment.ts';
import { deferred } from '../internal/promises.ts';
import { cleanText } from '../internal/redact/clean-text.ts';
import { settlesWithin } from '../internal/time.ts';
import { Validator } from '../internal/validator.ts';
import { ChangeLog } from './change-log.ts';
import { Check, type CheckHost } from './check.ts';
import { checkSettings } from './check-options.ts';
import type { Checker, CheckFunction, CheckOptions } from './checker.ts';
import { type ControllerOptions, type ControllerSettings, controllerSettings } from './controller-options.ts';
import { EVENT_NAMES, HealthEmitter, type HealthEvents, type HealthListener } from './events.ts';
import { ALL_GROUP, READY_GROUP } from './group.ts';
import { Groups } from './groups.ts';
import type { HistoryEntry } from './history.ts';
import type { CheckReport, Report } from './report.ts';
import { type HealthSource, registerEngine } from './source.ts';

/**
 * The registry of checks and the source of reports: one for a process. It runs each check at most once per `maxAgeMs`,
 * however many probers ask, and keeps answering when a checker hangs or throws.
 *
 * @example
 * const health = new HealthController()
 *   .register('database', postgres(pool))
 *   .register('memory', heap());
 */
export class HealthController implements HealthSource {
  readonly #settings: ControllerSettings;
  readonly #emitter: HealthEmitter;
  readonly #log: ChangeLog;
  readonly #checks = new Map<string, Check>();
  readonly #groups: Groups;
  /** The endings of checks that were unregistered and have not ended yet. */
  readonly #endings = new Set<Promise<void>>();
  /** How many results are being delivered to listeners. */
  #recording = 0;
  readonly #host: CheckHost;
  #closing: Promise<void> | undefined;

  /** @throws ConfigError with every issue in the options */
  constructor(options?: ControllerOptions) {
    const settings = controllerSettings(options);
    this.#settings = settings;
    this.#emitter = new HealthEmitter(settings.logger, () => settings.clock.now());
    this.#log = new ChangeLog(settings.logger);
    const invalidations = new Set<() => void>();
    this.#groups = new Groups(settings, this.#emitter, this.#checks, () => {
      for (const listener of invalidations) listener();
    });
    const groups = this.#groups;
    this.#host = {
      clock: settings.clock,
      redactor: settings.redactor,
      isRecording: () => this.#recording > 0,
      onResult: (check, after, before, at) => this.#onResult(check, after, before, at),
      onInvalid: () => groups.invalidate(),
    };
    registerEngine(this, {
      clock: settings.clock,
      logger: settings.logger,
      timeoutMs: settings.timeoutMs,
      isClosed: () => this.#closing !== undefined,
      fresh: (group) => groups.fresh(group),
      freshMs: (group) => groups.freshMs(group),
      look: (group) => groups.look(group),
      get hasPeerChecks() {
        return groups.hasPeerChecks;
      },
      lookForPeer: (group) => groups.lookForPeer(group),
      onInvalidate: (listener) => {
        invalidations.add(listener);
        return () => invalidations.delete(listener);
      },
    });
  }

  /** True once {@link drain} was called. */
  get isDraining(): boolean {
    return this.#groups.isDraining;
  }

  /** The names of all groups that have checks or always exist, `all` first. */
  get groups(): readonly string[] {
    return this.#groups.names;
  }

  /** Returns true if a group, or `checks/<name>`, exists now. */
  has(group: string): boolean {
    return this.#groups.has(group);
  }

  /**
   * Adds a check. Reports list checks in the order in which they were registered.
   *
   * @throws ConfigError with every issue in name, checker and options: immediately, never at the first probe
   */
  register(name: string, checker: Checker | CheckFunction, options?: CheckOptions): this {
    if (this.#closing !== undefined)
      throw new ConfigError(`Cannot register the check ${describe(name)}`, ['The controller is closed']);
    const settings = checkSettings(name, checker, options, {
      timeoutMs: this.#settings.timeoutMs,
      isTaken: (taken) => this.#checks.has(taken),
    });
    const check = new Check(settings, this.#host);
    this.#warnIfLate(check);
    this.#checks.set(name, check);
    this.#groups.regroup(check);
    check.begin();
    return this;
  }

  /** Removes a check, even while it runs or answers are waiting for it. Returns false if no such check exists. */
  unregister(name: string): boolean {
    const check = this.#checks.get(name);
    if (check === undefined) return false;
    this.#checks.delete(name);
    this.#log.forget(name);
    this.#groups.regroup(check);
    const ending = this.#end(check, `the check \`${name}\` was unregistered`);
    this.#endings.add(ending);
    void ending.then(() => this.#endings.delete(ending));
    return true;
  }

  /**
   * The report of a group: `all` (the default), `live`, `ready`, `startup`, one of your own, or
   * `checks/<name>`. Runs what is not fresh, within the controller's `timeoutMs`. Never rejects; a group without
   * checks is `unhealthy`, so that a misspelt name is not mistaken for a healthy group.
   */
  report(group: string = ALL_GROUP): Promise<Report> {
    try {
      return Promise.resolve(this.#groups.look(group));
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /** The report of a group from the last results, whatever their age. Runs nothing and emits no event. */
  lastReport(group: string = ALL_GROUP): Report {
    return this.#groups.lastReport(group);
  }

  /** The last 60 results of a check since it was registered, oldest first. Empty for a name that is not registered. */
  history(name: string): readonly HistoryEntry[] {
    return this.#checks.get(name)?.record.history ?? [];
  }

  /**
   * Keeps traffic away until the returned function is called: `ready`, groups of your own, the base path and, until it
   * has been healthy once, `startup` are 503, with `"held":true`. For warm-up, maintenance, or a job during which there should
   * be no traffic. `live` and single checks are unaffected. Several holds add up; releasing one twice is harmless. A startup
   * probe must allow enough time for a hold at startup.
   *
   * @param reason why, for the log and for callers who may see details, such as `loading the model`
   * @throws ConfigError if the reason is not a non-empty string
   */
  hold(reason: string): () => void {
    const validator = new Validator();
    if (typeof reason !== 'string' || reason.trim() === '')
      validator.expected('reason', 'a non-empty string, such as `loading the model`', reason);
    validator.throwIfAny('Invalid hold');
    const { logger, clock } = this.#settings;
    const shown = cleanText(reason, this.#settings.redactor);
    const since = clock.now();
    const release = this.#groups.holds.add(shown);
    logger.info({ reason: shown }, `Traffic is held back: ${shown}`);
    this.#groups.onHold();
    return () => {
      if (!release()) return;
      const heldMs = Math.round(clock.now() - since);
      logger.info({ reason: shown, heldMs }, `A hold was released after ${heldMs} ms: ${shown}`);
      this.#groups.onHold();
    };
  }

  /**
   * Starts draining: from the next answer on, the base path, `ready` and custom groups are 503 whatever the results of the
   * checks, so that traffic goes elsewhere. `live` and `startup` are unaffected. Cannot be undone.
   */
  drain(): void {
    if (this.isDraining) return;
    this.#groups.drain();
    this.#emitter.emit('drain', undefined);
  }

  /**
   * Stops everything: aborts runs, ends background checks, closes checkers. Resolves when they have ended; each run and
   * each `close()` gets the controller's `timeoutMs`. Never rejects. From then on reports show every check as `error`.
   */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      // Set before anyone is notified: a listener of `close` may call `close()`.
      const { promise, resolve } = deferred<void>();
      this.#closing = promise;
      resolve(this.#close());
    }
    return this.#closing;
  }

  /** Adds a listener, once. One that throws, or rejects, is logged and otherwise ignored. @throws ConfigError for an unknown event */
  on<E extends keyof HealthEvents>(event: E, listener: HealthListener<E>): this {
    const validator = new Validator();
    if (!EVENT_NAMES.includes(event)) {
      const names = EVENT_NAMES.map((name) => `'${name}'`).join(', ');
      validator.expected('event', `one of ${names}`, event);
    }
    if (typeof listener !== 'function') validator.expected('listener', 'a function', listener);
    validator.throwIfAny('Invalid listener');
    if (event === 'groupChange' && !this.#emitter.has(event)) this.#groups.remember();
    this.#emitter.add(event, listener);
    return this;
  }

  /** Removes a listener. */
  off<E extends keyof HealthEvents>(event: E, listener: HealthListener<E>): this {
    this.#emitter.remove(event, listener);
    return this;
  }

  async #close(): Promise<void> {
    this.#emitter.emit('close', undefined);
    const ends = [...this.#checks.values()].map((check) => this.#end(check, 'the controller was closed'));
    this.#groups.invalidate();
    await Promise.all([...ends, ...this.#endings]);
  }

  /** Each of the two steps gets the controller's `timeoutMs`: a checker must not keep the service from ending. */
  async #end(check: Check, reason: string): Promise<void> {
    const { clock, timeoutMs, logger } = this.#settings;
    const { name, close } = check.settings;
    await settlesWithin(clock, timeoutMs, check.stop(reason));
    if (close === undefined) return;
    try {
      await settlesWithin(clock, timeoutMs, Promise.resolve(close()));
    } catch (thrown) {
      const facts = { check: name, reason: failureMessage(thrown) };
      logger.warn(facts, `The checker of \`${name}\` could not be closed; it may still hold resources`);
    }
  }

  #onResult(check: Check, after: CheckReport, before: CheckReport | undefined, at: Moment): void {
    this.#recording++;
    this.#log.onResult(after, before, at);
    this.#groups.onResult(check, at);
    const isChange = before?.status !== after.status;
    this.#emitter.emit('check', after);
    if (isChange) this.#emitter.emit('checkChange', Object.freeze({ before, after }));
    if (isChange || this.#emitter.has('check')) this.#groups.onListenersNotified();
    this.#recording--;
  }

  #warnIfLate({ settings }: Check): void {
    const isGating = settings.failOn !== 'never' && settings.groups.includes(READY_GROUP);
    if (!isGating || !this.#groups.hasAnsweredEmptyReady) return;
    this.#groups.hasAnsweredEmptyReady = false;
    this.#settings.logger.warn(
      { check: settings.name },
      `The check \`${settings.name}\` was registered after \`ready\` had been answered 200 without any check, so traffic may ` +
        'have come too early. Register checks before the server listens, or keep traffic away with `health.hold(…)` until then',
    );
  }
}
