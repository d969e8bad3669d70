import { failureMessage } from '../internal/error-text.ts';
import { CheckerFaultError } from './checker-fault-error.ts';

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const;

/**
 * Collects the process's unhandled rejections and uncaught exceptions instead of other listeners: a test runner would
 * abort, or blame another test.
 */
export class StrayErrors {
  readonly #found: string[] = [];
  readonly #listeners = EVENTS.map((event) => ({
    event,
    others: process.listeners(event as 'uncaughtException'),
  }));
  readonly #note = (thrown: unknown): void => {
    this.#found.push(failureMessage(thrown));
  };

  constructor() {
    for (const { event } of this.#listeners) {
      process.removeAllListeners(event);
      process.on(event, this.#note);
    }
  }

  /** @throws CheckerFaultError if there was one */
  async expectNone(): Promise<void> {
    // Node reports a rejection once the microtasks of its tick are over.
    await new Promise((resolve) => setImmediate(resolve));
    const [first] = this.#found;
    if (first !== undefined)
      throw new CheckerFaultError(`an unhandled rejection or uncaught exception: ${first}`);
  }

  /** Restores the previous listeners. */
  stop(): void {
    for (const { event, others } of this.#listeners) {
      process.off(event, this.#note);
      for (const other of others) process.on(event, other);
    }
  }
}
