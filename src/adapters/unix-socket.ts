import type { Stats } from 'node:fs';
import type { Server } from 'node:http';
import { fs } from '../internal/fs.ts';
import { nodePath } from '../internal/node-path.ts';

/**
 * Listens on a Unix socket.
 *
 * On close, Node removes the file of a socket by name, even if another process has put its own there meanwhile. So the socket
 * is created under a temporary name and then renamed, which also replaces in one step what a killed process left.
 *
 * @returns a function that removes the file if it still belongs to this server
 * @throws (as a rejection) Error with the code `EADDRINUSE` if a process listens there, or there is something other than a socket
 */
export async function listenOnPath(server: Server, path: string): Promise<() => void> {
  if (process.platform === 'win32' || isClusterWorker()) return listenOnShared(server, path);
  await expectFree(path);
  // Absolute: the process may change its directory before it closes.
  const file = nodePath().resolve(path);
  const made = temporaryName(path);
  await listening(server, made);
  const ours = fs().lstatSync(made);
  fs().renameSync(made, path);
  return () => {
    const now = fileAt(file);
    if (now !== undefined && now.ino === ours.ino && now.dev === ours.dev) fs().unlinkSync(file);
  };
}

/** What every system takes as the path of a socket, in bytes: macOS takes 103, Linux 107. */
const LONGEST_PATH = 103;

/** A hidden name in the same folder, shortened where the path would otherwise be too long for a socket. */
function temporaryName(path: string): string {
  const { dirname, join } = nodePath();
  const folder = dirname(path);
  const room = LONGEST_PATH - Buffer.byteLength(join(folder, '.x')) + 1;
  const random = Math.random().toString(36).slice(2, 10);
  return join(folder, `.${random.slice(0, Math.max(1, room))}`);
}

/**
 * A named pipe on Windows has no file, and the workers of a cluster share one socket, which the primary process creates and
 * removes: it is fine if another worker listens there.
 */
async function listenOnShared(server: Server, path: string): Promise<() => void> {
  try {
    await listening(server, path);
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'EADDRINUSE') throw thrown;
    await expectFree(path);
    fs().unlinkSync(path);
    await listening(server, path);
  }
  return () => undefined;
}

async function expectFree(path: string): Promise<void> {
  const file = fileAt(path);
  if (file === undefined) return;
  if (!file.isSocket()) throw inUse(`${path} exists and is not a socket`);
  if (await isAnswering(path)) throw inUse(`a process listens on ${path}`);
}

function isClusterWorker(): boolean {
  // The types describe what an `import` gives.
  const cluster = process.getBuiltinModule('node:cluster') as unknown as { isWorker?: boolean };
  return cluster.isWorker === true;
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function fileAt(path: string): Stats | undefined {
  return fs().lstatSync(path, { throwIfNoEntry: false });
}

function isAnswering(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = process.getBuiltinModule('node:net').connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function inUse(message: string): Error {
  return Object.assign(new Error(message), { code: 'EADDRINUSE' });
}
