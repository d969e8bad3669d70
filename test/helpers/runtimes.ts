import { execFileSync } from 'node:child_process';

/** A program that runs JavaScript, with the arguments in front of the file. */
export interface Runtime {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Whether `socket.bytesRead` counts what a server has received. Bun's stays 0. */
  readonly countsBytes: boolean;
  /** Whether its HTTP/2 servers can be shut down gracefully; where not, `gracefulShutdown` refuses them. */
  readonly endsHttp2: boolean;
  /** Whether `process` emits `removeListener`, so that a removed signal listener can be put back. Bun's does not. */
  readonly reportsRemovals: boolean;
  /** Whether `process` emits `exit` after an error that nobody caught. Deno's does not. */
  readonly reportsCrashes: boolean;
  /** Whether `listen(…, { thread: true })` works; where not, it is refused. */
  readonly listensInThread: boolean;
}

/** The Node that runs the tests. */
export const NODE: Runtime = {
  name: 'Node',
  program: process.execPath,
  args: [],
  countsBytes: true,
  endsHttp2: true,
  reportsRemovals: true,
  reportsCrashes: true,
  listensInThread: true,
};

/** Each with the npm package that brings it, and how it prints where it is. */
const OTHERS: readonly (readonly [name: string, npx: readonly string[], args: readonly string[]])[] = [
  ['Node 22', ['-p', 'node@22', 'node', '-p', 'process.execPath'], []],
  ['Node 24', ['-p', 'node@24', 'node', '-p', 'process.execPath'], []],
  ['Node 26', ['-p', 'node@26', 'node', '-p', 'process.execPath'], []],
  ['Bun 1', ['bun@1', '-p', 'process.execPath'], []],
  ['Deno 2', ['deno@2', 'eval', 'console.log(Deno.execPath())'], ['run', '-A']],
];

/** Downloads a runtime the first time. Its program itself, since signals must not end at npx. */
export function otherRuntimes(): readonly { readonly name: string; find(): Runtime }[] {
  return OTHERS.map(([name, npx, args]) => ({
    name,
    find: () => {
      const output = execFileSync('npx', ['-y', ...npx], { encoding: 'utf8', timeout: 300_000 });
      const program = String(output.trim().split('\n').at(-1));
      const isBun = name.startsWith('Bun');
      const reportsCrashes = !name.startsWith('Deno');
      const listensInThread = name.startsWith('Node');
      return {
        name,
        program,
        args,
        countsBytes: !isBun,
        endsHttp2: !isBun,
        reportsRemovals: !isBun,
        reportsCrashes,
        listensInThread,
      };
    },
  }));
}
