/** npm forwards a terminal's Ctrl-C to a child that has already received it: two signals closer together than this count as one. In milliseconds. */
const SAME_SIGNAL_MS = 1000;

/** What a signal means for a shutdown in progress. */
export type Meaning = 'same' | 'raised again' | 'skip';

/**
 * Decides whether a signal during a shutdown comes from a person who will not wait. Signals do not reveal their sender, and
 * frameworks such as Nest do their own work on SIGTERM and then raise it again with `process.kill(process.pid, 'SIGTERM')`.
 */
export class RepeatedSignals {
  readonly #maybeRaisedAgain = new Set<NodeJS.Signals>();
  readonly #seen = new Set<NodeJS.Signals>();
  #isFirst = true;

  /** Records the signal that begins a shutdown. */
  first(signal: NodeJS.Signals, othersListen: boolean): void {
    this.#isFirst = false;
    this.#note(signal, othersListen);
  }

  /** @param sinceMs how long the shutdown has been in progress */
  next(signal: NodeJS.Signals, othersListen: boolean, sinceMs: number): Meaning {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    this.#note(signal, othersListen);
    if (sinceMs < SAME_SIGNAL_MS) return 'same';
    if (signal === 'SIGINT') return 'skip';
    // The program began the shutdown, so this is the platform's first signal, not a second one.
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
 * False for the first process of a container, because Fly stops it with SIGINT.
 */
export function isFromTerminal(signal: NodeJS.Signals): boolean {
  if (signal !== 'SIGINT' || process.pid === 1) return false;
  const { isatty } = process.getBuiltinModule('node:tty');
  return isatty(0) && isatty(2);
}
