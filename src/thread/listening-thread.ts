import { Worker } from 'node:worker_threads';
import { failureMessage } from '../internal/error-text.ts';
import type { Logger } from '../internal/logger.ts';
import { cleanText } from '../internal/redact/clean-text.ts';
import { settlesWithin, systemClock } from '../internal/time.ts';
import type { FromThread, ThreadData, ToThread } from './protocol.ts';
import { WORKER_SOURCE } from './worker-source.ts';

/** A thread that ends by itself is started again, at most this often. In milliseconds. */
const RESTART_MS = 1000;

/** How long a thread that was asked to close may take beyond its time limit for replies, in milliseconds. */
const CLOSE_GRACE_MS = 3000;

/**
 * Limits of a thread that holds a few replies. The old space has room for what an inspector session says about every script
 * of the program: running out of it while the main thread is paused would be the worst moment.
 */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** What a {@link ListeningThread} needs of the main thread. */
export interface ThreadHost {
  readonly logger: Logger;
  /** What a thread starts with; asked for at each start. */
  data(): ThreadData;
  /** Takes a message that is not about the thread itself. */
  onMessage(message: FromThread, post: (answer: ToThread) => void): void;
}

/** The thread that listens: started, started again when it dies, and closed. */
export class ListeningThread {
  readonly #host: ThreadHost;
  #worker: Worker | undefined;
  /** Where it listens; a thread that is started again takes the same port. */
  #port: number | undefined;
  #hasListened = false;
  #isRef = true;
  #startedAt = 0;
  #restart: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(host: ThreadHost) {
    this.#host = host;
  }

  /** Resolves with the port, 0 on a Unix socket; rejects if it cannot listen there, or threads are not allowed. */
  start(): Promise<number> {
    return new Promise((resolve, reject) => this.#start(resolve, reject));
  }

  #start(onListening: (port: number) => void, onFailure: (thrown: Error) => void): void {
    this.#startedAt = systemClock.now();
    const data = this.#host.data();
    const { place } = data;
    const isPort = this.#port !== undefined && place.socketPath === undefined;
    const same = isPort ? { ...place, port: this.#port as number } : place;
    const worker = new Worker(WORKER_SOURCE, {
      eval: true,
      name: 'allswell',
      // Preloads of the program, such as of an APM, are not for this thread.
      execArgv: [],
      env: {},
      workerData: { ...data, place: same },
      resourceLimits: RESOURCE_LIMITS,
    });
    this.#worker = worker;
    if (!this.#isRef) worker.unref();
    const post = (answer: ToThread) => worker.postMessage(answer);
    let reason = 'it ended';
    worker.on('message', (message: FromThread) => {
      if (message.type === 'listening') {
        this.#port = message.port;
        this.#hasListened = true;
        onListening(message.port);
      } else if (message.type === 'failed') {
        reason = message.message;
        onFailure(Object.assign(new Error(reason), { code: message.code }));
      } else if (message.type === 'log')
        this.#host.logger[message.level]({ reason: cleanText(message.reason) }, message.message);
      else this.#host.onMessage(message, post);
    });
    worker.on('error', (thrown) => {
      reason = failureMessage(thrown);
    });
    worker.once('exit', () => {
      onFailure(new Error(reason));
      this.#onExit(worker, reason);
    });
  }

  post(message: ToThread): void {
    this.#worker?.postMessage(message);
  }

  ref(): void {
    this.#isRef = true;
    this.#worker?.ref();
    this.#restart?.ref();
  }

  unref(): void {
    this.#isRef = false;
    this.#worker?.unref();
    this.#restart?.unref();
  }

  /** Lets the thread finish its replies and end. Resolves when it has. */
  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ type: 'close' } satisfies ToThread);
    if (!(await settlesWithin(systemClock, timeoutMs + CLOSE_GRACE_MS, exited))) await worker.terminate();
  }

  #onExit(worker: Worker, reason: string): void {
    if (this.#worker === worker) this.#worker = undefined;
    // One that never listened is the caller's business.
    if (this.#hasListened) this.#startAgain(reason);
  }

  /** Starts another thread, at most once in so many milliseconds. */
  #startAgain(reason: string): void {
    if (this.#closing !== undefined) return;
    this.#host.logger.error({ reason }, `The health thread ended (${reason}) and is started again`);
    const waitMs = Math.max(0, this.#startedAt + RESTART_MS - systemClock.now());
    const ignore = () => undefined;
    this.#restart = setTimeout(() => {
      if (this.#closing !== undefined) return;
      try {
        // Where it does not come up, its exit brings us here again.
        this.#start(ignore, ignore);
      } catch (thrown) {
        // There is no thread to exit: the system gave none.
        this.#startAgain(failureMessage(thrown));
      }
    }, waitMs);
    if (!this.#isRef) this.#restart.unref();
  }
}
