import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Format, GroupState, RenderContext } from '../formats/format.ts';
import type { HealthController } from '../health/controller.ts';
import { ALL_GROUP } from '../health/options.ts';
import type { Report } from '../health/report.ts';
import { failureMessage } from '../internal/error-text.ts';
import { handleRejection } from '../internal/promises.ts';
import { acceptOf, formatAsked, negotiate } from './negotiate.ts';
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
    const hasQuery = target.includes('?');
    const format = (hasQuery && formatAsked(target)) || negotiate(acceptOf(request.rawHeaders));
    if ((format.isPage || (hasQuery && VERBOSE.test(target))) && this.#showsDetails(request)) {
      if (format.isPage) this.#health.collect(ALL_GROUP, () => this.#sendPage(group, format, response));
      else this.#health.collect(group, (report) => this.#sendDetails(report, format, [], response));
      return;
    }
    const reply = route.replies.get(format);
    if (reply !== undefined && reply.report === this.#health.current(group)) send(reply, response);
    else this.#health.collect(group, (report) => this.#sendOutline(report, route, format, response));
  }

  #sendOutline(report: Report, route: Route, format: Format, response: ServerResponse): void {
    let reply = route.replies.get(format);
    if (reply?.report !== report) {
      reply = replyOf(report, format, this.#settings.degradedStatusCode, undefined);
      route.replies.set(format, reply);
    }
    send(reply, response);
  }

  /** A page shows all groups. Each check has just run, if it had to; asking for every group would run some again. */
  #sendPage(group: string, format: Format, response: ServerResponse): void {
    const groups = this.#health.groups.map((each) => this.#health.snapshot(each));
    this.#sendDetails(this.#health.snapshot(group), format, groups, response);
  }

  #sendDetails(
    report: Report,
    format: Format,
    groups: readonly GroupState[],
    response: ServerResponse,
  ): void {
    const insight: RenderContext = {
      now: new Date(this.#health.clock.epochMs()),
      uptimeSeconds: process.uptime(),
      path: this.#settings.path,
      groups,
      history: (check) => this.#health.history(check),
    };
    send(replyOf(report, format, this.#settings.degradedStatusCode, insight), response);
  }

  #showsDetails(request: IncomingMessage): boolean {
    const { details } = this.#settings;
    if (typeof details !== 'function') return details === 'always';
    const log = (thrown: unknown) =>
      this.#health.logger.warn(
        { reason: failureMessage(thrown) },
        'The `details` policy threw, so details stay hidden',
      );
    try {
      const answer: unknown = details(request);
      handleRejection(answer, log);
      return answer === true;
    } catch (thrown) {
      log(thrown);
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

/** Whether the query asks for details: `?verbose`, unless it is `0` or `false`. */
const VERBOSE = /[?&]verbose(?:=(?!(?:0|false)(?:&|$))[^&]*)?(?:&|$)/;
