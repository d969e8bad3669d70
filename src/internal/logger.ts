import { handleRejection } from './promises.ts';

/** Where allswell logs. The shape of pino and most loggers: facts first, then a sentence. */
export interface Logger {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** The methods of a {@link Logger}. */
export const LOGGER_METHODS: readonly (keyof Logger)[] = ['info', 'warn', 'error'];

/** Writes one line to standard error for each entry: the sentence, and the reason if the sentence lacks it. */
export const defaultLogger: Logger = {
  info: (facts, message) => console.error(lineOf(facts, message)),
  warn: (facts, message) => console.warn(lineOf(facts, message)),
  error: (facts, message) => console.error(lineOf(facts, message)),
};

function lineOf(facts: object, message: string): string {
  const { reason } = facts as { reason?: unknown };
  const isNew = typeof reason === 'string' && !message.includes(reason);
  return `allswell: ${message}${isNew ? `: ${reason}` : ''}`;
}

/** A logger that never throws: there is nowhere left to report that, and a broken logger must not break an answer. */
export function safeLogger(logger: Logger): Logger {
  const guarded = (level: keyof Logger) => (facts: object, message: string) => {
    try {
      handleRejection(logger[level](facts, message));
    } catch {
      // See above.
    }
  };
  return { info: guarded('info'), warn: guarded('warn'), error: guarded('error') };
}

/** Applies a redactor to the sentence and to the strings among the facts. */
export function redactingLogger(logger: Logger, redactor: (text: string) => string): Logger {
  const redacting = (level: keyof Logger) => (facts: object, message: string) => {
    const clean = Object.entries(facts).map(([key, value]) => [
      key,
      typeof value === 'string' ? redactor(value) : value,
    ]);
    return logger[level](Object.fromEntries(clean), redactor(message));
  };
  return { info: redacting('info'), warn: redacting('warn'), error: redacting('error') };
}

/** An entry that clients can cause is logged the first time, then at most once per this time. In milliseconds. */
const QUIET_MS = 60_000;

/** Logs what clients can cause at most once a minute, with a count of the entries left out. */
export class LimitedLog {
  readonly #now: () => number;
  #lastAt = Number.NEGATIVE_INFINITY;
  #leftOut = 0;

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param write receives what to append to the message: nothing, or how often it happened in the meantime */
  write(write: (more: string) => void): void {
    const now = this.#now();
    if (now - this.#lastAt < QUIET_MS) {
      this.#leftOut++;
      return;
    }
    const times = this.#leftOut === 1 ? 'time' : 'times';
    const more = this.#leftOut === 0 ? '' : ` (and ${this.#leftOut} more ${times} since the last line)`;
    this.#lastAt = now;
    this.#leftOut = 0;
    write(more);
  }
}
