import type { Reply } from '../http/reply.ts';

/** How much longer to wait for a main thread that runs, because its own time limits end at the same moment. In milliseconds. */
const EXTENSION_MS = 100;

/** How long to wait. */
export interface Patience {
  readonly patienceMs: number;
  /** Called when the time is over: true to wait a little longer, once. */
  mayExtend(): boolean;
}

/** A request that waits for the main thread. */
export interface Waiter {
  /** Answers it, unless it has been answered. */
  finish(reply: () => Reply): void;
  /** Called if it is answered without the main thread. */
  onGivenUp: (() => void) | undefined;
}

/** The requests that wait for the main thread. Each is answered once: by it, after its time limit, or when it is blocked. */
export class Waiting {
  readonly #open = new Set<() => void>();
  readonly #onFailure: (thrown: unknown) => Reply;

  /** @param onFailure returns the answer if making one throws */
  constructor(onFailure: (thrown: unknown) => Reply) {
    this.#onFailure = onFailure;
  }

  /** @param fallback the answer without the main thread */
  add(patience: Patience, fallback: () => Reply, send: (reply: Reply) => void): Waiter {
    let timer: NodeJS.Timeout;
    const finish = (reply: () => Reply) => {
      if (!this.#open.delete(giveUp)) return;
      clearTimeout(timer);
      send(this.#made(reply));
    };
    const waiter: Waiter = { finish, onGivenUp: undefined };
    const giveUp = () => {
      waiter.onGivenUp?.();
      finish(fallback);
    };
    const onTime = () => {
      if (!patience.mayExtend()) giveUp();
      else timer = later(giveUp, EXTENSION_MS);
    };
    this.#open.add(giveUp);
    timer = later(onTime, patience.patienceMs);
    return waiter;
  }

  /** Answers all of them without the main thread. */
  giveUp(): void {
    for (const giveUp of [...this.#open]) giveUp();
  }

  #made(reply: () => Reply): Reply {
    try {
      return reply();
    } catch (thrown) {
      return this.#onFailure(thrown);
    }
  }
}

/** Unreferenced: once its connections are closed, the thread must not wait for an answer that nobody can receive. */
function later(callback: () => void, delayMs: number): NodeJS.Timeout {
  return setTimeout(callback, delayMs).unref();
}
