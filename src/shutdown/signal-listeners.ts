import { methodCallAbove } from '../internal/caller.ts';

/** How often a listener is put back at most: code that removes it every time must not keep the process busy. */
const MOST_RETURNS = 10;

/** What {@link SignalListeners} reports. */
export interface SignalHost {
  /** A signal came. `othersListen`: the program has listeners for it too. */
  onSignal(signal: NodeJS.Signals, othersListen: boolean): void;
  /** Something removed the listener for a signal, from a place in the program's code; `isBack`: it was put back. */
  onRemoved(signal: NodeJS.Signals, caller: string | undefined, isBack: boolean): void;
}

type Listener = () => void;

/** The events of a process that its types leave out. */
const emitter = process as NodeJS.EventEmitter;

/**
 * One listener of the process for each signal. Where other code removes it, such as with
 * `process.removeAllListeners('SIGTERM')`, it is put back: without it the signal would end the process at once.
 */
export class SignalListeners {
  readonly #host: SignalHost;
  readonly #listeners = new Map<NodeJS.Signals, Listener>();
  /** Node listens to a signal from a `newListener` listener of its own; Deno and Bun have none. */
  readonly #hasStarter: boolean = emitter.listenerCount('newListener') > 0;
  #returns = 0;

  constructor(host: SignalHost) {
    this.#host = host;
  }

  /** The signals that are listened to. */
  get signals(): readonly NodeJS.Signals[] {
    return [...this.#listeners.keys()];
  }

  /** Listens to a signal, unless it does already. */
  add(signal: NodeJS.Signals): void {
    if (this.#listeners.has(signal)) return;
    const listener = () => {
      const othersListen = process.listeners(signal).some((each) => each !== listener);
      this.#host.onSignal(signal, othersListen);
    };
    this.#listeners.set(signal, listener);
    this.#put(signal, listener);
  }

  /** No longer listens to a signal. */
  remove(signal: NodeJS.Signals): void {
    const listener = this.#listeners.get(signal);
    if (listener === undefined) return;
    this.#listeners.delete(signal);
    // It is registered twice if the program removed it for a while and restored it itself.
    while (isOn(signal, listener)) process.removeListener(signal, listener);
    if (this.#listeners.size === 0) emitter.removeListener('removeListener', this.#onRemoved);
  }

  #put(signal: NodeJS.Signals, listener: Listener): void {
    // In front of the program's own, which may close the server.
    if (!isOn(signal, listener)) process.prependListener(signal, listener);
    if (!isOn('removeListener', this.#onRemoved)) emitter.on('removeListener', this.#onRemoved);
  }

  /** `process.removeAllListeners()` without a name removes Node's own listener too: from then on no signal is heard. */
  get #isDeaf(): boolean {
    return this.#hasStarter && emitter.listenerCount('newListener') === 0;
  }

  readonly #onRemoved = (event: NodeJS.Signals, listener: unknown): void => {
    const ours = this.#listeners.get(event);
    if (ours === undefined || listener !== ours || isOn(event, ours)) return;
    const caller = methodCallAbove(['removeListener', 'removeAllListeners', 'off'], this.#onRemoved)?.place;
    // Not yet: `removeAllListeners()` is still working through its list.
    queueMicrotask(() => this.#putBack(event, ours, caller));
  };

  #putBack(signal: NodeJS.Signals, listener: Listener, caller: string | undefined): void {
    if (this.#listeners.get(signal) !== listener || isOn(signal, listener)) return;
    this.#returns++;
    const isBack = this.#returns <= MOST_RETURNS && !this.#isDeaf;
    if (isBack) this.#put(signal, listener);
    this.#host.onRemoved(signal, caller, isBack);
  }
}

/** The line in the log for a listener that something removed. */
export function listenerRemovedMessage(
  signal: NodeJS.Signals,
  caller: string | undefined,
  isBack: boolean,
): string {
  const place = caller === undefined ? '' : ` (${caller})`;
  const outcome = isBack
    ? 'It was put back. To remove it, call dispose() of what gracefulShutdown returned'
    : `It could not be put back, so ${signal} may end the process at once`;
  return (
    `Something removed the listener of gracefulShutdown for ${signal}${place}, as process.removeAllListeners() does. ` +
    outcome
  );
}

function isOn(event: string, listener: (...parts: never[]) => void): boolean {
  return emitter.listeners(event).includes(listener);
}
