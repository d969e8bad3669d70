import { createHook } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import { json } from '../../src/formats/json.ts';
import { HealthController } from '../../src/health/controller.ts';
import { Responder } from '../../src/http/responder.ts';

const PATH = '/api/v1/health';

/** A request and a response without a socket, which keep what was written. */
function exchange(method = 'GET', rawHeaders: string[] = ['Accept', '*/*']) {
  const bodies: unknown[] = [];
  const headers: unknown[] = [];
  const request = {
    method,
    rawHeaders,
    get headers(): never {
      throw new Error('reading `headers` builds an object for every request');
    },
  };
  const response = {
    req: request,
    headersSent: false,
    destroyed: false,
    writeHead: (_code: number, list: unknown) => void headers.push(list),
    end: (body: unknown) => void bodies.push(body),
  };
  return {
    bodies,
    headers,
    request: request as unknown as IncomingMessage,
    response: response as unknown as ServerResponse,
  };
}

/** How many promises a call creates. */
function promisesOf(action: () => void): number {
  let promises = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'PROMISE') promises++;
    },
  }).enable();
  action();
  hook.disable();
  return promises;
}

function warm() {
  const check = vi.fn(() => undefined);
  const health = new HealthController()
    .register('a', check, { maxAgeMs: 60_000 })
    .register('b', check, { maxAgeMs: 60_000 });
  const responder = new Responder(health);
  const first = exchange();
  responder.handle(PATH, first.request, first.response);
  check.mockClear();
  return { check, responder, first };
}

suite('while a report is fresh, an answer', () => {
  test('runs no checker, serialises nothing, creates no promise, and is the same bytes and headers', () => {
    const { check, responder, first } = warm();
    const stringify = vi.spyOn(JSON, 'stringify');
    const render = vi.spyOn(json, 'render');
    onTestFinished(() => void vi.restoreAllMocks());
    const { request, response, bodies, headers } = exchange();
    const promises = promisesOf(() => {
      for (let i = 0; i < 100; i++) responder.handle(PATH, request, response);
    });
    expect(promises).toBe(0);
    expect(stringify).not.toHaveBeenCalled();
    expect(render).not.toHaveBeenCalled();
    expect(check).not.toHaveBeenCalled();
    expect(bodies.length).toBe(100);
    expect(new Set([...bodies, ...first.bodies]).size).toBe(1);
    expect(new Set([...headers, ...first.headers]).size).toBe(1);
  });

  test.each([
    { kind: 'is long', checks: 400, accept: '*/*' },
    { kind: 'is not all ASCII', checks: 1, accept: 'text/html' },
  ])('that $kind leaves as the same Buffer each time', ({ checks, accept }) => {
    const health = new HealthController();
    for (let i = 0; i < checks; i++) health.register(`check-${i}`, () => undefined, { maxAgeMs: 60_000 });
    const responder = new Responder(health);
    const { request, response, bodies } = exchange('GET', ['Accept', accept]);
    responder.handle(PATH, request, response);
    responder.handle(PATH, request, response);
    expect(bodies[0]).toBeInstanceOf(Buffer);
    expect(bodies[1]).toBe(bodies[0]);
    expect(String(bodies[0])).toContain('check-0');
  });

  test('that is short goes out in one piece with the headers', () => {
    expect(warm().first.bodies).toEqual(['{"status":"healthy","checks":{"a":"ok","b":"ok"}}']);
  });

  test('to HEAD has the same headers and no body', () => {
    const { responder, first } = warm();
    const head = exchange('HEAD');
    responder.handle(PATH, head.request, head.response);
    expect(head.headers[0]).toBe(first.headers[0]);
    expect(head.bodies).toEqual([undefined]);
  });

  test('to OPTIONS shares them', () => {
    const { responder, first } = warm();
    const { bodies, response } = exchange();
    responder.handle(
      PATH,
      { method: 'OPTIONS', rawHeaders: [], headers: {} } as unknown as IncomingMessage,
      response,
    );
    expect(bodies[0]).toBe(first.bodies[0]);
  });
});

suite('checks that return at once', () => {
  test('are answered without a promise, also when nothing is kept', () => {
    const health = new HealthController();
    for (const name of ['a', 'b', 'c']) health.register(name, () => undefined, { maxAgeMs: 0 });
    const responder = new Responder(health);
    const { request, response, bodies } = exchange();
    expect(promisesOf(() => responder.handle(PATH, request, response))).toBe(0);
    expect(String(bodies[0])).toBe('{"status":"healthy","checks":{"a":"ok","b":"ok","c":"ok"}}');
  });
});

suite('a request that is not ours', () => {
  test('is looked at by its target alone', () => {
    const { responder } = warm();
    const untouchable = new Proxy(
      {},
      {
        get() {
          throw new Error('touched');
        },
      },
    );
    const target = '/orders/17?api/v1/health';
    expect(responder.handle(target, untouchable as IncomingMessage, untouchable as ServerResponse)).toBe(
      false,
    );
  });
});
