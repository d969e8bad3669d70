import { handleRejection } from './promises.ts';

/** Where allswell writes what a person should know. The shape of pino and of most loggers: facts first, then a sentence. */
export interface Logger {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Warnings and errors go to standard error, the rest nowhere: a library is quiet while all is well. */
export const defaultLogger: Logger = {
  info: () => undefined,
  warn: (facts, message) => console.warn(`allswell: ${message}`, facts),
  error: (facts, message) => console.error(`allswell: ${message}`, facts),
};

/** A logger that cannot throw: there is nobody left to tell, and a broken logger must not take the answer with it. */
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
