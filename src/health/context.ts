import type { CheckContext } from './checker.ts';
import type { Run } from './run.ts';

/** Shared by all contexts: an accessor made for each one costs as much as all the rest of a run. */
const SIGNAL = {
  get(this: Context): AbortSignal {
    return signalOf(this);
  },
  enumerable: true,
  configurable: true,
};

let signalOf: (context: Context) => AbortSignal;

/**
 * What a checker is given for one run: an object of its own that may be destructured, spread and frozen. The signal is
 * made when it is first read, because most checkers never look and it costs more than a trivial check.
 */
class Context implements CheckContext {
  readonly name: string;
  readonly timeoutMs: number;
  declare readonly signal: AbortSignal;
  readonly setTimeoutMessage: CheckContext['setTimeoutMessage'];
  readonly #run: Run;

  static {
    signalOf = (context) => context.#run.signal;
  }

  constructor(run: Run) {
    this.#run = run;
    this.name = run.name;
    this.timeoutMs = run.timeoutMs;
    this.setTimeoutMessage = (message) => {
      run.explanation = message;
    };
    Object.defineProperty(this, 'signal', SIGNAL);
  }
}

/** The context of a run. */
export function contextOf(run: Run): CheckContext {
  return new Context(run);
}
