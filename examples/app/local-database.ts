/**
 * A real PostgreSQL for one run of a program, without installing one: in a temporary folder, on 127.0.0.1, gone with
 * the process that started it, even if that is killed with SIGKILL.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HaltMode } from './local-database-cluster.ts';
import type { Reply, Request } from './local-database-process.ts';

/** How the server is to run. */
export interface LocalDatabaseOptions {
  /** The TCP port on 127.0.0.1. Default: a free one. */
  port?: number;
  /** PostgreSQL's `max_connections`: clients beyond that are refused. Default 100. */
  maxConnections?: number;
}

/** A running PostgreSQL that belongs to this process. */
export interface LocalDatabase {
  /** Connection string of the superuser, with a random password, to the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** Everything it has on disk; removed by `stop()`. */
  readonly folder: string;
  /** The cluster's own folder, `PGDATA`, inside `folder`. */
  readonly dataDir: string;
  /** Process id of the current postmaster, the parent of all backends. */
  postmasterPid(): number;
  /** Ends the server and keeps its data: `immediate` is as close as it gets to pulling the plug. */
  halt(mode: HaltMode): Promise<void>;
  /** Starts it again after `halt()`, on the same port with the same data. */
  start(): Promise<void>;
  /** Ends the server, removes the folder, and resolves when nothing is left. May be called more than once. */
  stop(): Promise<void>;
}

type Command = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;
type Success = Exclude<Reply, { error: string }>;

// Tests import the source; Node 20 runs only what the compiler made of it.
const helperFile = import.meta.url.endsWith('.ts')
  ? new URL('../../build/examples/app/local-database-process.js', import.meta.url)
  : new URL('./local-database-process.js', import.meta.url);

/** The other end of the IPC channel. Keeps this process alive only while it waits for a reply. */
class Helper {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, (reply: Reply) => void>();
  readonly #gone: Promise<string>;
  #lastId = 0;

  constructor(folder: string) {
    this.#child = fork(fileURLToPath(helperFile), [folder], {
      // A process group of its own: a terminal's Ctrl-C must not reach it.
      detached: true,
      stdio: 'ignore',
      execArgv: [],
      serialization: 'advanced',
    });
    this.#gone = once(this.#child, 'exit').then(([code, signal]) => {
      const error = `The process that runs PostgreSQL ended unexpectedly with ${signal ?? `code ${code}`}`;
      for (const [id, settle] of this.#pending) settle({ id, error });
      return error;
    });
    this.#child.on('message', (reply: Reply) => this.#pending.get(reply.id)?.(reply));
    this.#hold(false);
  }

  /** @throws Error with PostgreSQL's message if it fails */
  async request(command: Command): Promise<Success> {
    if (!this.#child.connected) throw new Error('The local database has been stopped; start a new one');
    const id = ++this.#lastId;
    this.#hold(true);
    const reply = await new Promise<Reply>((resolve) => {
      this.#pending.set(id, resolve);
      this.#child.send({ ...command, id }, (error) => {
        // The channel breaks when the helper has ended; how it ended says more than the broken channel.
        if (error) void this.#gone.then((reason) => resolve({ id, error: reason }));
      });
    });
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#hold(false);
    if ('error' in reply) throw new Error(`Local database, ${command.command}: ${reply.error}`);
    return reply;
  }

  /** Closing the channel is the only way to end the helper, on purpose or by a crash. */
  async end(): Promise<void> {
    this.#hold(true);
    if (this.#child.connected) this.#child.disconnect();
    await this.#gone;
  }

  #hold(alive: boolean): void {
    this.#child[alive ? 'ref' : 'unref']();
    this.#child.channel?.[alive ? 'ref' : 'unref']();
  }
}

/**
 * Starts a PostgreSQL of its own for this process, in about a second. Works as root too.
 * @throws Error with PostgreSQL's message if it does not start; nothing is left behind then
 */
export async function startLocalDatabase(options: LocalDatabaseOptions = {}): Promise<LocalDatabase> {
  const folder = join(tmpdir(), `allswell-database-${randomBytes(6).toString('hex')}`);
  if (!existsSync(helperFile)) {
    throw new Error(`Expected ${fileURLToPath(helperFile)}, found nothing: run \`npm run build:examples\``);
  }
  const helper = new Helper(folder);
  let current: Success;
  try {
    const { port, maxConnections = 100 } = options;
    current = await helper.request({ command: 'create', port, maxConnections });
  } catch (error) {
    await helper.end();
    throw error;
  }
  const { port, password } = current;
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    folder,
    dataDir: join(folder, 'data'),
    postmasterPid: () => current.pid,
    async halt(mode) {
      await helper.request({ command: 'halt', mode });
    },
    async start() {
      current = await helper.request({ command: 'start' });
    },
    stop: () => helper.end(),
  };
}
