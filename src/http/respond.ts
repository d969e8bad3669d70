import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HealthController } from '../core/controller.ts';
import type { Report } from '../core/report.ts';
import { failureMessage } from '../core/result.ts';
import { detail } from '../formats/detail.ts';
import { summary } from '../formats/summary.ts';
import { type HttpOptions, type HttpSettings, httpSettings, type MetricsSource } from './options.ts';
import { METHOD_NOT_ALLOWED, plainReply, replyOf, send } from './reply.ts';
import { type Route, Routes } from './routes.ts';

/**
 * Answers what is ours and says no to the rest: the one place where requests become replies, whatever the
 * server they came through.
 */
export class Responder {
  readonly #health: HealthController;
  readonly #settings: HttpSettings;
  readonly #routes: Routes;

  /** @throws ConfigError with every fault in controller and options */
  constructor(health: HealthController, options?: HttpOptions) {
    this.#settings = httpSettings(health, options);
    this.#health = health;
    this.#routes = new Routes(health, this.#settings);
  }

  /**
   * Answers a request whose path is ours, now or as soon as its checks have run. False: it is not ours, and
   * nothing was touched.
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
      // A browser asks whether it may; that is the application's to say.
      if (request.headers['access-control-request-method'] !== undefined) return false;
    }
    this.#answer(route, target, request, response);
    return true;
  }

  #answer(route: Route, target: string, request: IncomingMessage, response: ServerResponse): void {
    const { group } = route;
    if (group === undefined) {
      // Without a source of metrics there is no such route.
      void this.#scrape(this.#settings.metrics as MetricsSource, response);
      return;
    }
    if (isVerbose(target) && this.#showsDetails(request)) {
      this.#health.collect(group, (report) => this.#sendDetail(report, response));
      return;
    }
    const { reply } = route;
    if (reply !== undefined && reply.report === this.#health.current(group)) send(reply, response);
    else this.#health.collect(group, (report) => this.#sendSummary(report, route, response));
  }

  #sendSummary(report: Report, route: Route, response: ServerResponse): void {
    if (route.reply?.report !== report)
      route.reply = replyOf(report, summary, false, this.#settings.degradedStatusCode);
    send(route.reply, response);
  }

  #sendDetail(report: Report, response: ServerResponse): void {
    send(replyOf(report, detail, true, this.#settings.degradedStatusCode), response);
  }

  #showsDetails(request: IncomingMessage): boolean {
    const { details } = this.#settings;
    if (typeof details !== 'function') return details === 'always';
    try {
      return details(request) === true;
    } catch (thrown) {
      this.#health.logger.warn(
        { reason: failureMessage(thrown) },
        'The `details` policy threw, so details stay hidden',
      );
      return false;
    }
  }

  async #scrape(source: MetricsSource, response: ServerResponse): Promise<void> {
    try {
      const text = await source.metrics();
      send(plainReply(200, source.contentType, text), response);
    } catch (thrown) {
      this.#health.logger.error(
        { reason: failureMessage(thrown) },
        'Metrics could not be rendered; the scrape is answered 503',
      );
      send(
        plainReply(503, 'text/plain; charset=utf-8', 'metrics could not be rendered, the log says why\n'),
        response,
      );
    }
  }
}

const VERBOSE = /[?&]verbose(?:=(?!(?:0|false)(?:&|$))[^&]*)?(?:&|$)/;

/** Whether the query asks for details: `?verbose`, unless it is `0` or `false`. */
function isVerbose(target: string): boolean {
  return target.includes('?') && VERBOSE.test(target);
}
