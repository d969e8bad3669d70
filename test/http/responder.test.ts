import { expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import { http } from '../../src/checkers/http/http.ts';
import { html } from '../../src/formats/html.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { ProbeRequest } from '../../src/http/probe-request.ts';
import type { Reply } from '../../src/http/reply.ts';
import { probeRequests } from '../../src/http/request-reader.ts';
import { Responder } from '../../src/http/responder.ts';
import { memoryLogger } from '../helpers/health.ts';
import { serve } from '../helpers/http.ts';
import { mount } from './mount.ts';

const PATH = '/api/v1/health';

function requestOf(headers: ProbeRequest['headers'] = {}, target = PATH): ProbeRequest {
  return { method: 'GET', target, headers, remoteAddress: undefined, encrypted: false };
}

suite('a request that is plain data', () => {
  test('is answered with plain data, which can be sent to another thread', async () => {
    const health = new HealthController().register('a', async () => undefined);
    const responder = new Responder(probeRequests, health, { details: ({ headers }) => headers.x === 'y' });
    const reply = await responder.answer(PATH, requestOf());
    expect(structuredClone(reply)).toEqual(reply);
    expect(reply).toMatchObject({ statusCode: 200, body: '{"status":"healthy","checks":{"a":"ok"}}' });
    const verbose = `${PATH}?verbose`;
    const shown = (await responder.answer(verbose, requestOf({ x: 'y' }, verbose))) as Reply;
    expect(String(shown.body)).toContain('"durationMs"');
    expect(responder.answer('/other', requestOf())).toBeUndefined();
  });
});

test('the headers of an answer are these and no others, with one more while the service drains', async () => {
  const health = new HealthController({ logger: memoryLogger() }).register('a', async () => undefined);
  const responder = new Responder(probeRequests, health);
  const all = [
    ['Content-Type', 'application/json; charset=utf-8'],
    ['Content-Length', String('{"status":"healthy","checks":{"a":"ok"}}'.length)],
    ['Cache-Control', 'no-store'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Vary', 'Accept'],
  ].flat();
  expect((await responder.answer(PATH, requestOf()))?.headers).toEqual(all);
  health.drain();
  const leaving = all
    .with(3, String('{"status":"unhealthy","checks":{"a":"ok"},"draining":true}'.length))
    .concat('x-envoy-immediate-health-check-fail', 'true');
  expect((await responder.answer(PATH, requestOf()))?.headers).toEqual(leaving);
});

suite('a service that checks this one', () => {
  test('does not make it check others in turn', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('refused'));
    const health = new HealthController({ logger: memoryLogger() })
      .register('peer', http('http://127.0.0.1:9/health'))
      .register('own', async () => undefined);
    const responder = new Responder(probeRequests, health);
    const fromPeer = await responder.answer(PATH, requestOf({ 'x-health-check': '1' }));
    expect(fetched).not.toHaveBeenCalled();
    expect(fromPeer?.statusCode).toBe(200);
    expect((await responder.answer(PATH, requestOf()))?.statusCode).toBe(503);
    expect(fetched).toHaveBeenCalledTimes(1);
    expect((await responder.answer(PATH, requestOf({ 'x-health-check': '1' })))?.statusCode).toBe(200);
    fetched.mockRestore();
  });
});

suite('pages and verbose answers', () => {
  test('requested again at the same moment are rendered once, and again when something changed', async () => {
    await html.load?.();
    const health = new HealthController().register('a', () => undefined);
    const responder = new Responder(probeRequests, health, { details: 'always' });
    for (const target of [`${PATH}?verbose`, `${PATH}/ready?format=html`]) {
      const ask = () => responder.answer(target, requestOf({}, target));
      const first = ask();
      expect(ask()).toBe(first);
      const release = health.hold('a change');
      expect(ask()).not.toBe(first);
      release();
    }
  });

  test('wait for the code of the page, which is loaded once', async () => {
    const load = vi.spyOn(html, 'load').mockReturnValueOnce(html.load?.() ?? Promise.resolve());
    onTestFinished(() => load.mockRestore());
    const health = new HealthController().register('a', () => undefined);
    const responder = new Responder(probeRequests, health);
    const target = `${PATH}?format=html`;
    const first = responder.answer(target, requestOf({}, target));
    expect(first).toBeInstanceOf(Promise);
    expect((await first)?.body.toString()).toContain('Healthy</h1>');
    expect(responder.answer(target, requestOf({}, target))).toBe(await first);
  });

  test('whose code cannot be loaded are 503, and the next request tries again', async () => {
    const load = vi.spyOn(html, 'load').mockReturnValueOnce(Promise.reject(new Error('EMFILE')));
    onTestFinished(() => load.mockRestore());
    const logger = memoryLogger();
    const responder = new Responder(probeRequests, new HealthController({ logger }));
    const target = `${PATH}?format=html`;
    expect((await responder.answer(target, requestOf({}, target)))?.statusCode).toBe(503);
    expect(logger.lines).toEqual(['error A health request failed; answering 503 {"reason":"EMFILE"}']);
    expect((await responder.answer(target, requestOf({}, target)))?.statusCode).toBe(200);
  });
});

suite('what is not answered with a report', () => {
  test('a policy that throws and metrics that cannot be rendered are logged', async () => {
    const fail = () => {
      throw new Error('broken');
    };
    const { listener, logger } = mount({ details: fail, metrics: { contentType: 'x', metrics: fail } });
    const { url } = await serve(listener);
    await fetch(`${url}/api/v1/health?verbose`);
    const scrape = await fetch(`${url}/metrics`);
    expect(scrape.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(logger.lines).toEqual([
      'warn The `details` policy failed, so details stay hidden {"reason":"broken"}',
      'error Metrics could not be rendered; answering the scrape with 503 {"reason":"broken"}',
    ]);
  });

  test('405 is JSON too', async () => {
    const { url } = await serve(mount().listener);
    const response = await fetch(`${url}/api/v1/health`, { method: 'POST' });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});
