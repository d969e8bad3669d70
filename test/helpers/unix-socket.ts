import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A path for a socket, in a folder of its own. */
export function freshSocketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'health.sock');
}

/** Asks for `/livez` over a socket. @returns the status code, or the code of the error that the client met */
export function askSocket(socketPath: string): Promise<number | string> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path: '/livez', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode as number);
    });
    request.on('error', (thrown: NodeJS.ErrnoException) => resolve(thrown.code as string));
  });
}
