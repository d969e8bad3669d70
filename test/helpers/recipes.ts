import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import { SHUTDOWN_DEFAULTS } from '../../src/shutdown/options.ts';
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
 * Sends SIGTERM, and asks all the time until the service stops accepting. Expects that it served on for the whole drain delay,
 * with readiness at 503, and exit code 0.
 */
export async function expectGracefulEnd(child: Child, servers: number = 1): Promise<void> {
  const url = await urlOf(child);
  await vi.waitUntil(async () => (await statusOf(`${url}/`)) === 200, { timeout: patienceMs });
  const answers: (number | string)[] = [];
  const readiness: (number | string)[] = [];
  child.kill('SIGTERM');
  const killedAt = performance.now();
  await child.says(new RegExp(`(?:shutting down[^]*){${servers}}`));
  // A connection that the kernel had taken when the service stopped accepting is reset, not refused.
  const hasStopped = () => [answers.at(-1), readiness.at(-1)].some((last) => /^ECONN/.test(String(last)));
  while (!hasStopped()) {
    answers.push(await statusOf(`${url}/`));
    readiness.push(await statusOf(`${url}/api/v1/health/ready`));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  // Less what a timer may be early.
  expect(performance.now() - killedAt, child.output()).toBeGreaterThan(SHUTDOWN_DEFAULTS.drainDelayMs - 50);
  const isServed = (status: number | string) => !/^ECONN/.test(String(status));
  expect(new Set(answers.filter(isServed)), child.output()).toEqual(new Set([200]));
  expect(new Set(readiness.filter(isServed))).toEqual(new Set([503]));
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
