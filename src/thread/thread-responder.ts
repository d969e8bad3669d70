import type { Format } from '../formats/format.ts';
import { LIVE_GROUP } from '../health/group.ts';
import type { Report } from '../health/report.ts';
import { KeptReplies } from '../http/kept-replies.ts';
import { formatFor } from '../http/negotiate.ts';
import { failed, methodNotAllowed, notFound, plainReply, type Reply, replyOf } from '../http/reply.ts';
import type { RequestReader } from '../http/request-reader.ts';
import { VERBOSE } from '../http/responder.ts';
import { Routes } from '../http/routes.ts';
import { PEER_CHECK_HEADER } from '../internal/peer-check.ts';
import { KeptReports } from './kept-reports.ts';
import type { MainLink } from './main-link.ts';
import { BEAT_MS, type SharedState } from './memory.ts';
import type { ThreadData } from './protocol.ts';
import type { StallWatch } from './stall-watch.ts';
import { stalledMetrics } from './stalled-metrics.ts';
import { unavailableReport } from './unavailable.ts';
import { type Patience, Waiting } from './waiting.ts';

/** If the main thread takes longer, `live` is answered from its last report. In milliseconds. */
const LIVE_PATIENCE_MS = 100;

/** With a last beat at most this old, the main thread is running, and its own time limits are about to end. In milliseconds. */
const MAX_BEAT_AGE_MS = 2 * BEAT_MS;

const NO_METRICS = plainReply(503, 'text/plain; charset=utf-8', 'metrics were not rendered in time\n');

/** Takes the answer, once. */
type Send = (reply: Reply) => void;

/** What a {@link ThreadResponder} works with. */
export interface ThreadContext {
  readonly data: ThreadData;
  readonly state: SharedState;
  readonly watch: StallWatch;
  readonly link: MainLink;
  /** Logs an error in an asynchronous answer. */
  onFailure(thrown: unknown): void;
}

/**
 * Decides how the listening thread answers: from a kept report, by asking the main thread, or alone while that is blocked. A
 * failure never becomes a 200.
 */
export class ThreadResponder<R> {
  readonly reports: KeptReports;
  readonly #reader: RequestReader<R>;
  readonly #data: ThreadData;
  readonly #state: SharedState;
  readonly #watch: StallWatch;
  readonly #link: MainLink;
  readonly #routes: Routes;
  readonly #replies: KeptReplies;
  readonly #waiting: Waiting;
  #metrics: Reply | undefined;

