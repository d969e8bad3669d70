import { spawn } from 'node:child_process';
import { type Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';

/** How long a test waits for what should take a second: the machine may be busy. */
const patienceMs = 60_000;

const fixture = fileURLToPath(new URL('../fixtures/threaded-service.mjs', import.meta.url));

/** What the fixture is told. */
export interface Scenario {
  options?: object;
  live?: 'none' | 'check';
  ready?: 'ok' | 'down';
  timeoutMs?: number;
  unref?: boolean;
}

/** An answer, with how long it took. */
export interface Answer {
  readonly statusCode: number;
  readonly body: string;
  readonly ms: number;
}

/** The fixture as a child process. */
export interface ThreadedService {
  readonly pid: number;
  readonly port: number;
  output(): string;
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Sends a command. */
  tell(command: string): void;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<number | null>;
  ask(path: string, headers?: Record<string, string>): Promise<Answer>;
}

/** How the fixture is started. */
export interface Surroundings {
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The most files that the process may have open. */
  readonly openFiles?: number;
}

/** Starts the fixture without waiting until it listens. */
export function launch(
  scenario: Scenario,
  { flags = [], env, openFiles }: Surroundings = {},
): Omit<ThreadedService, 'port' | 'ask'> {
  const command = [process.execPath, ...flags, fixture, JSON.stringify(scenario)];
  // Both limits: Node raises the soft one to the hard one.
  const limit = openFiles === undefined ? '' : `ulimit -n ${openFiles}; `;
  const child = spawn('/bin/sh', ['-c', `${limit}exec "$@"`, 'sh', ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let text = '';
  let isOver = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) =>
    child.on('close', (code) => {
      isOver = true;
      resolve(code);
    }),
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid: child.pid as number,
    ended,
    output: () => text,
    tell: (command) => void child.stdin.write(`${command}\n`),
    signal: (signal) => void child.kill(signal),
    says: (pattern) =>
      vi.waitUntil(
        () => {
          const match = text.match(pattern);
          if (match === null && isOver) throw new Error(`It ended without saying ${pattern}, but: ${text}`);
          return match;
        },
        { timeout: patienceMs, interval: 5 },
      ) as Promise<RegExpMatchArray>,
  };
}

/** The fixture once it listens. */
export async function running(...args: Parameters<typeof launch>): Promise<ThreadedService> {
  const service = launch(...args);
  const port = Number((await service.says(/listening on (\d+)/))[1]);
  return { ...service, port, ask: (path, headers) => ask(port, path, headers) };
}

/** Asks as a prober does, over a connection of its own, or one of an agent. */
export function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  agent: Agent | false = false,
): Promise<Answer> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers, agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ statusCode: response.statusCode ?? 0, body, ms: performance.now() - from }),
      );
    }).on('error', reject);
  });
}

/** Asks every so many milliseconds until a promise settles. */
export async function askUntil(
  done: Promise<unknown>,
  everyMs: number,
  send: () => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  const timer = setInterval(() => answers.push(send()), everyMs);
  try {
    await done;
  } finally {
    clearInterval(timer);
  }
  return Promise.all(answers);
}
