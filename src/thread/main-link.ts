import type { ProbeRequest } from '../http/probe-request.ts';
import type { Reply } from '../http/reply.ts';
import { isSameOrLater, type SharedState } from './memory.ts';
import type { FromThread, KeptReport, ToThread } from './protocol.ts';

/** Takes the main thread's answer; undefined if there is no such group, or the request is not for health. */
type Take<T> = (answer: T | undefined) => void;

/** The main thread's answer for a group; `failed` if it could not make a report. */
type Answer = KeptReport | 'failed';

interface Waiter {
  /** The version of all reports when the request came: it must not get an older one. */
  readonly version: number;
  readonly take: Take<Answer>;
}

interface Asking {
  readonly group: string;
  readonly waiters: Waiter[];
}

/** Asks the main thread. Requests for the same report at the same time share one question. */
export class MainLink {
  readonly #state: SharedState;
  readonly #post: (message: FromThread) => void;
  readonly #asking = new Map<number, Asking>();
  readonly #idOf = new Map<string, number>();
  readonly #relaying = new Map<number, Take<Reply>>();
  #nextId = 1;

  constructor(state: SharedState, post: (message: FromThread) => void) {
    this.#state = state;
    this.#post = post;
  }

  /** Asks for the report of a group. */
  report(group: string, take: Take<Answer>): void {
    const waiter: Waiter = { version: this.#state.version, take };
    const asked = this.#asking.get(this.#idOf.get(group) ?? 0);
    if (asked !== undefined) asked.waiters.push(waiter);
    else this.#ask(group, [waiter]);
  }

  /** Has the main thread answer a request. @returns a function that drops the request */
  relay(request: ProbeRequest, take: Take<Reply>): () => void {
    const id = this.#nextId++;
    this.#relaying.set(id, take);
    this.#post({ type: 'relay', id, request });
    return () => this.#relaying.delete(id);
  }

  onReport({ id, kept }: ToThread & { type: 'report' }): void {
    const asking = this.#asking.get(id);
    if (asking === undefined) return;
    const { group, waiters } = asking;
    this.#asking.delete(id);
    this.#idOf.delete(group);
    const late: Waiter[] = [];
    for (const waiter of waiters) {
      // It came after the report was made, and the report has been invalidated since.
      if (typeof kept === 'object' && !isSameOrLater(kept.version, waiter.version)) late.push(waiter);
      else waiter.take(kept);
    }
    if (late.length > 0) this.#ask(group, late);
  }

  onReply({ id, reply }: ToThread & { type: 'reply' }): void {
    const take = this.#relaying.get(id);
    this.#relaying.delete(id);
    take?.(reply);
  }

  #ask(group: string, waiters: Waiter[]): void {
    const id = this.#nextId++;
    this.#asking.set(id, { group, waiters });
    this.#idOf.set(group, id);
    this.#post({ type: 'ask', id, group });
  }
}
