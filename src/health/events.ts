import { failureMessage } from '../internal/error-text.ts';
import type { Logger } from '../internal/logger.ts';
import { handleRejection } from '../internal/promises.ts';
import type { CheckReport, Report } from './report.ts';

/** A group's report says something else than its last one. */
export interface ChangeEvent {
  /** The last report of the group; undefined for its first. */
  readonly before: Report | undefined;
  readonly after: Report;
}

/** The events of a controller and what their listeners are given. */
export interface HealthEvents {
  /** A group that is asked for says something else than before: another status, other checks, draining. Not told of a group that nobody put a check into. */
  change: ChangeEvent;
  /** A run of a check has given its result. */
  check: CheckReport;
  /** The process is leaving: readiness is 503 from here on. The moment to stop taking jobs and to say goodbye to WebSockets. */
  drain: undefined;
  /** The controller closes; nothing runs after this. */
  close: undefined;
}

export type HealthListener<E extends keyof HealthEvents> = (event: HealthEvents[E]) => unknown;

/** Tells listeners, and survives them: one that throws or rejects is logged and disturbs neither the others nor the answer. */
export class HealthEmitter {
  readonly #listeners: { [E in keyof HealthEvents]: Set<HealthListener<E>> } = {
    change: new Set(),
    check: new Set(),
    drain: new Set(),
    close: new Set(),
  };
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Whether there is such an event. */
  knows(event: unknown): event is keyof HealthEvents {
    return typeof event === 'string' && Object.hasOwn(this.#listeners, event);
  }

  has(event: keyof HealthEvents): boolean {
    return this.#listeners[event].size > 0;
  }

  add<E extends keyof HealthEvents>(event: E, listener: HealthListener<E>): void {
    this.#listeners[event].add(listener);
  }

  remove<E extends keyof HealthEvents>(event: E, listener: HealthListener<E>): void {
    this.#listeners[event].delete(listener);
  }

  emit<E extends keyof HealthEvents>(event: E, payload: HealthEvents[E]): void {
    for (const listener of this.#listeners[event]) {
      try {
        handleRejection(listener(payload), (thrown) => this.#log(event, thrown));
      } catch (thrown) {
        this.#log(event, thrown);
      }
    }
  }

  #log(event: string, thrown: unknown): void {
    const facts = { event, reason: failureMessage(thrown) };
    this.#logger.error(facts, `A listener of the health event \`${event}\` threw; the report is unaffected`);
  }
}
