import { failureMessage } from '../internal/error-text.ts';
import { LimitedLog, type Logger } from '../internal/logger.ts';
import { handleRejection } from '../internal/promises.ts';
import type { CheckReport, Report } from './report.ts';

/** A check's status changed. */
export interface CheckChange {
  /** Its last result before; undefined for its first. */
  readonly before: CheckReport | undefined;
  readonly after: CheckReport;
}

/** A group's status, members, holds or draining changed. */
export interface GroupChange {
  /** The group's report as of its last change, or of when the first listener was added; undefined for a new group. */
  readonly before: Report | undefined;
  readonly after: Report;
}

/** The events of a controller and what their listeners receive. Probes and scrapes do not affect them. */
export interface HealthEvents {
  /** A run of a check has ended with a result. */
  check: CheckReport;
  /** A check's status changed, recovery included. */
  checkChange: CheckChange;
  /** A group changed. Time alone, such as a result that becomes too old, changes nothing until the next run. */
  groupChange: GroupChange;
  /** The process is draining: readiness is 503 from now on. Stop taking jobs, close WebSockets. */
  drain: undefined;
  /** The controller closes; nothing runs after this. */
  close: undefined;
}

/** Receives an event. If it throws or rejects, that is logged and has no other effect. */
export type HealthListener<E extends keyof HealthEvents> = (event: HealthEvents[E]) => unknown;

/** The names of all events. */
export const EVENT_NAMES: readonly (keyof HealthEvents)[] = [
  'check',
  'checkChange',
  'groupChange',
  'drain',
  'close',
];

/** Calls listeners safely: one that throws or rejects is logged and affects neither the others nor the answer. */
export class HealthEmitter {
  readonly #listeners = new Map<keyof HealthEvents, readonly unknown[]>();
  readonly #logger: Logger;
  readonly #now: () => number;
  /** By listener: probers cause runs, and a listener may throw at each. */
  readonly #logs = new WeakMap<object, LimitedLog>();

  /** @param now monotonic milliseconds */
  constructor(logger: Logger, now: () => number) {
    this.#logger = logger;
    this.#now = now;
  }

  has(event: keyof HealthEvents): boolean {
    return this.#listeners.has(event);
  }

  add<E extends keyof HealthEvents>(event: E, listener: HealthListener<E>): void {
    const known = this.#listeners.get(event) ?? [];
    // Lists are replaced, never changed, so that each event is delivered to those who were listening when it occurred.
    if (!known.includes(listener)) this.#listeners.set(event, [...known, listener]);
  }

  remove<E extends keyof HealthEvents>(event: E, listener: HealthListener<E>): void {
    const left = (this.#listeners.get(event) ?? []).filter((each) => each !== listener);
    if (left.length > 0) this.#listeners.set(event, left);
    else this.#listeners.delete(event);
  }

  emit<E extends keyof HealthEvents>(event: E, payload: HealthEvents[E]): void {
    const listeners = this.#listeners.get(event) as readonly HealthListener<E>[] | undefined;
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        handleRejection(listener(payload), (thrown) => this.#log(event, listener, thrown));
      } catch (thrown) {
        this.#log(event, listener, thrown);
      }
    }
  }

  #log(event: string, listener: object, thrown: unknown): void {
    const log = this.#logs.get(listener) ?? new LimitedLog(this.#now);
    this.#logs.set(listener, log);
    log.write((more) => {
      const facts = { event, reason: failureMessage(thrown, 'the listener') };
      const message = `A listener of the health event \`${event}\` failed; the report is unaffected${more}`;
      this.#logger.error(facts, message);
    });
  }
}
