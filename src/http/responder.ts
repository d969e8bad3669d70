import type { Format, GroupState, RenderContext } from '../formats/format.ts';
import { ALL_GROUP } from '../health/group.ts';
import type { Report } from '../health/report.ts';
import { type Engine, engineOf, type HealthSource } from '../health/source.ts';
import { stallsOf } from '../health/stalls.ts';
import { failureMessage } from '../internal/error-text.ts';
import { LimitedLog } from '../internal/logger.ts';
import { PEER_CHECK_HEADER } from '../internal/peer-check.ts';
import { DetailReplies } from './detail-replies.ts';
import { DetailsGuard } from './details-policy.ts';
import { KeptReplies } from './kept-replies.ts';
import { formatFor } from './negotiate.ts';
import { type HttpOptions, type HttpSettings, httpSettings } from './options.ts';
import { failed, methodNotAllowed, type Reply, replyOf } from './reply.ts';
import type { RequestReader } from './request-reader.ts';
import { mountOf, Routes } from './routes.ts';
import { Scrapes } from './scrapes.ts';

/**
 * Handles health requests and declines all others: the one place where requests become replies, whatever the server they
 * came through. It never throws and its promises never reject.
 */
export class Responder<R> {
  readonly #reader: RequestReader<R>;
  readonly #health: HealthSource;
  readonly #engine: Engine;
  readonly #settings: HttpSettings;
  readonly #routes: Routes;
  readonly #details: DetailsGuard;
  readonly #replies: KeptReplies;
  readonly #detailReplies: DetailReplies;
  readonly #scrapes: Scrapes | undefined;
  readonly #log: LimitedLog;

  /** @throws ConfigError with every issue in controller and options */
  constructor(reader: RequestReader<R>, health: HealthSource, options?: HttpOptions) {
    const settings = httpSettings(health, options);
    const engine = engineOf(health);
    const now = () => engine.clock.now();
    this.#reader = reader;
    this.#settings = settings;
    this.#health = health;
    this.#engine = engine;
    this.#routes = new Routes(settings.routes, health);
    this.#details = new DetailsGuard(settings.details, engine);
    this.#replies = new KeptReplies(settings.degradedStatusCode);
    this.#detailReplies = new DetailReplies(now);
    this.#log = new LimitedLog(now);
    if (settings.metrics !== undefined)
      this.#scrapes = new Scrapes(settings.metrics, settings.metricsTimeoutMs, engine);
  }

  /**
   * The answer to a health request: at once, or as soon as its checks have run. Undefined for any other request, of which
   * only the target was read.
   *
   * @param target what the prober sent, which frameworks that rewrite `url` keep in `originalUrl`
   * @param rest below the mount point of a router: what remains of the target after it
   */
  answer(target: string, request: R, rest?: string): Reply | Promise<Reply> | undefined {
    try {
      if (rest !== undefined) return this.#answerMounted(target, request, rest);
      const route = this.#routes.find(target);
      return route === undefined ? undefined : this.#answerMethod(route.group, target, request, '');
    } catch (thrown) {
      return this.#fail(thrown);
    }
  }

