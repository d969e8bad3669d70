import { execFile } from 'node:child_process';
import { type LookupAddress, lookup as lookupHere } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** What the helper process runs: the system's own resolution, with the result as JSON. */
const PROGRAM = `
  require('node:dns').lookup(process.argv.at(-1), { all: true, order: 'verbatim' }, (error, addresses) =>
    console.log(JSON.stringify(error ? { code: error.code, message: error.message } : { addresses })));
`;

interface Answer {
  readonly addresses?: readonly LookupAddress[];
  readonly code?: string | undefined;
  readonly message?: string;
}

/**
 * Resolves a host name as `dns.lookup` does, in a helper process that is killed when the signal is aborted. In this
 * process a lookup would run on a thread that cannot be stopped and that delays the exit: by 10 s, whatever the timeout,
 * if the name server does not answer.
 */
export function abortableLookup(signal: AbortSignal): LookupFunction {
  return (hostname, options, callback) => {
    // The hosts file resolves it, which takes no time.
    if (hostname === 'localhost') {
      lookupHere(hostname, options, callback);
      return;
    }
    const command = ['--eval', PROGRAM, hostname];
    execFile(process.execPath, command, { signal, killSignal: 'SIGKILL' }, (failure, output) => {
      const answer: Answer = failure === null ? JSON.parse(output) : { message: failure.message };
      const [first, ...more] = answer.addresses ?? [];
      if (first === undefined) callback(Object.assign(new Error(answer.message), { code: answer.code }), '');
      else if (options.all) callback(null, [first, ...more]);
      else callback(null, first.address, first.family);
    });
  };
}
