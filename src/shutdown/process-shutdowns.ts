import { type MethodCall, methodCallAbove } from '../internal/caller.ts';
import { deferred } from '../internal/promises.ts';
import { SignalListeners } from './signal-listeners.ts';

/** Why a shutdown began. */
export interface Cause {
  /** The signal's name, or the function that was called. */
  readonly name: string;
  /** True for Ctrl-C in a terminal, where there is no load balancer to wait for. */
  readonly isFromTerminal?: boolean;
  /** True if the program has other listeners for that signal. */
  readonly othersListen?: boolean;
}

/** One handle of `gracefulShutdown`, as the process sees it. */
export interface Departing {
  readonly signals: readonly NodeJS.Signals[];
  /** Begins the shutdown, or does nothing if it has begun. */
  begin(cause: Cause): void;
  onSignal(signal: NodeJS.Signals, othersListen: boolean): void;
  /** Ends the process. Called on one handle only. */
  exit(code: number): void;
  /**
   * The process is ending before this handle has. Other copies of this package may lack this method.
   * @param call the call of `process.exit()`; undefined where the runtime ends the process, such as after an uncaught error
   * @returns the exit code that would be correct
   */
  onInterrupted?(code: number, call: MethodCall | undefined): number;
  /** Something removed the listener for a signal; `isBack`: it was put back. Other copies of this package may lack this. */
  onListenerRemoved?(signal: NodeJS.Signals, caller: string | undefined, isBack: boolean): void;
}

/** In the global registry, so that copies of this package in one process find each other. */
const KEY = Symbol.for('allswell.shutdowns');

/**
 * The handles of this process. They shut down together: when one begins, all do, and the last one to end calls its `exit`
 * with the worst code. They share one listener for each signal.
 *
 * Several copies of this package share one object, that of the copy that was loaded first: its public methods must not
 * change their meaning.
 */
export class ProcessShutdowns {
  readonly #members = new Set<Departing>();
  readonly #underWay = new Set<Departing>();
  readonly #listeners = new SignalListeners({
    onSignal: (signal, othersListen) => {
      for (const member of this.#listeningTo(signal)) member.onSignal(signal, othersListen);
    },
    onRemoved: (signal, caller, isBack) =>
      this.#listeningTo(signal)[0]?.onListenerRemoved?.(signal, caller, isBack),
  });
  #last: Departing | undefined;
  #left = deferred<number>();
  #worstCode = 0;

  /** The shutdowns of this process. */
  static current(): ProcessShutdowns {
    const holder = globalThis as { [KEY]?: ProcessShutdowns };
    holder[KEY] ??= new ProcessShutdowns();
    return holder[KEY];
  }

  /** How many have begun but not ended. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** Adds a handle. If others are shutting down, it shuts down too. */
  join(member: Departing): void {
    this.#members.add(member);
    for (const signal of member.signals) this.#listeners.add(signal);
    // Not synchronously: its caller has no handle yet.
    if (this.#underWay.size > 0)
      queueMicrotask(() => {
        if (this.#members.has(member)) member.begin({ name: 'another shutdown of this process' });
      });
  }

  /** Removes a handle. Others no longer wait for it. */
  remove(member: Departing): void {
    this.#members.delete(member);
    this.#underWay.delete(member);
    for (const signal of this.#listeners.signals)
      if (this.#listeningTo(signal).length === 0) this.#listeners.remove(signal);
    if (this.#underWay.size === 0) this.#exit();
  }

  /** A handle has begun: so do all others. */
  begun(member: Departing, cause: Cause): void {
    if (this.#members.has(member)) this.#underWay.add(member);
    if (!process.listeners('exit').includes(this.#onProcessExit))
      process.prependListener('exit', this.#onProcessExit);
    for (const other of [...this.#members]) if (other !== member) other.begin(cause);
  }

  /** Keeps an exit code for the end, unless there is a worse one. */
  worsen(code: number): void {
    this.#worstCode = Math.max(this.#worstCode, code);
  }

  /** A handle has ended. Resolves with the exit code once the last one has called `exit`. */
  ended(member: Departing, code: number): Promise<number> {
    this.worsen(code);
    this.#last = member;
    this.#underWay.delete(member);
    const { promise } = this.#left;
    if (this.#underWay.size === 0) this.#exit();
    return promise;
  }

  #exit(): void {
    process.removeListener('exit', this.#onProcessExit);
    const last = this.#last;
    if (last === undefined) return;
    const { resolve } = this.#left;
    const code = Math.max(this.#worstCode, programExitCode());
    this.#last = undefined;
    this.#worstCode = 0;
    this.#left = deferred();
    last.exit(code);
    resolve(code);
  }

  #listeningTo(signal: NodeJS.Signals): Departing[] {
    return [...this.#members].filter(({ signals }) => signals.includes(signal));
  }

  /** The process ends although handles are under way: nothing can stop it, but it must not look like success. */
  readonly #onProcessExit = (code: number): void => {
    const call = methodCallAbove(['exit'], this.#onProcessExit);
    const codes = [...this.#underWay].map((member) => member.onInterrupted?.(code, call) ?? 0);
    const worst = Math.max(this.#worstCode, ...codes);
    if (code === 0 && worst > 0) process.exitCode = worst;
  };
}

/** What the program itself has set, as a number; 0 if nothing. */
function programExitCode(): number {
  const code = Number(process.exitCode ?? 0);
  return Number.isInteger(code) ? code : 1;
}
