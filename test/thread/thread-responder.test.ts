import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { LISTEN_DEFAULTS } from '../../src/adapters/listen-options.ts';
import { html } from '../../src/formats/html.ts';
import type { Report } from '../../src/health/report.ts';
import type { ProbeRequest } from '../../src/http/probe-request.ts';
import type { Reply } from '../../src/http/reply.ts';
import { probeRequests } from '../../src/http/request-reader.ts';
import { MainLink } from '../../src/thread/main-link.ts';
import { SharedState, sharedNow } from '../../src/thread/memory.ts';
import type { FromThread, KeptReport, ThreadData } from '../../src/thread/protocol.ts';
import { StallWatch } from '../../src/thread/stall-watch.ts';
import { ThreadResponder } from '../../src/thread/thread-responder.ts';
import { reportOf } from '../helpers/health.ts';

beforeAll(() => html.load?.());
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

function setUp(live: Report['status'] = 'healthy', settings: Partial<ThreadData> = {}) {
  const state = new SharedState();
  const keep = (report: Report, freshMs: number): KeptReport => ({
    report,
    version: state.version,
    freshUntil: sharedNow() + freshMs,
    freshUntilEpochMs: Date.now() + freshMs,
  });
  const data: ThreadData = {
    memory: state.buffer,
    place: { socketPath: undefined, port: 0, host: '127.0.0.1' },
    routes: {
      path: '/api/v1/health',
      paths: LISTEN_DEFAULTS.paths,
      metricsPath: '/metrics',
      isMetricsPathGiven: false,
    },
    degradedStatusCode: 200,
    timeoutMs: 800,
    metricsTimeoutMs: 9000,
    stallMs: 30_000,
    stackAfterMs: 0,
    live: keep(reportOf('live', live), 0),
    ...settings,
  };
  const posted: FromThread[] = [];
  const link = new MainLink(state, (message) => posted.push(message));
  const watch = new StallWatch(() => state.beat, {
    onStall: () => responder.onStall(),
    onStalled: () => undefined,
    onEnd: () => undefined,
  });
  const failures: string[] = [];
  const onFailure = (thrown: unknown) => failures.push(String(thrown));
  const responder = new ThreadResponder(probeRequests, { data, state, watch, link, onFailure });
  const ask = (target: string, request: Partial<ProbeRequest> = {}) => {
    const replies: Reply[] = [];
    const whole = {
      method: 'GET',
      target,
      headers: {},
      remoteAddress: undefined,
      encrypted: false,
      ...request,
    };
    responder.answer(target, whole, (reply) => replies.push(reply));
    return replies;
  };
  const answer = (report: Report | undefined, freshMs = 0) => {
    const asked = posted.at(-1) as FromThread & { type: 'ask' };
    link.onReport({ type: 'report', id: asked.id, kept: report && keep(report, freshMs) });
  };
  const stall = (ticks: number) => {
    for (let index = 0; index < ticks; index++) watch.tick();
  };
  return { state, data, posted, link, watch, responder, ask, answer, stall, failures };
}

const shown = (replies: Reply[]) => replies.map(({ statusCode, body }) => `${statusCode} ${body}`);
const HEALTHY = '200 {"status":"healthy","checks":{}}';
const UNHEALTHY = '503 {"status":"unhealthy","checks":{}}';