  constructor(reader: RequestReader<R>, { data, state, watch, link, onFailure }: ThreadContext) {
    this.reports = new KeptReports(state, data.live);
    this.#reader = reader;
    this.#data = data;
    this.#state = state;
    this.#watch = watch;
    this.#link = link;
    // Only the main thread knows which of the user's groups and checks exist; its answer shows it.
    this.#routes = new Routes(data.routes, { has: () => true });
    this.#replies = new KeptReplies(data.degradedStatusCode);
    this.#waiting = new Waiting((thrown) => {
      onFailure(thrown);
      return failed();
    });
  }

  /**
   * Answers a request, at once or later, once.
   *
   * @throws if making an immediate answer fails; then `send` was not called
   */
  answer(target: string, request: R, send: Send): void {
    const route = this.#routes.find(target);
    const early = route === undefined ? notFound() : this.#byMethod(request);
    if (route === undefined || early !== undefined) send(early as Reply);
    else this.#answer(route.group, target, request, send);
  }

  /** The answer if it depends on the method alone. */
  #byMethod(request: R): Reply | undefined {
    const method = this.#reader.method(request);
    if (method === 'GET' || method === 'HEAD') return undefined;
    if (method !== 'OPTIONS') return methodNotAllowed();
    // A browser asks for permission (CORS).
    const isPreflight = this.#reader.header(request, 'access-control-request-method') !== undefined;
    return isPreflight ? notFound() : undefined;
  }

  #answer(group: string | undefined, target: string, request: R, send: Send): void {
    if (group === undefined) {
      this.#scrape(target, request, send);
      return;
    }
    const hasQuery = target.includes('?');
    const format = formatFor(target, hasQuery, this.#reader.accept(request));
    const isDetailed = format.isPage === true || (hasQuery && VERBOSE.test(target));
    if (isDetailed) this.#detailed(group, format, target, request, send);
    else if (this.#reader.header(request, PEER_CHECK_HEADER) !== undefined)
      // A health check by another service gets a different report.
      this.#relay(target, request, this.#data.timeoutMs, () => this.#unanswered(group, format), send);
    else this.#outline(group, format, send);
  }

  /** Answers all requests that wait for the main thread, because it is blocked. */
  onStall(): void {
    this.#waiting.giveUp();
  }

  #outline(group: string, format: Format, send: Send): void {
    const { isStalled } = this.#watch;
    const fresh = this.reports.fresh(group);
    // While the loop is blocked, `stallMs` decides how long it is still `live`.
    if (fresh !== undefined && !(group === LIVE_GROUP && isStalled)) {
      send(this.#replies.of(fresh, format));
      return;
    }
    const fallback = () => this.#unanswered(group, format);
    if (isStalled) {
      send(fallback());
      return;
    }
    const { finish } = this.#waiting.add(this.#limits(group), fallback, send);
    this.#link.report(group, (kept) => {
      if (kept === undefined) this.reports.forget(group);
      else if (kept !== 'failed') this.reports.keep(kept);
      finish(() => {
        if (kept === undefined) return notFound();
        return kept === 'failed' ? failed() : this.#replies.of(kept.report, format);
      });
    });
  }

  /** Only the main thread has the details, and knows who may see them. */
  #detailed(group: string, format: Format, target: string, request: R, send: Send): void {
    const fallback = () => this.#render(this.#unavailable(group), format);
    this.#relay(target, request, this.#data.timeoutMs, fallback, send);
  }

  #scrape(target: string, request: R, send: Send): void {
    const fallback = () =>
      this.#watch.isStalled ? stalledMetrics(this.#metrics, this.#watch.silentMs) : NO_METRICS;
    this.#relay(target, request, this.#data.metricsTimeoutMs, fallback, (reply) => {
      if (reply.statusCode === 200 && !this.#watch.isStalled) this.#metrics = reply;
      send(reply);
    });
  }

  /** Has the main thread answer a request. */
  #relay(target: string, request: R, patienceMs: number, fallback: () => Reply, send: Send): void {
    if (this.#watch.isStalled) {
      send(fallback());
      return;
    }
    const waiter = this.#waiting.add(this.#patience(patienceMs), fallback, send);
    waiter.onGivenUp = this.#link.relay(this.#reader.probe(request, target), (reply) =>
      waiter.finish(() => reply ?? notFound()),
    );
  }

  #limits(group: string): Patience {
    // The answer is known: a draining service is unavailable, and `live` has its last report.
    const isKnown = group === LIVE_GROUP || (this.#state.isDraining && this.#unavailable(group).draining);
    if (isKnown)
      return { patienceMs: Math.min(LIVE_PATIENCE_MS, this.#data.timeoutMs), mayExtend: () => false };
    return this.#patience(this.#data.timeoutMs);
  }

  #patience(patienceMs: number): Patience {
    return { patienceMs, mayExtend: () => this.#watch.silentMs < MAX_BEAT_AGE_MS };
  }

  #unanswered(group: string, format: Format): Reply {
    const last = this.reports.last(group);
    if (group !== LIVE_GROUP || last === undefined) return this.#render(this.#unavailable(group), format);
    const { stallMs } = this.#data;
    const isOver = stallMs > 0 && this.#watch.isStalled && this.#watch.silentMs >= stallMs;
    return isOver ? this.#render(this.#unavailable(group), format) : this.#replies.of(last, format);
  }

  #unavailable(group: string): Report {
    return unavailableReport(group, this.reports.last(group), this.#watch.silentMs, this.#state.isDraining);
  }

  #render(report: Report, format: Format): Reply {
    return replyOf(report, format, this.#data.degradedStatusCode, format.render(report, undefined));
  }
}
