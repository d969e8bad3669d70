import type { Engine } from '../health/source.ts';
import { describe } from '../internal/describe.ts';
import { failureMessage } from '../internal/error-text.ts';
import { LimitedLog } from '../internal/logger.ts';
import { deferred } from '../internal/promises.ts';
import { isContentType, type MetricsSource } from './options.ts';
import { plainReply, type Reply } from './reply.ts';

const failedScrape = (): Reply =>
  plainReply(503, 'text/plain; charset=utf-8', 'metrics could not be rendered; see the log\n');

/** The pause after a rendering: this multiple of its duration, but no longer than the maximum. */
const PAUSE = 10;
const LONGEST_PAUSE_MS = 100;

/** Answers scrapes: one rendering at a time, and one body for all scrapes that arrive while it is rendered. */
export class Scrapes {
  readonly #source: MetricsSource;
  readonly #timeoutMs: number;
  readonly #engine: Engine;
  readonly #log: LimitedLog;
  #current: Promise<Reply> | undefined;
  /** When the next rendering may begin. */
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(source: MetricsSource, timeoutMs: number, engine: Engine) {
    this.#source = source;
    this.#timeoutMs = timeoutMs;
    this.#engine = engine;
    this.#log = new LimitedLog(() => engine.clock.now());
  }

  /** The answer to a scrape: 200 with the metrics, or 503 where they fail or take too long. Never rejects. */
  answer(): Promise<Reply> {
    if (this.#current !== undefined) return this.#current;
    const rendering = this.#answer();
    this.#current = rendering;
    // A rendering that hangs is abandoned at its timeout, and the next scrape tries again.
    void rendering.then(() => {
      this.#current = undefined;
    });
    return rendering;
  }

  async #answer(): Promise<Reply> {
    try {
      await this.#gather();
      const begun = performance.now();
      const text: unknown = await this.#render();
      const ended = performance.now();
      this.#notBefore = ended + Math.min(PAUSE * (ended - begun), LONGEST_PAUSE_MS);
      const { contentType } = this.#source;
      if (typeof text !== 'string')
        throw new TypeError(`the metrics source did not return a string, but ${describe(text)}`);
      if (!isContentType(contentType))
        throw new TypeError(
          `the \`contentType\` of the metrics source is no longer one, but ${describe(contentType)}`,
        );
      return plainReply(200, contentType, text);
    } catch (thrown) {
      const reason = failureMessage(thrown, 'the metrics source');
      this.#log.write((more) =>
        this.#engine.logger.error(
          { reason },
          `Metrics could not be rendered; answering the scrape with 503${more}`,
        ),
      );
      return failedScrape();
    }
  }

  /**
   * Waits for the scrapes that will share the rendering. Requests that have already arrived are read first, on any connection:
   * a synchronous rendering would be over before the next request is read. After a rendering there is a pause, in real time, so
   * that scrapes leave most of the CPU to others, however many there are.
   */
  #gather(): Promise<unknown> {
    const pauseMs = this.#notBefore - performance.now();
    return new Promise((resolve) => (pauseMs > 0 ? setTimeout(resolve, pauseMs) : setImmediate(resolve)));
  }

  async #render(): Promise<unknown> {
    const { clock } = this.#engine;
    const { promise: timeUp, resolve } = deferred<Promise<never>>();
    const giveUp = () =>
      resolve(Promise.reject(new Error(`no metrics within ${this.#timeoutMs} ms (\`metricsTimeoutMs\`)`)));
    const timer = clock.setTimeout(giveUp, this.#timeoutMs);
    // Metrics that hang must not keep the process alive.
    timer.unref?.();
    try {
      return await Promise.race([this.#source.metrics(), timeUp]);
    } finally {
      clock.clearTimeout(timer);
    }
  }
}
