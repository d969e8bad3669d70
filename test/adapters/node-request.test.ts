import type { IncomingMessage } from 'node:http';
import { createRequest } from 'node-mocks-http';
import { expect, describe as suite, test } from 'vitest';
import { nodeRequests } from '../../src/adapters/node-request.ts';

const accept = (rawHeaders: unknown, headers?: object) =>
  nodeRequests.accept({ rawHeaders, headers } as unknown as IncomingMessage);

suite('the Accept header of a request of Node', () => {
  test('is found in the raw list, whatever its case and wherever it stands', () => {
    expect(accept(['Host', 'x', 'ACCEPT', 'text/html', 'Accept-Encoding', 'gzip'])).toBe('text/html');
    expect(accept(['Cookie', 'accept', 'X-Accept', 'text/html', 'cookie', 'text/plain'])).toBeUndefined();
  });

  test('sent twice are one list', () => {
    expect(accept(['Accept', 'image/png', 'accept', 'text/plain'])).toBe('image/png, text/plain');
  });

  test('is found in `headers` where a framework made the request up', () => {
    expect(accept([], { accept: 'text/html' })).toBe('text/html');
    expect(accept(undefined, { accept: ['text/html', 'text/plain'] })).toBe('text/html, text/plain');
    expect(accept(undefined)).toBeUndefined();
    const mock = createRequest({ headers: { Accept: 'text/html' } });
    expect(nodeRequests.accept(mock)).toBe('text/html');
  });
});

suite('a policy', () => {
  test('sees a request of HTTP/2 without what is no header, and one without a socket', () => {
    const request = {
      method: 'GET',
      headers: { ':method': 'GET', ':path': '/x', Host: 'a', cookie: ['a=1', 'b=2'] },
    } as unknown as IncomingMessage;
    expect(nodeRequests.probe(request, '/x?y')).toEqual({
      method: 'GET',
      target: '/x?y',
      headers: { host: 'a', cookie: 'a=1, b=2' },
      remoteAddress: undefined,
      encrypted: false,
    });
  });

  test('sees where the request came from, and whether it was encrypted', () => {
    const socket = { remoteAddress: '10.0.0.7', encrypted: true };
    const request = { socket, headers: undefined } as unknown as IncomingMessage;
    expect(nodeRequests.probe(request, '/x')).toEqual({
      method: 'GET',
      target: '/x',
      headers: {},
      remoteAddress: '10.0.0.7',
      encrypted: true,
    });
    expect(nodeRequests.probe({ ...request, method: 'HEAD' } as IncomingMessage, '/x').method).toBe('HEAD');
    expect(nodeRequests.probe({ socket: { encrypted: 1 } } as never, '/x').encrypted).toBe(false);
  });
});

test('a client has gone once its socket is destroyed', () => {
  expect(nodeRequests.isGone({ socket: { destroyed: true } } as never)).toBe(true);
  expect(nodeRequests.isGone({ socket: { destroyed: false } } as never)).toBe(false);
  for (const socket of [undefined, null, {}]) expect(nodeRequests.isGone({ socket } as never)).toBe(false);
});

test('the method is read from the request', () => {
  expect(nodeRequests.method({ method: 'OPTIONS' } as never)).toBe('OPTIONS');
});
