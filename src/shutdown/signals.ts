import { isatty } from 'node:tty';

/** npm forwards a terminal's Ctrl-C to a child that has already received it: closer than this, two signals are one. In milliseconds. */
const SAME_SIGNAL_MS = 1000;

/** What a signal means for a shutdown that is under way. */
export type Meaning = 'same' | 'raised again' | 'skip';

/**
 * Decides whether a signal that comes during a shutdown is a person who will not wait. A signal has no sender: frameworks
 * such as Nest do their own work on SIGTERM and then raise it again with `process.kill(process.pid, 'SIGTERM')`.
 */
export class RepeatedSignals {
  readonly #maybeRaisedAgain = new Set<NodeJS.Signals>();
  readonly #seen = new Set<NodeJS.Signals>();
  #isFirst = true;

  /** Takes note of the signal that begins a shutdown. */
  first(signal: NodeJS.Signals, othersListen: boolean): void {
    this.#isFirst = false;
    this.#note(signal, othersListen);
  }

  /** @param sinceMs how long the shutdown has been under way */
  next(signal: NodeJS.Signals, othersListen: boolean, sinceMs: number): Meaning {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    this.#note(signal, othersListen);
    if (sinceMs < SAME_SIGNAL_MS) return 'same';
    if (signal === 'SIGINT') return 'skip';
    // The program began it; the platform's first signal is nobody's second one.
    if (isFirst) return 'same';
    return this.#maybeRaisedAgain.has(signal) ? 'raised again' : 'skip';
  }

  #note(signal: NodeJS.Signals, othersListen: boolean): void {
    if (!this.#seen.has(signal) && othersListen) this.#maybeRaisedAgain.add(signal);
    this.#seen.add(signal);
  }
}

/**
 * Returns true if a signal is a person's Ctrl-C in a terminal: SIGINT, with standard input and standard error both terminals.
 * The first process of a container is not taken for one, since Fly stops it with SIGINT.
 */
export function isFromTerminal(signal: NodeJS.Signals): boolean {
  return signal === 'SIGINT' && process.pid !== 1 && isatty(0) && isatty(2);
}
