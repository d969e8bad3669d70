import type { CheckContext, Checker, CheckerKind, CheckReturn } from '../health/checker.ts';
import { error, ok, type ResultFields, warning } from '../health/result.ts';

/** A run that hangs. */
interface Hanging {
  resolve(value: CheckReturn | Promise<CheckReturn>): void;
}

/**
 * A checker whose behaviour a test sets, from the next run on: see {@link fakeChecker}. The methods that set it return
 * the checker.
 */
export class FakeChecker implements Checker {
  readonly kind: CheckerKind;
  /** How many runs have begun. */
  runs = 0;
  /** How often it was closed. */
  closed = 0;
  /** The context of the last run. */
  lastContext: CheckContext | undefined;
  readonly #hanging = new Set<Hanging>();
  #behave: (context: CheckContext) => CheckReturn | Promise<CheckReturn> = () => ok();

  constructor(kind: CheckerKind = 'dependency') {
    this.kind = kind;
  }

  /** Called by the controller. Works when detached from the object. */
  readonly check = (context: CheckContext): CheckReturn | Promise<CheckReturn> => {
    this.runs++;
    this.lastContext = context;
    return this.#behave(context);
  };

  /** Called by the controller. */
  close(): void {
    this.closed++;
  }

  /** How many runs are hanging. */
  get hanging(): number {
    return this.#hanging.size;
  }

  /** Runs are ok. */
  passes(message?: string, fields?: ResultFields): this {
    return this.#set(() => ok(message, fields));
  }

  /** Runs return a warning. */
  warns(message: string = 'a warning', fields?: ResultFields): this {
    return this.#set(() => warning(message, fields));
  }

  /** Runs fail: with a message they return an error, with anything else they throw that. */
  fails(reason: unknown = 'a failure', fields?: ResultFields): this {
    return this.#set(() => {
      if (typeof reason === 'string') return error(reason, fields);
      throw reason;
    });
  }

  /** Runs hang until their signal is aborted, and then reject with its reason, or until {@link settle}. */
  hangs(): this {
    return this.#set((context) => this.#hang(context.signal));
  }

  /** Runs hang and ignore their signal: they end only with {@link settle}, as with a driver that lost a promise. */
  ignoresSignal(): this {
    return this.#set(() => this.#hang(undefined));
  }

  /** Settles every hanging run, however late: with ok, or with the given value or promise. */
  settle(value: CheckReturn | Promise<CheckReturn> = undefined): void {
    for (const run of [...this.#hanging]) run.resolve(value);
  }

  #set(behave: (context: CheckContext) => CheckReturn | Promise<CheckReturn>): this {
    this.#behave = behave;
    return this;
  }

  #hang(signal: AbortSignal | undefined): Promise<CheckReturn> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#hanging.delete(run);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        leave();
        reject(signal?.reason);
      };
      const run: Hanging = {
        resolve(value) {
          leave();
          resolve(value);
        },
      };
      this.#hanging.add(run);
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}

/**
 * A checker for tests of the code around it. It passes until a test changes that.
 *
 * @example
 * const database = fakeChecker();
 * health.register('database', database);
 * database.fails('connect ECONNREFUSED');
 */
export function fakeChecker(kind?: CheckerKind): FakeChecker {
  return new FakeChecker(kind);
}
