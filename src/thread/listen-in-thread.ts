import { isMainThread } from 'node:worker_threads';
import type { ThreadedSettings } from '../adapters/listen-options.ts';
import type { Place } from '../adapters/place.ts';
import { engineOf, type HealthSource } from '../health/source.ts';
import { stallsOf } from '../health/stalls.ts';
import { probeRequests } from '../http/request-reader.ts';
import { Responder } from '../http/responder.ts';
import { inSeconds } from '../internal/time.ts';
import { startHeartbeat } from './heartbeat.ts';
import { ListeningThread } from './listening-thread.ts';
import { MainAnswers } from './main-answers.ts';
import { SharedState } from './memory.ts';
import type { FromThread, ToThread } from './protocol.ts';
import { refusalOf, whyNoThread } from './refusals.ts';

/** A listener in a thread of its own. */
export interface ThreadListener {
  /** 0 on a Unix socket. */
  readonly port: number;
  ref(): void;
  unref(): void;
  /** Resolves when the last reply has left, after the controller's `timeoutMs` at the latest. */
  close(): Promise<void>;
}

/**
 * Starts the thread, and what it needs in this one.
 *
 * @throws (as a rejection) Error if no thread can be started, with what to do; the error of `listen()` if it cannot listen
 */
export async function listenInThread(
  health: HealthSource,
  place: Place,
  settings: ThreadedSettings,
): Promise<ThreadListener> {
  const refusal = refusalOf(place);
  if (refusal !== undefined) throw new Error(refusal);
  const session = new ThreadSession(health, place, settings);
  try {
    const port = await session.thread.start();
    return {
      port,
      ref: () => session.thread.ref(),
      unref: () => session.thread.unref(),
      close: () => session.close(),
    };
  } catch (thrown) {
    await session.close();
    throw whyNoThread(thrown);
  }
}

/**
 * Returns true if another thread may read the stack of this one. Where it may not, trying ends the process: Node 20 checks
 * that with an assertion. Only the main thread can be inspected.
 */
function canInspect(): boolean {
  const { permission } = process as { permission?: { has(scope: string): boolean } };
  return isMainThread && process.features.inspector && (permission?.has('inspector') ?? true);
}

/** One listening thread, from start to close. */
class ThreadSession {
  readonly thread: ListeningThread;
  readonly #health: HealthSource;
  readonly #state: SharedState = new SharedState();
  readonly #answers: MainAnswers;
  readonly #undo: readonly (() => unknown)[];
  readonly #timeoutMs: number;
  #closing: Promise<void> | undefined;

  constructor(health: HealthSource, place: Place, settings: ThreadedSettings) {
    const { logger, timeoutMs, onInvalidate } = engineOf(health);
    const { routes, degradedStatusCode, metricsTimeoutMs } = settings.http;
    const { stallMs, stackAfterMs } = settings;
    this.#health = health;
    this.#timeoutMs = timeoutMs;
    const responder = new Responder(probeRequests, health, settings.mount);
    this.#answers = new MainAnswers(health, responder, this.#state);
    this.thread = new ListeningThread({
      logger,
      onMessage: (message, post) => this.#onMessage(message, post),
      data: () => ({
        memory: this.#state.buffer,
        place,
        routes,
        degradedStatusCode,
        metricsTimeoutMs,
        stallMs,
        stackAfterMs: canInspect() ? stackAfterMs : 0,
        timeoutMs,
        live: this.#answers.live(),
      }),
    });
    const onDrain = () => this.#state.setDraining();
    if (health.isDraining) onDrain();
    health.on('drain', onDrain);
    const inspector = process.getBuiltinModule('node:inspector');
    this.#undo = [
      () => health.off('drain', onDrain),
      onInvalidate(() => this.#state.raiseVersion()),
      stallsOf(health).watch(),
      startHeartbeat(this.#state, () => {
        this.#state.setDebugged(inspector?.url() !== undefined);
        const live = this.#answers.changedLive();
        if (live !== undefined) this.thread.post({ type: 'live', kept: live });
      }),
    ];
    this.#state.setDebugged(inspector?.url() !== undefined);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.thread.close(this.#timeoutMs);
    for (const undo of this.#undo) undo();
  }

  #onMessage(message: FromThread, post: (answer: ToThread) => void): void {
    if (message.type !== 'stall') {
      this.#answers.take(message, post);
      return;
    }
    const { durationMs, stack } = message.stall;
    // Several listeners on one controller see the same stall.
    if (!stallsOf(this.#health).add(message.stall)) return;
    const where = stack === undefined ? '' : ` in ${stack}`;
    engineOf(this.#health).logger.warn(
      { durationMs, ...(stack === undefined ? {} : { stack }) },
      `The event loop was blocked for ${inSeconds(durationMs)}${where}`,
    );
  }
}