describe('while the main loop turns', () => {
  test('a fresh report of this version is answered without the main thread', () => {
    const { ask, answer, posted } = setUp();
    ask('/readyz');
    answer(reportOf('ready', 'healthy'), 60_000);
    expect([shown(ask('/readyz')), shown(ask('/api/v1/health/ready')), posted.length]).toEqual([
      [HEALTHY],
      [HEALTHY],
      1,
    ]);
  });

  test('a report that was voided, or is not fresh, is asked for again', () => {
    const { ask, answer, posted, state } = setUp();
    ask('/readyz');
    answer(reportOf('ready', 'healthy'), 60_000);
    state.raiseVersion();
    expect(ask('/readyz')).toEqual([]);
    answer(reportOf('ready', 'healthy'), 0);
    expect(ask('/readyz')).toEqual([]);
    expect(posted.length).toBe(3);
  });

  test('simultaneous requests share one query', () => {
    const { ask, answer, posted } = setUp();
    const all = [ask('/readyz'), ask('/readyz'), ask('/readyz', { headers: { accept: 'text/plain' } })];
    answer(reportOf('ready', 'healthy'));
    expect(posted.length).toBe(1);
    expect(all.flatMap(shown)).toEqual([HEALTHY, HEALTHY, '200 ready check passed\n']);
  });

  test('a request that arrives after a report was invalidated does not get the one being sent', () => {
    const { ask, link, posted, state, answer, data } = setUp();
    const before = ask('/readyz');
    const version = state.version;
    state.raiseVersion();
    const after = ask('/readyz');
    const { id } = posted[0] as FromThread & { type: 'ask' };
    const kept = { ...data.live, report: reportOf('ready', 'healthy'), version };
    link.onReport({ type: 'report', id, kept });
    expect([shown(before), shown(after)]).toEqual([[HEALTHY], []]);
    answer(reportOf('ready', 'unhealthy', { draining: true }));
    expect(shown(after)).toEqual(['503 {"status":"unhealthy","checks":{},"draining":true}']);
  });

  test('without an answer, live is its last report after 100 ms, the others 503 after timeoutMs', () => {
    const { ask, stall } = setUp();
    const live = ask('/livez');
    const ready = ask('/readyz');
    stall(9);
    vi.advanceTimersByTime(99);
    expect([live, ready]).toEqual([[], []]);
    vi.advanceTimersByTime(1);
    expect([shown(live), shown(ready)]).toEqual([[HEALTHY], []]);
    vi.advanceTimersByTime(700);
    expect(shown(ready)).toEqual(['503 {"status":"unhealthy","checks":{},"stalled":0.9}']);
  });

  test('a main thread that beats gets a little longer, because its own time limit ends just then', () => {
    const { ask, answer } = setUp();
    const ready = ask('/readyz');
    vi.advanceTimersByTime(850);
    answer(reportOf('ready', 'degraded'));
    expect(shown(ready)).toEqual(['200 {"status":"degraded","checks":{}}']);
    const late = ask('/readyz');
    vi.advanceTimersByTime(900);
    expect(late[0]?.statusCode).toBe(503);
  });

  test('details, pages and metrics are answered by the main thread', () => {
    const { ask, posted, link } = setUp();
    const replies = [ask('/readyz?verbose'), ask('/', { headers: { accept: 'text/html' } }), ask('/metrics')];
    expect(posted.map(({ type }) => type)).toEqual(['relay', 'relay', 'relay']);
    const reply: Reply = { statusCode: 200, headers: [], body: 'told', closesConnection: false };
    for (const message of posted)
      link.onReply({ type: 'reply', id: (message as FromThread & { type: 'relay' }).id, reply });
    expect(replies.flatMap(shown)).toEqual(['200 told', '200 told', '200 told']);
  });

  test('the main thread answers another service’s check, whose report is a different one', () => {
    const { ask, answer, posted } = setUp();
    ask('/readyz');
    answer(reportOf('ready', 'healthy'), 60_000);
    expect(ask('/readyz', { headers: { 'x-health-check': '1' } })).toEqual([]);
    expect(posted.at(-1)?.type).toBe('relay');
  });

  test('a group that does not exist is 404, and so is any other path', () => {
    const { ask, answer, posted } = setUp();
    expect(ask('/elsewhere')[0]?.statusCode).toBe(404);
    expect(posted).toEqual([]);
    const nope = ask('/api/v1/health/nope');
    answer(undefined);
    expect(nope[0]?.statusCode).toBe(404);
  });

  test('other methods are 405, a browser’s preflight 404, HAProxy’s OPTIONS an answer', () => {
    const { ask } = setUp();
    expect(ask('/livez', { method: 'POST' })[0]?.statusCode).toBe(405);
    const headers = { 'access-control-request-method': 'GET' };
    expect(ask('/livez', { method: 'OPTIONS', headers })[0]?.statusCode).toBe(404);
    const options = ask('/livez', { method: 'OPTIONS' });
    vi.advanceTimersByTime(100);
    expect(options[0]?.statusCode).toBe(200);
  });

  test('draining shows without a message, and needs no waiting', () => {
    const { ask, answer, state } = setUp();
    ask('/readyz');
    answer(reportOf('ready', 'healthy'), 60_000);
    state.setDraining();
    state.raiseVersion();
    const ready = ask('/readyz');
    const live = ask('/livez');
    vi.advanceTimersByTime(100);
    expect(shown(ready)).toEqual(['503 {"status":"unhealthy","checks":{},"draining":true,"stalled":0}']);
    expect(ready[0]?.closesConnection).toBe(true);
    expect(shown(live)).toEqual([HEALTHY]);
  });
});

