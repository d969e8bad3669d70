import { Worker } from 'node:worker_threads';
import { failureMessage } from '../internal/error-text.ts';
import type { Logger } from '../internal/logger.ts';
import { cleanText } from '../internal/redact/clean-text.ts';
import { settlesWithin, systemClock } from '../internal/time.ts';
import type { FromThread, ThreadData, ToThread } from './protocol.ts';
import { WORKER_SOURCE } from './worker-source.ts';

/** The shortest time between two starts of a thread that ends by itself, in milliseconds. */
const RESTART_MS = 1000;

/** How long a closing thread may take beyond its time limit for replies, in milliseconds. */
const CLOSE_GRACE_MS = 3000;

/**
 * Memory limits of a thread that holds a few replies. The old space has room for what an inspector session reports about every
 * script of the program: while the main thread is paused, running out of memory would leave it paused.
 */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** What a {@link ListeningThread} needs from the main thread. */
export interface ThreadHost {
  readonly logger: Logger;
  /** What a thread starts with; called at each start. */
  data(): ThreadData;
  /** Takes a message that is not about the thread itself. */
  onMessage(message: FromThread, post: (answer: ToThread) => void): void;
}

/** The thread that listens: starts it, restarts it when it dies, and closes it. */
export class ListeningThread {
  readonly #host: ThreadHost;
  #worker: Worker | undefined;
  /** Where it listens; a restarted thread takes the same port. */
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
      // The program's preloads, such as an APM's, are not for this thread.
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

  /** Lets the thread finish its replies and end. Resolves when it has ended. */
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
    // If it never listened, the caller gets the error.
    if (this.#hasListened) this.#startAgain(reason);
  }

  /** Starts another thread, not sooner than {@link RESTART_MS} after the last start. */
  #startAgain(reason: string): void {
    if (this.#closing !== undefined) return;
    this.#host.logger.error({ reason }, `The health thread ended (${reason}); restarting it`);
    const waitMs = Math.max(0, this.#startedAt + RESTART_MS - systemClock.now());
    const ignore = () => undefined;
    this.#restart = setTimeout(() => {
      if (this.#closing !== undefined) return;
      try {
        // If it fails to start, its exit leads here again.
        this.#start(ignore, ignore);
      } catch (thrown) {
        // No thread was created, so no exit will follow.
        this.#startAgain(failureMessage(thrown));
      }
    }, waitMs);
    if (!this.#isRef) this.#restart.unref();
  }
}
