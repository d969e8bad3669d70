import type { MethodCall } from '../internal/caller.ts';

/** The most names in a log line; the rest are only counted. */
const MAX_NAMED = 10;

/** Names in one line, and how many are left out. */
export function nameSome(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return names.slice(0, MAX_NAMED).join(', ') + more;
}

/** What a shutdown had not done when the process ended. */
export interface Interruption {
  /** The code that the process was ending with. */
  readonly code: number;
  /** The call of `process.exit()`; undefined where the runtime ends the process. */
  readonly call: MethodCall | undefined;
  /** How long the shutdown had been under way. */
  readonly afterMs: number;
  /** Whether load balancers might still send requests. */
  readonly isDraining: boolean;
  /** Requests and connections, in words. */
  readonly cutOff: readonly string[];
  /** The hooks that had not ended, by name; the first may have been running. */
  readonly hooks: readonly string[];
  /** The code that the process ends with now. */
  readonly finalCode: number;
}

/** The line in the log: who ended the process, what was lost by it, and what to do. */
export function interruptionMessage(interruption: Interruption): string {
  const { code, call, afterMs, isDraining, cutOff, hooks, finalCode } = interruption;
  const what =
    call === undefined
      ? `The process is ending with code ${code}, by an uncaught error or by the runtime`
      : `process.exit(${code}) was called${call.place === undefined ? '' : ` (${call.place})`}`;
  const losses = [
    ...(isDraining ? ['load balancers may not have noticed yet'] : []),
    ...(cutOff.length > 0 ? [`cut off: ${nameSome(cutOff)}`] : []),
    ...(hooks.length > 0 ? [`hooks that did not end: ${nameSome(hooks.map((name) => `\`${name}\``))}`] : []),
  ];
  const lost = losses.length > 0 ? ` (${losses.join('; ')})` : '';
  const so = finalCode === code ? '' : `, so the exit code is ${finalCode}`;
  const cure =
    call === undefined
      ? ''
      : '. Remove that call, or the signal handler that makes it, and do its work in `onShutdown`: gracefulShutdown ' +
        'exits when everything has ended';
  return `${what} ${afterMs} ms into the shutdown, before it was over${lost}${so}${cure}`;
}