describe('a report that is none', () => {
  const FAILED = '503 {"error":"health could not be reported; see the log"}';

  test('is 503 where it cannot be rendered, for those who asked for that format', () => {
    const { ask, answer, failures } = setUp();
    const broken = ask('/readyz', { headers: { accept: 'text/plain' } });
    const whole = ask('/readyz');
    // A text begins with the name of the group.
    answer({ ...reportOf('ready', 'healthy'), group: undefined as never });
    expect([shown(broken), shown(whole)]).toEqual([[FAILED], [HEALTHY]]);
    expect(failures).toEqual([expect.stringContaining('TypeError')]);
  });

  test('is 503 where the main thread could not make it, and the next who asks is not forgotten', () => {
    const { ask, answer, link, posted } = setUp();
    const all = [ask('/readyz'), ask('/livez')];
    for (const message of [...posted])
      link.onReport({ type: 'report', id: (message as FromThread & { type: 'ask' }).id, kept: 'failed' });
    expect(all.flatMap(shown)).toEqual([FAILED, FAILED]);
    const again = ask('/readyz');
    answer(reportOf('ready', 'healthy'));
    expect(shown(again)).toEqual([HEALTHY]);
  });
});

describe('while the main loop is blocked', () => {
  test('live is as it was, at once, until stallMs, then 503', () => {
    const { ask, stall, posted } = setUp();
    stall(299);
    expect(shown(ask('/livez'))).toEqual([HEALTHY]);
    stall(1);
    expect(shown(ask('/livez'))).toEqual(['503 {"status":"unhealthy","checks":{},"stalled":30}']);
    expect(posted).toEqual([]);
  });

  test('with stallMs 0 live never changes', () => {
    const { ask, stall } = setUp('healthy', { stallMs: 0 });
    stall(100_000);
    expect(shown(ask('/livez'))).toEqual([HEALTHY]);
  });

  test('live that failed before stays 503', () => {
    const { ask, stall } = setUp('unhealthy');
    stall(10);
    expect(shown(ask('/livez'))).toEqual([UNHEALTHY]);
  });

  test('ready is its report while that is fresh, then 503 at once', () => {
    const { ask, answer, stall, state } = setUp();
    ask('/readyz');
    answer(reportOf('ready', 'healthy'), 60_000);
    stall(10);
    expect(shown(ask('/readyz'))).toEqual([HEALTHY]);
    state.raiseVersion();
    expect(shown(ask('/readyz'))).toEqual(['503 {"status":"unhealthy","checks":{},"stalled":1}']);
  });

  test('what waited is answered as soon as it is noticed', () => {
    const { ask, stall } = setUp('healthy', { timeoutMs: 60_000 });
    const waiting = [ask('/readyz'), ask('/healthz?verbose'), ask('/metrics')];
    stall(10);
    expect(waiting.map(([reply]) => reply?.statusCode)).toEqual([503, 503, 200]);
  });

  test('each format shows since when', () => {
    const { ask, stall } = setUp();
    stall(15);
    const accept = (type: string) => ask('/healthz?verbose', { headers: { accept: type } })[0] as Reply;
    expect(accept('text/plain').body).toBe('health check failed, event loop blocked for 1.5 s\n');
    expect(JSON.parse(String(accept('application/health+json').body))).toMatchObject({
      status: 'fail',
      notes: ['stalled: the event loop has been blocked for 1.5 s'],
    });
    const page = accept('text/html');
    expect([page.statusCode, String(page.body)]).toEqual([
      503,
      expect.stringMatching(
        /<h1[^>]*>Blocked[\s\S]*The event loop has been blocked for 1\.5 s, since \d{4}-/,
      ),
    ]);
  });

  test('a scrape is 200 with the last metrics and the stall, or the stall alone', () => {
    const { ask, stall, posted, link, state } = setUp();
    stall(20);
    expect(ask('/metrics')[0]?.body).toMatch(
      /^# HELP .*\n# TYPE .* gauge\nhealth_event_loop_stalled_seconds 2\n$/,
    );
    state.raiseBeat();
    ask('/metrics');
    const { id } = posted.at(-1) as FromThread & { type: 'relay' };
    const text = 'up 1\nhealth_event_loop_stalled_seconds{app="a"} 0\nmore 2\n';
    const headers = ['Content-Type', 'text/plain; version=1'];
    link.onReply({
      type: 'reply',
      id,
      reply: { statusCode: 200, headers, body: text, closesConnection: false },
    });
    stall(11);
    const [reply] = ask('/metrics');
    expect(reply?.body).toBe(text.replace('} 0', '} 1.1'));
    expect(reply?.headers[1]).toBe('text/plain; version=1');
  });
});
