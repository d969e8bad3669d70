/** Servers of other kinds than PostgreSQL, from the machine's packages: for the tests of one file, on free ports. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, describe as suite, test, vi } from 'vitest';
import { findProgram, freePort, isAlive, patienceMs } from './processes.ts';

/** The Debian packages of the programs. */
const PACKAGES = { 'redis-server': 'redis-server', mariadbd: 'mariadb-server', pgbouncer: 'pgbouncer' };

type Program = keyof typeof PACKAGES;

/** Ends its server when our end of its standard input closes, so that no server outlives the tests, however they end. */
const KEEPER = '"$@" & child=$!; echo "pid:$child"; read -r _ || true; kill -9 $child';

/** A server of one test file. */
export interface TestServer {
  readonly port: number;
  /** Stops it with SIGSTOP, and waits a moment until it stands still: it keeps its sockets and answers nothing. */
  freeze(): Promise<void>;
  thaw(): void;
}

interface Account {
  uid?: number;
  gid?: number;
}

/** A suite that needs a program: where it is missing, a failure in CI and a warning elsewhere. */
export function suiteWith(program: Program, name: string, body: () => void): void {
  const isMissing = findProgram(program) === undefined;
  const advice = `install it (Debian: apt-get install ${PACKAGES[program]})`;
  if (isMissing && process.env.CI) test(`there is ${program} in CI`, () => expect.fail(advice));
  else if (isMissing) console.warn(`SKIPPED: ${name}: no ${program} found; ${advice}`);
  suite.skipIf(isMissing)(name, body);
}

/** Programs that refuse to run as root run as nobody. */
function unprivileged(): Account {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'nobody'])));
  return { uid, gid } as Account;
}

function folderFor({ uid, gid }: Account): string {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-server-'));
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  chmodSync(folder, 0o700);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start(
  program: Program,
  port: number,
  account: Account,
  folder: string,
  args: string[],
): Promise<TestServer> {
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', findProgram(program) as string, ...args], {
    ...account,
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C', HOME: folder },
  });
  const output = read(keeper);
  afterAll(async () => {
    keeper.stdin.end();
    await vi.waitUntil(() => keeper.exitCode !== null, { timeout: patienceMs });
  });
  const pid = await vi.waitUntil(() => Number(/^pid:(\d+)/m.exec(output())?.[1]), { timeout: patienceMs });
  await vi.waitUntil(
    () => {
      if (!isAlive(pid)) throw new Error(`${program} ended: ${output()}`);
      return answers(port);
    },
    { timeout: patienceMs, interval: 50 },
  );
  return {
    port,
    async freeze() {
      process.kill(pid, 'SIGSTOP');
      await sleep(100);
    },
    thaw: () => void process.kill(pid, 'SIGCONT'),
  };
}

function read(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  return () => text;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Starts a Redis; with a `master`, as its replica. Ended after the last test of the file. */
export async function startRedis(master?: TestServer): Promise<TestServer> {
  const [port, account] = [await freePort(), unprivileged()];
  const folder = folderFor(account);
  const replica = master === undefined ? [] : ['--replicaof', '127.0.0.1', String(master.port)];
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  return start('redis-server', port, account, folder, [...args, '--dir', folder, ...replica]);
}

/** Starts a MariaDB that lets everybody in. Ended after the last test of the file. */
export async function startMariadb(): Promise<TestServer> {
  const [port, account] = [await freePort(), unprivileged()];
  const folder = folderFor(account);
  return start('mariadbd', port, account, folder, [
    '--no-defaults',
    `--datadir=${folder}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(folder, 's')}`,
    `--pid-file=${join(folder, 'pid')}`,
    '--skip-grant-tables',
    '--innodb-buffer-pool-size=8M',
    '--innodb-flush-log-at-trx-commit=0',
  ]);
}

/** Starts a PgBouncer in transaction mode in front of the database of a connection string. Ended after the last test of the file. */
export async function startPgbouncer(url: string): Promise<TestServer & { readonly url: string }> {
  const [port, account] = [await freePort(), unprivileged()];
  const folder = folderFor(account);
  const { hostname, port: target, username, password, pathname } = new URL(url);
  const file = join(folder, 'pgbouncer.ini');
  const database = `host=${hostname} port=${target} user=${username} password=${password}`;
  writeFileSync(
    file,
    `[databases]
    ${pathname.slice(1)} = ${database}
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = ${port}
    unix_socket_dir =
    auth_type = any
    pool_mode = transaction
    logfile = ${join(folder, 'log')}
    `.replace(/^ +/gm, ''),
  );
  chmodSync(file, 0o644);
  const server = await start('pgbouncer', port, account, folder, [file]);
  const own = new URL(url);
  own.port = String(port);
  return { ...server, url: own.href };
}
