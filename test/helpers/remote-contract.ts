import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { Mounted, Place, Scene } from '../http/contract.ts';
import type { Runtime } from './runtimes.ts';
import { type ContractServer, clientOf, traitsOf } from './worlds.ts';

const program = fileURLToPath(new URL('../fixtures/contract-service.mjs', import.meta.url));

/** One process of another runtime that opens servers of the contract, for the tests of one suite. */
export class RemoteContract {
  #child: ChildProcessWithoutNullStreams | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #stderr = '';
  #over: Error | undefined;
  #calls = 0;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  /** @param runtime started before the tests of the current suite, ended after them */
  constructor(runtime: Runtime) {
    beforeAll(() => this.#start(runtime));
    afterAll(async () => {
      this.#child?.stdin.end();
      await this.#ended;
    });
  }

  /** What runs it, and its version. */
  async runtime(): Promise<string> {
    return String(await this.#call('runtime', {}));
  }

  /** The place where the contract is verified: one of the servers. */
  place(server: ContractServer): Place {
    return { ...traitsOf(server), mount: (scene) => this.mount(server, scene) };
  }

  async mount(server: ContractServer, scene: Scene): Promise<Mounted & { port: number }> {
    const opened = await this.#call('open', { server: server.name, scene });
    const { port, handle } = opened as { port: number; handle: number };
    onTestFinished(async () => void (await this.#call('close', { handle })));
    return {
      port,
      ask: clientOf(server, port),
      drain: async () => void (await this.#call('drain', { handle })),
      warnings: async () => (await this.#call('warnings', {})) as string[],
    };
  }

  #start({ program: executable, args }: Runtime): void {
    const child = spawn(executable, [...args, program], { stdio: 'pipe' });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr += chunk;
    });
    child.stdin.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      const end = (reason: string) => {
        this.#over = new Error(`${reason}: ${this.#stderr}`);
        for (const { reject } of this.#waiting.values()) reject(this.#over);
        resolve(undefined);
      };
      child.on('error', (error) => end(error.message));
      child.on('close', (code) => end(`It ended with ${code}`));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { id, value, error } = JSON.parse(line);
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(error));
    });
  }

  #call(command: string, parameters: object): Promise<unknown> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      const id = this.#calls++;
      this.#waiting.set(id, { resolve, reject });
      this.#child?.stdin.write(`${JSON.stringify({ id, command, ...parameters })}\n`);
    });
  }
}
