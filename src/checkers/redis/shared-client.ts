import type { CheckContext } from '../../health/checker.ts';
import { type CheckResult, error } from '../../health/result.ts';
import { failureCode, failureMessage } from '../../internal/error-text.ts';
import { handleRejection, unlessAborted } from '../../internal/promises.ts';
import { systemClock } from '../../internal/time.ts';

import type { Command } from './command.ts';
import type { RedisDriver } from './driver.ts';

/** A command without a reply for this long, in milliseconds, is sent again: a driver may have lost it. */
const LOST_AFTER_MS = 60_000;

interface Pending {
  readonly reply: Promise<unknown>;
  readonly since: number;
}

/**
 * The application's client as its checks use it. A command cannot be cancelled: in an offline queue it waits until the
 * client is connected again. So at most one of each is waiting, and a later check awaits the reply to that one.
 */
export class SharedClient {
  readonly #driver: RedisDriver;
  readonly #pending = new Map<string, Pending>();
  /** The client's last error since a check succeeded. */
  #lastError: string | undefined;

  constructor(driver: RedisDriver) {
    this.#driver = driver;
  }

  /** Takes an `error` event of the client. */
  noteError(reason: unknown): void {
    this.#lastError = failureMessage(reason);
  }

  async ask(command: Command, context: CheckContext): Promise<CheckResult> {
    const { signal, timeoutMs } = context;
    context.setTimeoutMessage(() => this.#withTrouble(`no answer to ${command.name} within ${timeoutMs} ms`));
    try {
      signal.throwIfAborted();
      const result = command.read(await unlessAborted(this.#send(command.name), signal));
      this.#lastError = undefined;
      return result;
    } catch (thrown) {
      const code = failureCode(thrown);
      return error(this.#withTrouble(failureMessage(thrown)), code === undefined ? {} : { code });
    }
  }

  #send(name: string): Promise<unknown> {
    const waiting = this.#pending.get(name);
    if (waiting !== undefined && systemClock.now() - waiting.since < LOST_AFTER_MS) return waiting.reply;
    const pending: Pending = { reply: this.#driver.send(name), since: systemClock.now() };
    this.#pending.set(name, pending);
    const done = () => {
      if (this.#pending.get(name) === pending) this.#pending.delete(name);
    };
    handleRejection(pending.reply.finally(done));
    return pending.reply;
  }

  #withTrouble(message: string): string {
    const facts = [this.#driver.trouble(), this.#lastError && `last error: ${this.#lastError}`];
    const known = facts.filter((fact) => fact !== undefined && !message.includes(fact)).join('; ');
    return known === '' ? message : `${message} (${known})`;
  }
}

/** One per client, however many checks use it; garbage-collected with the client. */
const clients = new WeakMap<object, SharedClient>();

/** The shared client for a client. Listens for its errors from the first call on. */
export function sharedClientOf(client: object, driver: RedisDriver): SharedClient {
  let shared = clients.get(client);
  if (shared === undefined) {
    const made = new SharedClient(driver);
    (client as { on(event: string, listener: (reason: unknown) => void): unknown }).on('error', (reason) =>
      made.noteError(reason),
    );
    clients.set(client, made);
    shared = made;
  }
  return shared;
}
