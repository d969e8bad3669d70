import { describe } from '../internal/describe.ts';
import { failureMessage } from '../internal/error-text.ts';
import type { Logger } from '../internal/logger.ts';
import { type Clock, settlesWithin } from '../internal/time.ts';
import type { HookSettings } from './options.ts';

/**
 * Runs hooks one after the other, and removes each from the list when it has ended. One that throws, rejects or hangs is
 * logged, and the next one runs.
 * @returns whether all of them succeeded
 */
export async function runHooks(hooks: HookSettings[], clock: Clock, logger: Logger): Promise<boolean> {
  let succeeded = true;
  for (let hook = hooks[0]; hook !== undefined; hook = hooks[0]) {
    const failure = await failureOf(hook, clock);
    hooks.shift();
    if (failure === undefined) continue;
    succeeded = false;
    logger.error({ hook: hook.name, ...failure.facts }, failure.message);
  }
  return succeeded;
}

interface Failure {
  readonly facts: object;
  readonly message: string;
}

async function failureOf({ name, run, timeoutMs }: HookSettings, clock: Clock): Promise<Failure | undefined> {
  try {
    // Inside a promise, so that a hook that throws synchronously is treated as one that rejects.
    const hasEnded = await settlesWithin(clock, timeoutMs, new Promise((resolve) => resolve(run())));
    if (hasEnded) return undefined;
    const message =
      `The shutdown hook \`${name}\` did not end within its ${timeoutMs} ms and was abandoned, so the exit code is 1. ` +
      'Look at what it waits for, or give it more time: onShutdown: [{ name, run, timeoutMs }]';
    return { facts: { timeoutMs }, message };
  } catch (thrown) {
    const reason = thrown instanceof Error ? failureMessage(thrown) : `it threw ${describe(thrown)}`;
    const message =
      `The shutdown hook \`${name}\` failed, so the exit code is 1: ${reason}. ` +
      'What it should have closed may still be open';
    return { facts: { reason }, message };
  }
}
