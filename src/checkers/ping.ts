import type { CheckContext, Checker } from '../health/checker.ts';
import { failureMessage } from '../internal/error-text.ts';
import { handleRejection } from '../internal/promises.ts';
import { Validator } from '../internal/validator.ts';

/** How {@link ping} handles a run that takes too long. Every field has a default. */
export interface PingOptions<T> {
  /**
   * Called on a timeout with what `run` returned, to cancel the query or close the connection. Called at most once per
   * run, including when the check is unregistered or closed while it runs. What it throws is added to the check's
   * message. Default: nothing; where the driver takes a `signal`, pass it on in `run`.
   */
  readonly cancel?: (running: T) => unknown;
  /**
   * How many runs may be past their deadline and still not settled at once: from 1 to 3. Each may hold a
   * connection of the pool. Default 1.
   */
  readonly maxOutstanding?: 1 | 2 | 3;
}

/**
 * A dependency that is ok if `run` succeeds, whatever it returns: for any ORM or driver that has a cheap query. A thrown
 * error or a rejection makes the check an `error`. If your function evaluates the answer, register the function itself.
 *
 * @example ping(() => knex.raw('SELECT 1'))
 * @example ping(() => sql`SELECT 1`, { cancel: (query) => query.cancel() })
 * @throws ConfigError with every issue in the arguments
 */
export function ping<T>(run: (context: CheckContext) => T, options?: PingOptions<T>): Checker {
  const validator = new Validator();
  if (typeof run !== 'function')
    validator.expected('run', 'a function that queries, such as () => knex.raw("SELECT 1")', run);
  const own = validator.options<PingOptions<T>>('options', options, ['cancel', 'maxOutstanding']);
  validator.function('cancel', own.cancel);
  validator.wholeNumber('maxOutstanding', own.maxOutstanding, 1, 3);
  validator.throwIfAny('Invalid ping() options');
  const { cancel, maxOutstanding = 1 } = own;
  return { kind: 'dependency', maxOutstanding, check: (context) => runOnce(run, cancel, context) };
}

async function runOnce<T>(
  run: (context: CheckContext) => T,
  cancel: ((running: T) => unknown) | undefined,
  context: CheckContext,
): Promise<void> {
  const { signal } = context;
  signal.throwIfAborted();
  const running = run(context);
  if (cancel === undefined) {
    await running;
    return;
  }
  const onAbort = () => {
    const complain = (thrown: unknown) =>
      context.setTimeoutMessage(
        `no result within ${context.timeoutMs} ms, and cancelling failed: ${failureMessage(thrown, '`cancel`')}`,
      );
    try {
      handleRejection(cancel(running), complain);
    } catch (thrown) {
      // An abort listener that throws would end the process.
      complain(thrown);
    }
  };
  // `run` may have ended its own check.
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort);
  try {
    await running;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
