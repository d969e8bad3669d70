import type { Engine } from '../health/source.ts';
import { failureMessage } from '../internal/error-text.ts';
import { LimitedLog } from '../internal/logger.ts';
import { isThenable } from '../internal/promises.ts';
import { settlesWithin } from '../internal/time.ts';
import type { ProbeRequest } from './probe-request.ts';

/**
 * Who may see messages, codes, durations and values: under `?verbose`, and on the page. Only `true` itself, or a promise of
 * it, shows them; a policy that throws, rejects or takes longer than an answer may take hides them.
 */
export type DetailsPolicy = 'never' | 'always' | ((request: ProbeRequest) => boolean | Promise<boolean>);

/** Calls a policy safely. */
export class DetailsGuard {
  readonly #policy: DetailsPolicy;
  readonly #engine: Engine;
  readonly #log: LimitedLog;

  constructor(policy: DetailsPolicy, engine: Engine) {
    this.#policy = policy;
    this.#engine = engine;
    this.#log = new LimitedLog(() => engine.clock.now());
  }

  /** Returns true if the caller may see details; synchronously if the policy answers synchronously. */
  shows(request: () => ProbeRequest): boolean | Promise<boolean> {
    const policy = this.#policy;
    if (typeof policy !== 'function') return policy === 'always';
    try {
      const answer: unknown = policy(request());
      return isThenable(answer) ? this.#wait(Promise.resolve(answer)) : answer === true;
    } catch (thrown) {
      return this.#hide(thrown);
    }
  }

  async #wait(answer: Promise<unknown>): Promise<boolean> {
    const { clock, timeoutMs } = this.#engine;
    try {
      if (await settlesWithin(clock, timeoutMs, answer)) return (await answer) === true;
      return this.#hide(new Error(`no answer within ${timeoutMs} ms`));
    } catch (thrown) {
      return this.#hide(thrown);
    }
  }

  #hide(thrown: unknown): false {
    const reason = failureMessage(thrown, 'the policy');
    this.#log.write((more) =>
      this.#engine.logger.warn({ reason }, `The \`details\` policy failed, so details stay hidden${more}`),
    );
    return false;
  }
}
