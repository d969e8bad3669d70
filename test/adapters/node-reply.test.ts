import { ServerResponse } from 'node:http';
import { expect, describe as suite, test, vi } from 'vitest';
import { type NodeResponse, ownMethods, send, sendFailure } from '../../src/adapters/node-reply.ts';
import type { NodeRequest } from '../../src/adapters/node-request.ts';
import type { Reply } from '../../src/http/reply.ts';

const reply: Reply = {
  statusCode: 200,
  headers: ['Content-Type', 'application/json', 'Vary', 'Accept'],
  body: '{}',
  closesConnection: false,
};

/** A response that records what is done to it; its methods are on its prototype, as Node's are. */
class Recorder {
  statusCode = 0;
  headersSent = false;
  destroyed = false;
  writableEnded = false;
  readonly kept: Record<string, unknown> = {};
  readonly calls: unknown[][] = [];
  hasHeader(name: string) {
    return name in this.kept;
  }
  getHeader(name: string) {
    return this.kept[name];
  }
  getHeaderNames() {
    return Object.keys(this.kept);
  }
  setHeader(name: string, value: unknown) {
    this.kept[name] = value;
  }
  removeHeader(name: string) {
    delete this.kept[name];
  }
  writeHead(...all: unknown[]) {
    this.calls.push(['writeHead', ...all]);
  }
  end(...all: unknown[]) {
    this.calls.push(['end', ...all]);
    return 'ended';
  }
}

const own = { writeHead: Recorder.prototype.writeHead, end: Recorder.prototype.end };
const request = (more: object = {}) => ({ method: 'GET', httpVersionMajor: 1, ...more }) as NodeRequest;
const respond = (recorder: object) => recorder as NodeResponse;

suite('a response as Node made it', () => {
  test('gets its headers as one list, and an ASCII body without counting bytes', () => {
    const response = new Recorder();
    send(reply, request(), respond(response), own);
    expect(response.calls).toEqual([
      ['writeHead', 200, reply.headers],
      ['end', '{}', 'latin1'],
    ]);
  });

  test('gets no body for HEAD', () => {
    const response = new Recorder();
    send(reply, request({ method: 'HEAD' }), respond(response), own);
    expect(response.calls.at(-1)).toEqual(['end']);
  });

  test.each(['headersSent', 'destroyed'] as const)('is left alone if it is already `%s`', (state) => {
    const response = Object.assign(new Recorder(), { [state]: true });
    send(reply, request(), respond(response), own);
    expect(response.calls).toEqual([]);
  });
});

suite('a response that other code has wrapped', () => {
  const touched = (change: object, kept: object = {}) => {
    const response = Object.assign(new Recorder(), change);
    Object.assign(response.kept, kept);
    const returned = send(reply, request(), respond(response), own);
    return { response, returned };
  };

  test('gets its headers one by one, and only `end`, whose return value is passed on', () => {
    const { response, returned } = touched({ writeHead: vi.fn() });
    expect(response.statusCode).toBe(200);
    expect(response.kept).toEqual({ 'Content-Type': 'application/json', Vary: 'Accept' });
    expect(response.calls).toEqual([['end', '{}']]);
    expect(returned).toBe('ended');
  });

  test('is recognised by a replaced `end`, or by methods replaced for the whole process', () => {
    const end = vi.fn();
    touched({ end });
    expect(end.mock.calls).toEqual([['{}']]);
    const response = new Recorder();
    send(reply, request({ method: 'HEAD' }), respond(response), undefined);
    expect(response.calls).toEqual([['end']]);
  });

  test.each(['Transfer-Encoding', 'Trailer', 'Content-Encoding'])(
    'loses its `%s`, which describes another body',
    (name) => {
      const { response } = touched({}, { [name]: 'x', 'X-Other': 'y' });
      expect(response.kept).toEqual({ 'Content-Type': 'application/json', Vary: 'Accept', 'X-Other': 'y' });
    },
  );

  test.each([
    ['Origin', 'Origin, Accept'],
    ['Origin,Cookie', 'Origin,Cookie, Accept'],
    ['accept', 'accept'],
    ['Origin,ACCEPT', 'Origin,ACCEPT'],
    ['Origin , Accept', 'Origin , Accept'],
    ['*', '*'],
    ['', 'Accept'],
    [['Origin', 'Cookie'], 'Origin,Cookie, Accept'],
  ])('keeps its `Vary: %s` as %j', (before, after) => {
    expect(touched({}, { Vary: before }).response.kept.Vary).toBe(after);
  });

  test('may lack the methods that read and remove headers', () => {
    const { response } = touched({ end: vi.fn(), getHeader: undefined, removeHeader: undefined });
    expect(response.kept.Vary).toBe('Accept');
  });

  test.each([
    [true, 1, 'close'],
    [true, 2, undefined],
    [false, 1, undefined],
  ])('has the connection close (%s) over HTTP/%i: %s', (closesConnection, httpVersionMajor, connection) => {
    const response = new Recorder();
    send({ ...reply, closesConnection }, request({ httpVersionMajor }), respond(response), undefined);
    expect(response.kept.Connection).toBe(connection);
  });

  test('closes its connection although nothing was wrapped around it', () => {
    const response = new Recorder();
    send({ ...reply, closesConnection: true }, request(), respond(response), own);
    expect(response.kept.Connection).toBe('close');
  });
});

