import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Format, GroupState, RenderContext } from '../formats/format.ts';
import { ALL_GROUP } from '../health/group.ts';
import type { Report } from '../health/report.ts';
import { type Engine, engineOf, type HealthSource } from '../health/source.ts';
import { failureMessage } from '../internal/error-text.ts';
import { LimitedLog } from '../internal/logger.ts';
import { DetailsGuard } from './details-policy.ts';
import { KeptReplies } from './kept-replies.ts';
import { acceptOf, formatAsked, negotiate } from './negotiate.ts';
import { type HttpOptions, type HttpSettings, httpSettings, type MetricsSource } from './options.ts';
import { probeRequestOf } from './probe-request.ts';
import { METHOD_NOT_ALLOWED, plainReply, replyOf, send } from './reply.ts';
import { type Route, Routes } from './routes.ts';

/**
 * Handles health requests and declines all others: the one place where requests become replies, whatever the server they
 * came through.
 */
export class Responder {
  readonly #health: HealthSource;
  readonly #engine: Engine;
  readonly #settings: HttpSettings;
  readonly #routes: Routes;
  readonly #details: DetailsGuard;
  readonly #replies: KeptReplies;
  readonly #metricsLog: LimitedLog;

  /** @throws ConfigError with every issue in controller and options */
  constructor(health: HealthSource, options?: HttpOptions) {
    this.#settings = httpSettings(health, options);
    this.#health = health;
    this.#engine = engineOf(health);
    this.#routes = new Routes(health, this.#settings);
    this.#details = new DetailsGuard(this.#settings.details, this.#engine);
    this.#replies = new KeptReplies(this.#settings.degradedStatusCode);
    this.#metricsLog = new LimitedLog(() => this.#engine.clock.now());
  }

  /**
   * Answers a request whose path is ours, now or as soon as its checks have run. Returns false if it is not ours, and
   * then nothing was touched.
   *
   * @param target what the prober sent, which frameworks that rewrite `url` keep in `originalUrl`
   */
  handle(target: string, request: IncomingMessage, response: ServerResponse): boolean {
    const route = this.#routes.find(target);
    if (route === undefined) return false;
    const { method } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      if (method !== 'OPTIONS') {
        send(METHOD_NOT_ALLOWED, response);
        return true;
      }
      // A browser asks whether it may; that is the application's to answer.
      if (request.headers['access-control-request-method'] !== undefined) return false;
    }
    this.#answer(route, target, request, response);
    return true;
  }

  #answer({ group }: Route, target: string, request: IncomingMessage, response: ServerResponse): void {
    if (group === undefined) {
      // Without a source of metrics there is no such route.
      void this.#scrape(this.#settings.metrics as MetricsSource, response);
      return;
    }
    const hasQuery = target.includes('?');
    const format = (hasQuery && formatAsked(target)) || negotiate(acceptOf(request.rawHeaders));
    if (format.isPage || (hasQuery && VERBOSE.test(target))) {
      const shows = this.#details.shows(() => probeRequestOf(request, target));
      if (shows === true) this.#sendWithDetails(group, format, response);
      else if (shows === false) this.#sendOutline(group, format, response);
      else
        void shows.then((is) =>
          is ? this.#sendWithDetails(group, format, response) : this.#sendOutline(group, format, response),
        );
      return;
    }
    this.#sendOutline(group, format, response);
  }

  /** Names and statuses only: the hot path. */
  #sendOutline(group: string, format: Format, response: ServerResponse): void {
    const report = this.#engine.look(group);
    if (report instanceof Promise) void report.then((late) => send(this.#replies.of(late, format), response));
    else send(this.#replies.of(report, format), response);
  }

  #sendWithDetails(group: string, format: Format, response: ServerResponse): void {
    // A page shows all groups. Running every check once is enough; asking for each group would run some again.
    const report = this.#engine.look(format.isPage ? ALL_GROUP : group);
    const reply = (ready: Report) => {
      const shown = format.isPage ? this.#health.lastReport(group) : ready;
      const context = this.#contextOf(format);
      send(replyOf(shown, format, this.#settings.degradedStatusCode, context), response);
    };
    if (report instanceof Promise) void report.then(reply);
    else reply(report);
  }

  #contextOf(format: Format): RenderContext {
    const groups: readonly GroupState[] = format.isPage
      ? this.#health.groups.map((each) => this.#health.lastReport(each))
      : [];
    return {
      nowMs: this.#engine.clock.epochMs(),
      uptimeSeconds: process.uptime(),
      path: this.#settings.path,
      groups,
      history: (check) => this.#health.history(check),
    };
  }

  async #scrape(source: MetricsSource, response: ServerResponse): Promise<void> {
    try {
      const text = await source.metrics();
      send(plainReply(200, source.contentType, text), response);
    } catch (thrown) {
      const reason = failureMessage(thrown, 'the metrics source');
      this.#metricsLog.write((more) =>
        this.#engine.logger.error(
          { reason },
          `Metrics could not be rendered; the scrape is answered 503${more}`,
        ),
      );
      send(
        plainReply(503, 'text/plain; charset=utf-8', 'metrics could not be rendered, the log says why\n'),
        response,
      );
    }
  }
}

/** True if the query asks for details: `?verbose`, unless it is `0` or `false`. */
const VERBOSE = /[?&]verbose(?:=(?!(?:0|false)(?:&|$))[^&]*)?(?:&|$)/;
