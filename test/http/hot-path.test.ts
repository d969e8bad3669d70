import { createHook } from 'node:async_hooks';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import { ownMethods, send } from '../../src/adapters/node-reply.ts';
import { nodeRequests } from '../../src/adapters/node-request.ts';
import { html } from '../../src/formats/html.ts';
import { json } from '../../src/formats/json.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { Reply } from '../../src/http/reply.ts';
import { Responder } from '../../src/http/responder.ts';

const PATH = '/api/v1/health';

/** A request without a socket, of which nothing dear may be read. */
function requestOf(method = 'GET', rawHeaders: string[] = ['Accept', '*/*']): IncomingMessage {
  return {
    method,
    rawHeaders,
    get headers(): never {
      throw new Error('reading `headers` builds an object for every request');
    },
  } as unknown as IncomingMessage;
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
    .register('b', check, { maxAgeMs: 60_000, groups: ['ready', 'edge'] });
  const responder = new Responder(nodeRequests, health);
  const first = responder.answer(PATH, requestOf()) as Reply;
  for (const group of ['edge', 'checks/a']) responder.answer(`${PATH}/${group}`, requestOf());
  check.mockClear();
  return { check, responder, first };
}

test('the methods of this version of Node are known for its own, so that the fast form is used', () => {
  expect(ownMethods(ServerResponse.prototype)).toEqual({
    writeHead: ServerResponse.prototype.writeHead,
    end: ServerResponse.prototype.end,
  });
});

suite('while a report is fresh, an answer', () => {
  test('runs no checker, serialises nothing, creates no promise, and is the same object', () => {
    const { check, responder, first } = warm();
    const stringify = vi.spyOn(JSON, 'stringify');
    const render = vi.spyOn(json, 'render');
    onTestFinished(() => void vi.restoreAllMocks());
    const request = requestOf();
    const replies = new Set<unknown>();
    const promises = promisesOf(() => {
      for (let i = 0; i < 100; i++) replies.add(responder.answer(PATH, request));
    });
    expect(promises).toBe(0);
    expect(stringify).not.toHaveBeenCalled();
    expect(render).not.toHaveBeenCalled();
    expect(check).not.toHaveBeenCalled();
    expect([...replies]).toEqual([first]);
    expect(replies.has(first)).toBe(true);
  });

  test.each(['edge', 'checks/a', 'live'])('for %s is the same object too', (group) => {
    const { responder } = warm();
    const ask = () => responder.answer(`${PATH}/${group}`, requestOf());
    expect(ask()).toBe(ask());
  });

  test.each([
    { kind: 'is long', checks: 400, accept: '*/*' },
    { kind: 'is not all ASCII', checks: 1, accept: 'text/html' },
  ])('that $kind has its bytes ready', async ({ checks, accept }) => {
    await html.load?.();
    const health = new HealthController();
    for (let i = 0; i < checks; i++) health.register(`check-${i}`, () => undefined, { maxAgeMs: 60_000 });
    const responder = new Responder(nodeRequests, health);
    const reply = responder.answer(PATH, requestOf('GET', ['Accept', accept])) as Reply;
    expect(reply.body).toBeInstanceOf(Buffer);
    expect(String(reply.body)).toContain('check-0');
  });

  test('to HEAD is that to GET', () => {
    const { responder, first } = warm();
    expect(responder.answer(PATH, requestOf('HEAD'))).toBe(first);
  });

  test('to OPTIONS is that to GET', () => {
    const { responder, first } = warm();
    expect(responder.answer(PATH, requestOf('OPTIONS', ['Host', 'x']))).toBe(first);
  });
});

suite('a reply', () => {
  /** What is written to the socket, chunk by chunk, and whether the header list went to Node as it is. */
  function sent(reply: Reply, method = 'GET') {
    const request = new IncomingMessage(new Socket());
    Object.assign(request, { method, httpVersionMajor: 1, httpVersionMinor: 1 });
    const response = new ServerResponse(request);
    const chunks: string[] = [];
    const setHeader = vi.spyOn(response, 'setHeader');
    const socket = new Socket();
    socket.write = (chunk: string | Uint8Array) => {
      if (chunk.length > 0) chunks.push(String(chunk));
      return true;
    };
    response.assignSocket(socket);
    send(reply, request, response, ServerResponse.prototype);
    return { chunks, setHeader };
  }

  test('that is short goes out in one piece with the headers, which are not copied', () => {
    const { chunks, setHeader } = sent(warm().first);
    expect(chunks.length).toBe(1);
    expect(chunks[0]).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: [\s\S]*"b":"ok"\}\}$/);
    expect(setHeader).not.toHaveBeenCalled();
  });

  test('to HEAD is its headers alone', () => {
    const { chunks } = sent(warm().first, 'HEAD');
    expect(chunks.join('')).toMatch(/Content-Length: 49\r\n[\s\S]*\r\n\r\n$/);
  });
});

suite('checks that return at once', () => {
  test('are answered without a promise, also when nothing is kept', () => {
    const health = new HealthController();
    for (const name of ['a', 'b', 'c']) health.register(name, () => undefined, { maxAgeMs: 0 });
    const responder = new Responder(nodeRequests, health);
    let reply: unknown;
    expect(
      promisesOf(() => {
        reply = responder.answer(PATH, requestOf());
      }),
    ).toBe(0);
    expect(reply).toMatchObject({ body: '{"status":"healthy","checks":{"a":"ok","b":"ok","c":"ok"}}' });
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
    expect(responder.answer(target, untouchable as IncomingMessage)).toBeUndefined();
  });
});