  #answerMounted(target: string, request: R, rest: string): Reply | Promise<Reply> | undefined {
    const found = this.#routes.findMounted(target, rest);
    if (found === undefined) return undefined;
    return this.#answerMethod(found.route.group, target, request, found.isRest ? mountOf(target, rest) : '');
  }

  #answerMethod(
    group: string | undefined,
    target: string,
    request: R,
    mount: string,
  ): Reply | Promise<Reply> | undefined {
    const method = this.#reader.method(request);
    if (method !== 'GET' && method !== 'HEAD') {
      if (method !== 'OPTIONS') return methodNotAllowed();
      // A CORS preflight, which the application answers.
      if (this.#reader.header(request, 'access-control-request-method') !== undefined) return undefined;
    }
    if (group !== undefined) return this.#answerGroup(group, target, request, mount);
    // Without a metrics source there is no such route. If the client has gone, nothing is rendered.
    return this.#reader.isGone(request) ? failed() : (this.#scrapes as Scrapes).answer();
  }

  #answerGroup(group: string, target: string, request: R, mount: string): Reply | Promise<Reply> {
    const hasQuery = target.includes('?');
    const format = formatFor(target, hasQuery, this.#reader.accept(request));
    if (!format.isPage && !(hasQuery && VERBOSE.test(target))) return this.#outline(group, format, request);
    const answer = () => this.#answerCaller(group, format, target, request, mount);
    const loading = format.load?.();
    return loading === undefined ? answer() : this.#later(loading, answer);
  }

  /** With details if this caller may see them. */
  #answerCaller(
    group: string,
    format: Format,
    target: string,
    request: R,
    mount: string,
  ): Reply | Promise<Reply> {
    const shows = this.#details.shows(() => this.#reader.probe(request, target));
    if (shows === false) return this.#outline(group, format, request);
    if (shows === true) return this.#detailed(group, format, request, mount);
    return this.#later(shows, (is) =>
      is ? this.#detailed(group, format, request, mount) : this.#outline(group, format, request),
    );
  }

  /** Names and statuses only: the hot path. */
  #outline(group: string, format: Format, request: R): Reply | Promise<Reply> {
    const report = this.#look(group, request);
    if (!(report instanceof Promise)) return this.#replies.of(report, format);
    return this.#later(report, (late) => this.#replies.of(late, format));
  }

  #detailed(group: string, format: Format, request: R, mount: string): Reply | Promise<Reply> {
    // A page shows all groups. Running every check once is enough; reporting each group would run some twice.
    const report = this.#look(format.isPage ? ALL_GROUP : group, request);
    const reply = (ready: Report): Reply => {
      if (this.#reader.isGone(request)) return failed();
      const shown = format.isPage ? this.#health.lastReport(group) : ready;
      return this.#detailReplies.of({ report: shown, all: ready, format, mount }, () => {
        const body = format.render(shown, this.#contextOf(format, mount));
        return replyOf(shown, format, this.#settings.degradedStatusCode, body);
      });
    };
    if (!(report instanceof Promise)) return reply(report);
    return this.#later(report, reply);
  }

  #later<T>(promise: Promise<T>, answer: (value: T) => Reply | Promise<Reply>): Promise<Reply> {
    return promise.then(
      (value) => {
        try {
          return answer(value);
        } catch (thrown) {
          return this.#fail(thrown);
        }
      },
      (thrown) => this.#fail(thrown),
    );
  }

  /** The report to answer with. The header that marks a peer is read only if a check asks peers. */
  #look(group: string, request: R): Report | Promise<Report> {
    const isFromPeer =
      this.#engine.hasPeerChecks && this.#reader.header(request, PEER_CHECK_HEADER) !== undefined;
    return isFromPeer ? this.#engine.lookForPeer(group) : this.#engine.look(group);
  }

  #contextOf(format: Format, mount: string): RenderContext {
    const groups: readonly GroupState[] = format.isPage
      ? this.#health.groups.map((each) => this.#health.lastReport(each))
      : [];
    const { path } = this.#settings.routes;
    return {
      nowMs: this.#engine.clock.epochMs(),
      uptimeSeconds: process.uptime(),
      path: path === '/' && mount !== '' ? mount : mount + path,
      groups,
      history: (check) => this.#health.history(check),
      lastStall: stallsOf(this.#health).last,
    };
  }

  #fail(thrown: unknown): Reply {
    const reason = failureMessage(thrown, 'the answer');
    this.#log.write((more) =>
      this.#engine.logger.error({ reason }, `A health request failed; answering 503${more}`),
    );
    return failed();
  }
}

/** True if the query asks for details: `?verbose`, unless it is `0` or `false`. */
export const VERBOSE: RegExp = /[?&]verbose(?:=(?!(?:0|false)(?:&|$))[^&]*)?(?:&|$)/;
