import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { SHUTDOWN_DEFAULTS } from '../../src/shutdown/options.ts';

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));
/** Where the descriptions for platforms are. */
export const deployFolder: string = join(root, 'examples/deploy');

/** Whatever a parser gave; the tests say what they expect of it. */
// biome-ignore lint/suspicious/noExplicitAny: a description of a platform has no type here
export type Parsed = any;

/** The text of a file of `examples/deploy`. */
export function readDeploy(file: string): Promise<string> {
  return readFile(join(deployFolder, file), 'utf8');
}

/** The content of a YAML file of `examples/deploy`. */
export async function yaml(file: string): Promise<Parsed> {
  return parse(await readDeploy(file), { merge: true });
}

/** The number of `10s`, `512mb` and the like; fails where the unit is another. */
export function amount(text: string, unit: string): number {
  expect(text).toMatch(new RegExp(`^\\d+${unit}$`));
  return Number.parseInt(text, 10);
}

/** How long an instance may take to leave, in milliseconds: drain, requests in flight, the pool. */
export function leavingMs(drainDelayMs: number): number {
  return drainDelayMs + SHUTDOWN_DEFAULTS.timeoutMs + SHUTDOWN_DEFAULTS.hookTimeoutMs;
}
