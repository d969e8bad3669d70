/**
 * The helper process behind `local-database.ts`. It owns the PostgreSQL cluster and outlives the process that asked for
 * it just long enough to clean up: when the IPC channel closes, for whatever reason, it stops PostgreSQL, removes the
 * folder and exits. No signal ends it before that.
 */

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { Cluster, type HaltMode } from './local-database-cluster.ts';

/** What the parent asks for. Answered one after the other, in the order they arrive. */
export type Request = { id: number } & (
  | { command: 'create'; port: number | undefined; maxConnections: number }
  | { command: 'start' }
  | { command: 'halt'; mode: HaltMode }
);

/** The answer to the request with the same id: its result, or why it failed. */
export type Reply =
  | { id: number; error: string }
  | { id: number; port: number; pid: number; password: string };

const folder = process.argv[2];
if (folder === undefined)
  throw new Error('Expected the folder of the cluster as the first argument, got none');
const cluster = new Cluster(folder);
const state = { port: 0, pid: 0, maxConnections: 0 };

/**
 * A free port below the ephemeral range, so that no other program gets it by chance while PostgreSQL is halted and has to
 * come back on it.
 */
async function freePort(): Promise<number> {
  const port = randomInt(15_000, 30_000);
  const free = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
  return free ? port : freePort();
}

async function create(wanted: number | undefined, maxConnections: number): Promise<void> {
  state.maxConnections = maxConnections;
  await cluster.create();
  state.port = wanted ?? (await freePort());
  if (process.connected) state.pid = await cluster.start(state.port, maxConnections);
}

async function execute(request: Request): Promise<void> {
  if (request.command === 'create') return create(request.port, request.maxConnections);
  if (request.command === 'halt') return cluster.halt(request.mode);
  state.pid = await cluster.start(state.port, state.maxConnections);
}

async function answer(request: Request): Promise<void> {
  const reply: Reply = await execute(request).then(
    () => ({ id: request.id, port: state.port, pid: state.pid, password: cluster.password }),
    (error) => ({ id: request.id, error: error instanceof Error ? error.message : String(error) }),
  );
  // The callback swallows the error if the parent is gone by now.
  if (process.connected) process.send?.(reply, () => {});
}

let work: Promise<void> = Promise.resolve();
let leaving = false;

function leave(exitCode: number): void {
  if (leaving) return;
  leaving = true;
  // After the work under way, so that nothing starts during or after the clean-up.
  work = work.then(() => cluster.remove()).finally(() => process.exit(exitCode));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('uncaughtException', () => leave(1));
process.on('message', (request: Request) => {
  if (!leaving) work = work.then(() => answer(request));
});
process.on('disconnect', () => leave(0));
// The parent may be gone already.
if (!process.connected) leave(0);