suite('the methods of Node’s responses', () => {
  const { writeHead, end } = ServerResponse.prototype;

  test('are recognised, unless one was patched for the whole process', () => {
    expect(ownMethods({ writeHead, end })).toEqual({ writeHead, end });
    const patched = (inner: unknown) =>
      Object.assign(() => undefined, { toString: () => `() => { ${inner} }` });
    expect(ownMethods({ writeHead: patched(writeHead), end })).toBeUndefined();
    expect(ownMethods({ writeHead, end: patched(end) })).toBeUndefined();
  });
});

suite('a reply that could not be sent', () => {
  test('is answered 503, bypassing what was put on the response itself', () => {
    const response = Object.assign(new Recorder(), { end: vi.fn(), writeHead: vi.fn() });
    response.kept['Content-Type'] = 'text/html';
    expect(sendFailure(request(), respond(response))).toBe('answering 503 instead');
    const body = '{"error":"health could not be reported; see the log"}';
    expect(response.calls).toEqual([
      [
        'writeHead',
        503,
        expect.objectContaining({
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Length': String(body.length),
        }),
      ],
      ['end', body, 'utf8'],
    ]);
    expect(response.kept).toEqual({});
  });

  test('has no body for HEAD', () => {
    const response = new Recorder();
    sendFailure(request({ method: 'HEAD' }), respond(response));
    expect(response.calls.at(-1)).toEqual(['end', '', 'utf8']);
  });

  test('is left alone if Node already had the whole answer when it threw', () => {
    const response = Object.assign(new Recorder(), { writableEnded: true });
    expect(sendFailure(request(), respond(response))).toBe('the answer had been sent');
    expect(response.calls).toEqual([]);
  });

  test('closes its connection, or its stream of HTTP/2, where it is too late or fails again', () => {
    const [socket, stream] = [{ destroy: vi.fn() }, { destroy: vi.fn() }];
    const late = Object.assign(new Recorder(), { headersSent: true });
    expect(sendFailure(request({ socket }), respond(late))).toBe('closing its connection instead');
    expect(late.calls).toEqual([]);
    class Broken extends Recorder {
      override end(): never {
        throw new Error('no');
      }
    }
    expect(sendFailure(request({ socket }), respond(new Broken()))).toBe('closing its connection instead');
    expect(socket.destroy).toHaveBeenCalledTimes(2);
    expect(sendFailure(request({ socket }), respond(Object.assign(late, { stream })))).toBe(
      'closing its connection instead',
    );
    expect(stream.destroy).toHaveBeenCalledTimes(1);
    expect(socket.destroy).toHaveBeenCalledTimes(2);
    for (const none of [undefined, null, {}])
      expect(() => sendFailure(request({ socket: none }), respond(new Broken()))).not.toThrow();
  });
});
