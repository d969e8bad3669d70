import { once } from 'node:events';
import { MEASURED_CORE, start } from './process.js';

/** A server under test, in a process of its own. It answers questions about itself over IPC, not over HTTP. */
export class Target {
  /** What the tables call it. */
  name;
  /** Its health URL. */
  url;
  #child;
  #nextId = 0;
  #ended = new AbortController();

  constructor(name, child, url) {
    this.name = name;
    this.#child = child;
    this.url = url;
    child.once('exit', () => this.#ended.abort(new Error(`${name} ended while it was measured`)));
  }

  /**
   * @param {{ name: string, file: string, workload?: object }} variant
   * @param {object} workload which checks it has; see servers/common/workload.js
   */
  static async start({ name, file, workload: own }, workload, nodeArgs = []) {
    const path = new URL(`../servers/${file}`, import.meta.url).pathname;
    const args = [...nodeArgs, path, JSON.stringify({ ...workload, ...own })];
    const child = start(MEASURED_CORE, process.execPath, args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    const signal = AbortSignal.timeout(30_000);
    const [{ url }] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => {
        throw new Error(`${name} ended before it listened`);
      }),
    ]);
    return new Target(name, child, url);
  }

  /** CPU time of the process so far, user and system, in microseconds. */
  cpu() {
    return this.#ask('cpu');
  }

  /** `{ started, running, most }`: how the checks ran. */
  runs() {
    return this.#ask('runs');
  }

  /** Lets the checks hang from here on, if they are of that kind. */
  hang() {
    return this.#ask('hang');
  }

  /** Bytes in use on the heap after a collection; the process needs `--expose-gc`. */
  heap() {
    return this.#ask('heap');
  }

  /** Ends it. */
  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  async #ask(question) {
    const id = this.#nextId++;
    this.#child.send({ id, question });
    for (;;) {
      const [message] = await once(this.#child, 'message', { signal: this.#ended.signal });
      if (message.id === id) return message.answer;
    }
  }
}
