import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { expect, describe as suite, test, vi } from 'vitest';
import { ConnectionLimits } from '../../src/server/connection-limits.ts';
import { VirtualClock } from '../../src/testing/index.ts';

class FakeSocket extends EventEmitter {
  destroyed = false;
  bytesWritten = 0;
  writableLength = 0;
  _handle: { writeQueueSize: number } | null = { writeQueueSize: 0 };
  readonly destroy = vi.fn(() => {
    this.destroyed = true;
  });
}

function limited(most?: number) {
  const clock = new VirtualClock();
  clock.block(5_000);
  const server = new EventEmitter();
  const limits = new ConnectionLimits(server as Server, clock, most);
  const connect = () => {
    const socket = new FakeSocket();
    server.emit('connection', socket);
    return socket;
  };
  /** A request; the response ends when the returned one emits `close`. */
  const request = (socket: FakeSocket) => {
    const response = new EventEmitter();
    server.emit('request', { socket }, response);
    return response;
  };
  return { clock, server, limits, connect, request };
}

const areDestroyed = (...sockets: readonly FakeSocket[]) => sockets.map(({ destroyed }) => destroyed);

suite('one connection too many', () => {
  test('closes the one that has been idle longest', () => {
    const { connect } = limited(2);
    const [a, b] = [connect(), connect()];
    expect(areDestroyed(a, b)).toEqual([false, false]);
    const c = connect();
    expect(areDestroyed(a, b, c)).toEqual([true, false, false]);
    connect();
    expect(areDestroyed(a, b, c)).toEqual([true, true, false]);
  });

  test('closes none that waits for a reply while another is idle', () => {
    const { connect, request } = limited(2);
    const [a, b] = [connect(), connect()];
    request(a);
    connect();
    expect(areDestroyed(a, b)).toEqual([false, true]);
  });

  test('closes the one that has waited longest where none is idle', () => {
    const { connect, request } = limited(2);
    const [a, b] = [connect(), connect()];
    request(b);
    request(a);
    connect();
    expect(areDestroyed(a, b)).toEqual([false, true]);
  });

  test('counts a connection as idle from its last reply on', () => {
    const { connect, request } = limited(2);
    const [a, b] = [connect(), connect()];
    const [first, second] = [request(a), request(a)];
    request(b).emit('close');
    first.emit('close');
    connect();
    expect(areDestroyed(a, b)).toEqual([false, true]);
    second.emit('close');
    connect();
    expect(areDestroyed(a)).toEqual([false]);
    connect();
    expect(areDestroyed(a)).toEqual([true]);
  });

  test('leaves out those that are being closed already', () => {
    const { connect } = limited(2);
    const [a, b] = [connect(), connect()];
    a.destroyed = true;
    connect();
    expect(a.destroy).not.toHaveBeenCalled();
    expect(b.destroy).toHaveBeenCalledTimes(1);
    const gone = limited(1);
    const only = gone.connect();
    only.destroyed = true;
    gone.connect();
    expect(only.destroy).not.toHaveBeenCalled();
  });

  test('does not count those that have closed, even where a reply ends later', () => {
    const { connect, request } = limited(2);
    const a = connect();
    const response = request(a);
    a.emit('close');
    response.emit('close');
    const [b] = [connect(), connect()];
    expect(a.destroy).not.toHaveBeenCalled();
    expect(b.destroy).not.toHaveBeenCalled();
  });

  test('is the 1001st by default', () => {
    const { connect } = limited();
    const sockets = Array.from({ length: 1001 }, connect);
    expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([sockets[0]]);
  });
});

suite('a client that reads nothing', () => {
  const stalling = () => {
    const world = limited();
    const socket = world.connect();
    Object.assign(socket, { bytesWritten: 100, writableLength: 10 });
    return { ...world, socket };
  };

  test('is cut off after thirty seconds', async () => {
    const { clock, socket } = stalling();
    await clock.advance(30_999);
    expect(socket.destroy).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(socket.destroy).toHaveBeenCalled();
  });

  test('is cut off too while more is written for it', async () => {
    const { clock, socket } = stalling();
    for (let second = 0; second < 31; second++) {
      await clock.advance(1_000);
      socket.bytesWritten += 50;
      socket.writableLength += 50;
    }
    expect(socket.destroy).toHaveBeenCalled();
  });

  test.each<[string, (socket: FakeSocket) => void]>([
    ['bytes leave', (socket) => void socket.bytesWritten++],
    [
      'the system takes some',
      (socket) => void (socket._handle as { writeQueueSize: number }).writeQueueSize++,
    ],
    [
      'all has left in between',
      (socket) => {
        socket.writableLength = socket.writableLength === 0 ? 10 : 0;
      },
    ],
  ])('is kept while %s', async (_, progress) => {
    const { clock, socket } = stalling();
    for (let second = 0; second < 70; second++) {
      await clock.advance(1_000);
      if (second % 20 === 0) progress(socket);
    }
    expect(socket.destroy).not.toHaveBeenCalled();
  });

  test('may have no handle any more', async () => {
    const { clock, socket } = stalling();
    socket._handle = null;
    await expect(clock.advance(1_000)).resolves.toBeUndefined();
  });
});

suite('the limits of a server', () => {
  test('are checked by one timer, while there are connections', () => {
    const { clock, connect } = limited();
    expect(clock.pending).toBe(0);
    const [a, b] = [connect(), connect()];
    expect(clock.pending).toBe(1);
    a.emit('close');
    expect(clock.pending).toBe(1);
    b.emit('close');
    expect(clock.pending).toBe(0);
    connect();
    expect(clock.pending).toBe(1);
  });

  test('end when they are disposed of', () => {
    const { clock, server, limits, connect } = limited();
    connect();
    limits.dispose();
    limits.dispose();
    expect(server.eventNames()).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('ignore requests on connections that were accepted before', () => {
    const { request } = limited();
    expect(() => request(new FakeSocket()).emit('close')).not.toThrow();
  });
});
