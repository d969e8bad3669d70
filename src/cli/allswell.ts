#!/usr/bin/env node
/** The command line: `npx allswell probe http://127.0.0.1:4000/api/v1/health/live`. */
import { clip, printable } from './printable.ts';
import { MAX_OUTPUT_BYTES, probe } from './probe.ts';
import { PROBE_USAGE, readProbeArguments } from './probe-arguments.ts';

/** Prints and exits. Wrong usage is 1 too: 2 is reserved in a Docker HEALTHCHECK. */
function end(code: 0 | 1, text: string): void {
  const stream = code === 0 ? process.stdout : process.stderr;
  const exit = (): void => process.exit(code);
  // A reader that has gone must not change the exit code.
  stream.on('error', exit);
  stream.write(`${clip(printable(text), MAX_OUTPUT_BYTES - 1)}\n`, exit);
}

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command === '--help' || command === '-h') return end(0, PROBE_USAGE);
  if (command !== 'probe') {
    const found = command === undefined ? 'none' : `'${command.slice(0, 200)}'`;
    return end(1, `Expected a command, one of: probe; got ${found}\n\n${PROBE_USAGE}`);
  }
  const read = readProbeArguments(args);
  if (read.kind === 'help') return end(0, PROBE_USAGE);
  if (read.kind === 'wrong') return end(1, `${read.issues.join('\n')}\n\n${PROBE_USAGE}`);
  const { isHealthy, text } = await probe(read.arguments);
  end(isHealthy ? 0 : 1, text);
}

await main(process.argv.slice(2));
