import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';

/** How long a test waits for what should take a second: the machine may be busy. */
export const patienceMs = 60_000;

/** A child process with all that it said so far. */
export interface Child {
  pid: number;
  /** Standard output and standard error, as they came. */
  output(): string;
  /** Resolves with the exit code and the signal when it is gone and its output complete. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** Waits until the output matches; fails when it ends without. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
}

/** Starts a program for the running test, which does not outlive it. Its environment is ours unless `options` has another. */
export function start(program: string, args: string[], options: SpawnOptions = {}): Child {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let over = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      over = true;
      resolve({ code, signal });
    });
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`Could not start ${program}`);
  // With its children where it leads a process group: npm's node would outlive npm.
  onTestFinished(() => {
    if (!over) process.kill(options.detached ? -pid : pid, 'SIGKILL');
  });
  return {
    pid,
    output: () => text,
    ended,
    kill: (signal) => void child.kill(signal),
    says: (pattern) =>
      vi.waitUntil(
        () => {
          const match = text.match(pattern);
          if (!match && over) throw new Error(`It ended without saying ${pattern}, but: ${text}`);
          return match;
        },
        { timeout: patienceMs, interval: 10 },
      ),
  };
}

/** Sends a signal every now and then until the child says what it should. */
export async function signalUntil(child: Child, signal: NodeJS.Signals, pattern: RegExp): Promise<void> {
  await vi.waitUntil(
    () => {
      if (!pattern.test(child.output())) child.kill(signal);
      return pattern.test(child.output());
    },
    { timeout: patienceMs, interval: 100 },
  );
}

/** Where a program is, if this machine has it. Debian keeps daemons where only root looks. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** A port of 127.0.0.1 that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Process id and command line of every process on the machine. */
async function processes(): Promise<{ pid: number; command: string }[]> {
  if (!existsSync('/proc/self/cmdline')) {
    const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,args=']);
    return stdout.split('\n').map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => ({
      pid: Number(pid),
      command: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    })),
  );
}

/** The processes whose command line holds each of these texts, such as the folder of a cluster. */
export async function processesNaming(...texts: string[]): Promise<number[]> {
  const all = await processes();
  return all.filter(({ command }) => texts.every((text) => command.includes(text))).map(({ pid }) => pid);
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * A folder to be the TMPDIR of the running test, removed after it. Everybody may enter it: as root, PostgreSQL runs as
 * somebody else.
 */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'allswell-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  return folder;
}

/** What there is of local databases whose programs had this TMPDIR: names of folders, ids of processes. */
export async function leftovers(temporary: string): Promise<(string | number)[]> {
  const folders = (await readdir(temporary)).filter((name) => name.startsWith('allswell-database-'));
  return [...folders, ...(await processesNaming(`${temporary}/allswell-database-`))];
}

/** Waits until local databases with this TMPDIR have left neither a folder nor a process. */
export async function untilNothingIsLeft(temporary: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const left = await leftovers(temporary);
      if (left.length > 0) throw new Error(`Expected nothing to be left in ${temporary}, found ${left}`);
    },
    { timeout: patienceMs, interval: 20 },
  );
}
