import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { fileURLToPath } from 'node:url';
import { type Child, start } from './processes.ts';
import type { Runtime } from './runtimes.ts';

/** A program of `test/fixtures/shutdown` as a child process. */
export interface Service extends Child {
  /** Waits until a server of that name listens. @returns its port */
  port(name: string): Promise<number>;
  /** Checks how it ended; the message of a failure is its whole output. */
  exited(): Promise<string>;
}

/** Starts a program of `test/fixtures/shutdown` with its scenario. */
export function startService({ program, args }: Runtime, name: string, scenario: object = {}): Service {
  const file = fileURLToPath(new URL(`../fixtures/shutdown/${name}.mjs`, import.meta.url));
  const child = start(program, [...args, file, JSON.stringify(scenario)]);
  return {
    ...child,
    port: async (server) => Number((await child.says(new RegExp(`${server} on (\\d+)`)))[1]),
    exited: async () => {
      const { code, signal } = await child.ended;
      return `${signal ?? code}`;
    },
  };
}

/** A request that the service has received. Its answer is wrapped, so that nobody waits for it by chance. */
export interface Asked {
  /** The body, or the code of the error that the client met. */
  readonly answer: Promise<string>;
}

/** Asks over HTTP, or HTTPS without a look at the certificate, on a connection of its own. */
export function ask(url: string): Asked {
  return { answer: url.startsWith('https') ? askSecurely(url) : askPlainly(url) };
}

async function askPlainly(url: string): Promise<string> {
  try {
    const response = await fetch(url, { headers: { connection: 'close' } });
    return await response.text();
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return cause?.code ?? message;
  }
}

async function askSecurely(url: string): Promise<string> {
  const outgoing = httpsRequest(url, { rejectUnauthorized: false, agent: false });
  outgoing.end();
  try {
    const [reply] = await once(outgoing, 'response');
    let text = '';
    for await (const chunk of reply.setEncoding('utf8')) text += chunk;
    return text;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
