/** What a runtime puts on the stack itself: `node:events`, Deno's `ext:…`, Bun's `native:…`, a built-in of the engine. */
const OF_THE_RUNTIME = /(?:\(|at (?:async )?)(?:node|ext|bun|native):|\((?:<anonymous>|native|unknown)\)/;

/** The place in the program's code from which `callee`, a function on the stack, was called; undefined where there is none. */
export function callerOf(callee: (...parts: never[]) => unknown): string | undefined {
  return placeIn(stackBelow(callee));
}

/** A call of a method, further up the stack. */
export interface MethodCall {
  /** The place in the program's code; undefined where the runtime made the call, or Bun has forgotten a tail call. */
  readonly place: string | undefined;
}

/**
 * The call of one of the named methods that led to `callee`; undefined where none of them is on the stack. What stands
 * between the two, such as a `process.emit` that a library has wrapped, is not the caller.
 */
export function methodCallAbove(
  methods: readonly string[],
  callee: (...parts: never[]) => unknown,
): MethodCall | undefined {
  const lines = stackBelow(callee);
  const call = lines.findIndex((line) => methods.includes(/^\s*at (?:\S*\.)?(\w+) /.exec(line)?.[1] ?? ''));
  return call === -1 ? undefined : { place: placeIn(lines.slice(call + 1)) };
}

function placeIn(lines: readonly string[]): string | undefined {
  return lines.find((line) => !OF_THE_RUNTIME.test(line))?.trim();
}

function stackBelow(callee: (...parts: never[]) => unknown): string[] {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, callee);
  return String(holder.stack).split('\n').slice(1);
}
