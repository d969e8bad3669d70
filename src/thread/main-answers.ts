import { isBuiltIn, LIVE_GROUP } from '../health/group.ts';
import type { Report } from '../health/report.ts';
import { type Engine, engineOf, type HealthSource } from '../health/source.ts';
import type { ProbeRequest } from '../http/probe-request.ts';
import { failed } from '../http/reply.ts';
import type { Responder } from '../http/responder.ts';
import { failureMessage } from '../internal/error-text.ts';
import { LimitedLog } from '../internal/logger.ts';
import { handleRejection } from '../internal/promises.ts';
import { type SharedState, sharedNow } from './memory.ts';
import { outlineOf } from './outline.ts';
import type { FromThread, KeptReport, ToThread } from './protocol.ts';

/** A background check whose result is too old: the next request runs it and waits for it. */
const STALE = 'ERR_CHECK_STALE';

/** Answers the listening thread, in the main one. */
export class MainAnswers {
  readonly #health: HealthSource;
  readonly #engine: Engine;
  readonly #responder: Responder<ProbeRequest>;
  readonly #state: SharedState;
  readonly #log: LimitedLog;
  /** The version of the last report of `live` that the thread got, and what it showed. */
  #liveVersion = -1;
  #liveShown = '';

  constructor(health: HealthSource, responder: Responder<ProbeRequest>, state: SharedState) {
    this.#health = health;
    this.#engine = engineOf(health);
    this.#responder = responder;
    this.#state = state;
    this.#log = new LimitedLog(() => this.#engine.clock.now());
  }

  /**
   * Answers each message that needs an answer, once. The thread asks for a group only once at a time, so all requests for the
   * same group wait for this answer.
   */
  take(message: FromThread, post: (answer: ToThread) => void): void {
    if (message.type === 'ask')
      handleRejection(this.#report(message, post), (thrown) => {
        this.#fail(thrown);
        post({ type: 'report', id: message.id, kept: 'failed' });
      });
    else if (message.type === 'relay')
      handleRejection(this.#reply(message, post), (thrown) => {
        this.#fail(thrown);
        post({ type: 'reply', id: message.id, reply: failed() });
      });
  }

  /** Logs the failure of a source; a `HealthController` never fails. */
  #fail(thrown: unknown): void {
    const reason = failureMessage(thrown);
    this.#log.write((more) =>
      this.#engine.logger.error(
        { reason },
        `The health thread got no report from the main thread; answering 503${more}`,
      ),
    );
  }

  /** The current report of `live`, for a thread that starts. */
  live(): KeptReport {
    const report = this.#engine.fresh(LIVE_GROUP) ?? this.#health.lastReport(LIVE_GROUP);
    this.#liveVersion = this.#state.version;
    this.#liveShown = shownOf(report);
    return this.#kept(report);
  }

  /** The report of `live` if it has changed: a check may have failed without a request. Costs one comparison otherwise. */
  changedLive(): KeptReport | undefined {
    if (this.#state.version === this.#liveVersion) return undefined;
    const report = this.#engine.fresh(LIVE_GROUP) ?? this.#health.lastReport(LIVE_GROUP);
    // A result that went stale while the loop was blocked is no failure; the next request renews it.
    if (Object.values(report.checks).some(({ code }) => code === STALE)) return undefined;
    const shown = this.#liveShown;
    this.#liveVersion = this.#state.version;
    this.#liveShown = shownOf(report);
    return this.#liveShown === shown ? undefined : this.#kept(report);
  }

  async #report({ id, group }: FromThread & { type: 'ask' }, post: (answer: ToThread) => void) {
    if (!isBuiltIn(group) && !this.#health.has(group)) {
      post({ type: 'report', id, kept: undefined });
      return;
    }
    const look = this.#engine.look(group);
    const report = look instanceof Promise ? await look : look;
    // What the thread now knows of `live`; only a difference from it is sent.
    if (group === LIVE_GROUP) this.#liveShown = shownOf(report);
    post({ type: 'report', id, kept: this.#kept(report) });
  }

  async #reply({ id, request }: FromThread & { type: 'relay' }, post: (answer: ToThread) => void) {
    const answer = this.#responder.answer(request.target, request);
    post({ type: 'reply', id, reply: await answer });
  }

  #kept(report: Report): KeptReport {
    const { group } = report;
    const isFresh = this.#engine.fresh(group) === report;
    const freshMs = isFresh ? this.#engine.freshMs(group) : 0;
    return {
      report: outlineOf(report),
      version: this.#state.version,
      freshUntil: sharedNow() + freshMs,
      freshUntilEpochMs: Date.now() + freshMs,
    };
  }
}

function shownOf(report: Report): string {
  return JSON.stringify({ ...outlineOf(report), atMs: 0 });
}
