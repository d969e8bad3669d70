import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** Requests at a steady rate over kept-alive connections, until told to stop. */
export class Load {
  readonly #url: string;
  readonly #ratePerSecond: number;
  readonly #agent = new Agent({ keepAlive: true, timeout: 3000 });
  readonly #pending = new Set<Promise<void>>();
  readonly #startedAt = performance.now();
  #isRunning = true;
  #sent = 0;
  /** What went wrong, in words. */
  readonly failures: string[] = [];
  readonly #pacing: Promise<void>;

  constructor(url: string, ratePerSecond: number) {
    this.#url = url;
    this.#ratePerSecond = ratePerSecond;
    this.#pacing = this.#pace();
  }

  get sent(): number {
    return this.#sent;
  }

  /** Stops and waits for the last answer. @returns requests a second, on average */
  async stop(): Promise<number> {
    this.#isRunning = false;
    const seconds = (performance.now() - this.#startedAt) / 1000;
    await this.#pacing;
    await Promise.all(this.#pending);
    this.#agent.destroy();
    return this.#sent / seconds;
  }

  /** Sends what is due: a busy machine delays requests, it does not reduce them. */
  async #pace(): Promise<void> {
    while (this.#isRunning) {
      const due = ((performance.now() - this.#startedAt) / 1000) * this.#ratePerSecond;
      while (this.#sent < due) this.#send();
      await delay(10);
    }
  }

  #send(): void {
    const isPost = this.#sent++ % 4 === 0;
    const answered = new Promise<void>((resolve) => {
      const options = { agent: this.#agent, method: isPost ? 'POST' : 'GET' };
      const headers = isPost ? { 'content-type': 'application/json' } : {};
      const outgoing = request(`${this.#url}/notes`, { ...options, headers }, (reply) => {
        let text = '';
        reply.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        const ended = (reason?: string) => {
          const isFine = reason === undefined && reply.statusCode === (isPost ? 201 : 200) && isJson(text);
          if (!isFine) this.failures.push(`${reason ?? reply.statusCode}: ${text.slice(0, 200)}`);
          resolve();
        };
        reply.on('end', () => ended()).on('error', (error) => ended(error.message));
      });
      outgoing.on('error', (error) => {
        this.failures.push(error.message);
        resolve();
      });
      outgoing.end(isPost ? '{"text":"hello"}' : undefined);
    });
    this.#pending.add(answered);
    void answered.then(() => this.#pending.delete(answered));
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
