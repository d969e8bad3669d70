import { expect, test, vi } from 'vitest';
import type { Report } from '../../src/health/report.ts';
import type { HealthSource } from '../../src/health/source.ts';
import type { ProbeRequest } from '../../src/http/probe-request.ts';
import { failed } from '../../src/http/reply.ts';
import { probeRequests } from '../../src/http/request-reader.ts';
import { Responder } from '../../src/http/responder.ts';
import { MainAnswers } from '../../src/thread/main-answers.ts';
import { SharedState } from '../../src/thread/memory.ts';
import type { FromThread, ToThread } from '../../src/thread/protocol.ts';
import { virtualHealth } from '../helpers/health.ts';

/** The answers to messages, over a source that is no controller. */
function setUp(report: HealthSource['report']) {
  const { health } = virtualHealth();
  const source: HealthSource = {
    report,
    lastReport: (group) => health.lastReport(group),
    history: () => [],
    groups: [],
    has: () => true,
    isDraining: false,
    on: () => undefined,
    off: () => undefined,
  };
  const responder = new Responder(probeRequests, source);
  const answers = new MainAnswers(source, responder, new SharedState());
  const lines = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const take = (message: FromThread): Promise<ToThread> =>
    new Promise((resolve) => answers.take(message, (answer) => resolve(structuredClone(answer))));
  return { take, responder, lines };
}

const ask: FromThread = { type: 'ask', id: 7, group: 'ready' };
const FAILURE: ToThread = { type: 'report', id: 7, kept: 'failed' };

test('a source that fails is an answer too, and logged at most once a minute', async () => {
  const { take, lines } = setUp(() => Promise.reject(new Error('gone')));
  expect([await take(ask), await take(ask)]).toEqual([FAILURE, FAILURE]);
  expect(lines.mock.calls).toEqual([[expect.stringMatching(/got no report.*503: gone$/)]]);
});

test('so is a report without checks', async () => {
  const { take } = setUp(async () => ({ status: 'healthy', checks: { database: undefined } }) as never);
  expect(await take(ask)).toEqual(FAILURE);
});

test('so is one that cannot be sent to another thread', async () => {
  const { take } = setUp(async () => ({ status: 'healthy', checks: {}, more: () => undefined }) as never);
  expect(await take(ask)).toEqual(FAILURE);
});

test('so is a request that could not be answered', async () => {
  const { take, responder } = setUp(async () => ({}) as Report);
  vi.spyOn(responder, 'answer').mockReturnValue(Promise.reject(new Error('broken')));
  const request: ProbeRequest = {
    method: 'GET',
    target: '/readyz?verbose',
    headers: {},
    remoteAddress: undefined,
    encrypted: false,
  };
  expect(await take({ type: 'relay', id: 8, request })).toEqual({ type: 'reply', id: 8, reply: failed() });
});
