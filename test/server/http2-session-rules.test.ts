import { EventEmitter } from 'node:events';
import type { Http2Server } from 'node:http2';
import { expect, describe as suite, test, vi } from 'vitest';
import { Http2Sessions } from '../../src/server/http2-sessions.ts';
import { settle, VirtualClock } from '../../src/testing/index.ts';

class FakeStream extends EventEmitter {
  readonly close = vi.fn();
}

class FakeSession extends EventEmitter {
  readonly close = vi.fn();
  readonly destroy = vi.fn();
  open(path: string): FakeStream {
    const stream = new FakeStream();
    this.emit('stream', stream, { ':method': 'GET', ':path': path });
    return stream;
  }
}

function watched() {
  const clock = new VirtualClock();
  clock.block(5_000);
  const server = new EventEmitter();
  const sessions = new Http2Sessions(server as Http2Server, clock);
  const connect = () => {
    const session = new FakeSession();
    server.emit('session', session);
    return session;
  };
  return { clock, server, sessions, connect };
}

const closed = (...all: readonly FakeSession[]) => all.map(({ close }) => close.mock.calls.length > 0);

suite('the sessions of HTTP/2', () => {
  test('that drain end after their streams, except those that have had none', () => {
    const { sessions, connect } = watched();
    const [used, fresh] = [connect(), connect()];
    used.open('/a').emit('close');
    expect(closed(used, fresh)).toEqual([false, false]);
    sessions.closeReplies();
    expect(closed(used, fresh)).toEqual([true, false]);
    const first = fresh.open('/b');
    expect(closed(fresh)).toEqual([false]);
    first.emit('close');
    expect(closed(fresh)).toEqual([true]);
  });

  test('all end when the server stops, and so do those that come later', async () => {
    const { sessions, connect } = watched();
    const open = connect();
    sessions.stop();
    expect(closed(open, connect())).toEqual([false, true]);
    await settle();
    expect(closed(open)).toEqual([true]);
  });

  test('that are cut off name what was in flight, and for how long', () => {
    const { clock, sessions, connect } = watched();
    const [one, gone] = [connect(), connect()];
    const stream = one.open('/slow?token=x');
    one.open('/over').emit('close');
    expect(sessions.inFlight).toBe(1);
    gone.emit('close');
    clock.block(1_500);
    expect(sessions.cutOff()).toEqual(['GET /slow (after 1.5 s)']);
    expect(stream.close.mock.calls).toEqual([[8]]);
    expect(one.destroy).toHaveBeenCalledTimes(1);
    expect(gone.destroy).not.toHaveBeenCalled();
  });

  test('leave no listener on the server', () => {
    const { server, sessions } = watched();
    sessions.dispose();
    expect(server.eventNames()).toEqual([]);
  });
});
