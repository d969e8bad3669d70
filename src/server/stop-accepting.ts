import { fs } from '../internal/fs.ts';
import { nodePath } from '../internal/node-path.ts';
import type { GracefulServer } from './graceful-server.ts';

/** In the global registry, so that a shutdown recognises what another copy of this package has stopped. */
const STOPPED = Symbol.for('allswell.stopped');

interface Stopped {
  [STOPPED]?: boolean;
}

/** Returns true if this package stopped the server, rather than anything else. */
export function isStopped(server: GracefulServer): boolean {
  return (server as Stopped)[STOPPED] === true;
}

/** The file of a Unix socket as it was when the server began to listen. */
export interface SocketFile {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
}

/** The socket file that a server listens on; undefined for TCP, for pipes on Windows and for a file that is gone. */
export function socketFileOf(server: GracefulServer): SocketFile | undefined {
  const address = server.address();
  // Abstract sockets on Linux and pipes on Windows are not files.
  if (typeof address !== 'string' || /^(?:\0|\\\\)/.test(address)) return undefined;
  const path = nodePath().resolve(address);
  const found = fs().statSync(path, { throwIfNoEntry: false });
  return found && { path, device: found.dev, inode: found.ino };
}

/**
 * Stops accepting and leaves every connection open. `file` is the socket file as it was at first: closing a Unix socket
 * removes whatever is at its path, and a socket that the next process has put there must stay.
 */
export function stopAccepting(
  server: GracefulServer,
  file: SocketFile | undefined,
  onClosed: () => void,
): void {
  (server as Stopped)[STOPPED] = true;
  const aside = file === undefined ? undefined : keepReplacement(file);
  close(server, onClosed);
  if (file === undefined || aside === undefined) return;
  try {
    const { renameSync, rmSync } = fs();
    renameSync(aside, file.path);
    // Renaming one link of a file to another does nothing, so the link remains where closing removed nothing.
    rmSync(aside, { force: true });
  } catch {
    // The folder has become read-only meanwhile; problems with a file must not keep the process from exiting.
  }
}

/** A second link to the file that has replaced ours, so that it can be put back. */
function keepReplacement({ path, device, inode }: SocketFile): string | undefined {
  const { linkSync, statSync } = fs();
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || (found.dev === device && found.ino === inode)) return undefined;
  const aside = `${path}.${process.pid}.kept`;
  try {
    linkSync(path, aside);
    return aside;
  } catch {
    // A file system without links, or another user's file: it cannot be kept.
    return undefined;
  }
}

function close(server: GracefulServer, onClosed: () => void): void {
  // Not http's own close(), which begins with closeIdleConnections(): that destroys connections whose reply is still
  // being sent. Bun's servers are not net servers and only have their own close().
  const { Server: TcpServer } = process.getBuiltinModule('node:net');
  if (server instanceof TcpServer) TcpServer.prototype.close.call(server, onClosed);
  else (server as { close(callback: () => void): unknown }).close(onClosed);
}
