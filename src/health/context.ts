import type { CheckContext } from './checker.ts';
import type { Run } from './run.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What a checker is given for one run. It is only seen through a proxy that puts the signal in before anybody reads it. */
class Context implements Writable<CheckContext> {
  readonly name: string;
  readonly timeoutMs: number;
  signal: AbortSignal;
  readonly setTimeoutMessage: CheckContext['setTimeoutMessage'];
  readonly #run: Run;

  constructor(run: Run) {
    this.name = run.name;
    this.timeoutMs = run.timeoutMs;
    this.signal = undefined as unknown as AbortSignal;
    this.setTimeoutMessage = (message) => {
      run.explanation = message;
    };
    this.#run = run;
  }

  static fill(context: Context): void {
    context.signal ??= context.#run.signal;
  }

  /** `console.log` looks past the proxy. */
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return { ...this };
  }
}

/** Shared by all contexts. The two ways to read a property: by its name, and by copying or listing all of them. */
const LAZY_SIGNAL: ProxyHandler<Context> = {
  get(context, key) {
    if (key === 'signal') Context.fill(context);
    return context[key as keyof Context];
  },
  getOwnPropertyDescriptor(context, key) {
    if (key === 'signal') Context.fill(context);
    return Reflect.getOwnPropertyDescriptor(context, key);
  },
};

/**
 * The context of a run: an object of its own that may be destructured, spread and frozen. Most checkers never look at the
 * signal, and making one costs more than a trivial check; an accessor on each context would cost five times this proxy.
 */
export function contextOf(run: Run): CheckContext {
  return new Proxy(new Context(run), LAZY_SIGNAL);
}
