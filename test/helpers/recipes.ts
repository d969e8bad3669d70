import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import { type Child, patienceMs } from './processes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Loaded before a recipe, which listens on port 4000: gives it a free port instead and prints it. */
export const portOfItsOwn: string = fileURLToPath(
  new URL('../fixtures/port-of-its-own.mjs', import.meta.url),
);

/** The program of a page in docs/frameworks: the block that is marked as run by that test. */
export async function recipe(page: string, test: string): Promise<string> {
  const text = await readFile(join(root, 'docs/frameworks', page), 'utf8');
  const [, program] =
    text.match(new RegExp(`<!-- run by test/${test}[^>]*-->\\n\`\`\`js\\n([\\s\\S]*?)\`\`\``)) ?? [];
  if (program === undefined)
    throw new Error(`Expected docs/frameworks/${page} to have a block run by test/${test}`);
  return program;
}

/** Writes a program to a file of its own, from where it finds this package and its dependencies. */
export async function programFile(program: string): Promise<string> {
  await mkdir(join(root, 'build'), { recursive: true });
  const folder = await mkdtemp(join(root, 'build/recipe-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'server.mjs');
  await writeFile(file, program);
  return file;
}

/** Where a recipe listens. */
export async function urlOf(child: Child): Promise<string> {
  const [, port] = await child.says(/listening on (\d+)/);
  return `http://127.0.0.1:${port}`;
}

/**
 * Sends the signal, and asks all the time until the service no longer listens. Expects that readiness was 503, that no request
 * was lost, and exit code 0.
 */
export async function expectGracefulEnd(child: Child, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const url = await urlOf(child);
  await vi.waitUntil(async () => (await statusOf(`${url}/`)) === 200, { timeout: patienceMs });
  const seen = new Map<number | string, number>();
  let readiness: number | string = 200;
  child.kill(signal);
  for (
    let status = await statusOf(`${url}/`);
    status !== 'ECONNREFUSED';
    status = await statusOf(`${url}/`)
  ) {
    seen.set(status, (seen.get(status) ?? 0) + 1);
    const ready = await statusOf(`${url}/api/v1/health/ready`);
    if (ready !== 'ECONNREFUSED') readiness = ready;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect([...seen.keys()], child.output()).toEqual([200]);
  expect(seen.get(200)).toBeGreaterThan(10);
  expect(readiness).toBe(503);
  expect(await child.ended, child.output()).toEqual({ code: 0, signal: null });
}

/** The status of an answer on a connection of its own, or the code of the error that the client met. */
async function statusOf(url: string): Promise<number | string> {
  try {
    const response = await fetch(url, { headers: { connection: 'close' } });
    await response.text();
    return response.status;
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return cause?.code ?? message;
  }
}
