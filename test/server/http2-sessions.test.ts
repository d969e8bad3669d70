import { type ClientHttp2Session, connect, createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Connections } from '../../src/server/connections.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { until } from '../helpers/wire.ts';

/** An HTTP/2 server whose streams the test answers, by path. */
async function watch() {
  const clock = new VirtualClock();
  const server = createServer();
  const connections = new Connections(server, clock);
  const streams = new Map<string, ServerHttp2Stream>();
  server.on('stream', (stream, headers) => void streams.set(String(headers[':path']), stream));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    connections.cutOff();
    connections.dispose();
    server.close();
  });
  const dial = () => {
    const session = connect(`http://127.0.0.1:${port}`);
    onTestFinished(() => session.destroy());
    session.on('error', () => undefined);
    return session;
  };
  const take = async (path: string) => (await until(() => streams.get(path))) as ServerHttp2Stream;
  return { clock, server, connections, dial, take };
}

/** A request with how it ended: the body, or the code that reset it. */
function ask(session: ClientHttp2Session, path: string): Promise<string> {
  const stream = session.request({ ':path': path });
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  stream.on('error', () => undefined);
  return new Promise((resolve) =>
    stream.on('close', () => resolve(stream.rstCode === 0 ? text : `reset ${stream.rstCode}`)),
  );
}

function goaway(session: ClientHttp2Session): Promise<unknown> {
  return new Promise((resolve) => session.once('goaway', (code) => resolve(code)));
}

describe('an HTTP/2 server', () => {
  test('that drains sends GOAWAY to a used session, and finishes its streams', async () => {
    const { connections, dial, take } = await watch();
    const session = dial();
    const answer = ask(session, '/slow');
    const stream = await take('/slow');
    expect(connections.inFlight).toBe(1);
    const told = goaway(session);
    connections.closeReplies();
    expect(await told).toBe(0);
    stream.respond({ ':status': 200 });
    stream.end('done');
    expect(await answer).toBe('done');
    await until(() => connections.size === 0);
    expect(connections.inFlight).toBe(0);
  });

  test('that drains lets a fresh session send one request before it ends', async () => {
    const { connections, dial, take } = await watch();
    connections.closeReplies();
    const session = dial();
    const told = goaway(session);
    const answer = ask(session, '/first');
    const stream = await take('/first');
    stream.respond({ ':status': 200 });
    stream.end('done');
    expect([await answer, await told]).toEqual(['done', 0]);
  });

  test('that stops ends idle sessions, and resolves', async () => {
    const { server, connections, dial } = await watch();
    const idle = dial();
    await new Promise((resolve) => server.once('session', resolve));
    const closed = new Promise((resolve) => idle.once('close', resolve));
    await connections.stop();
    await closed;
    expect(connections.cutOff()).toEqual([]);
  });

  test('that is cut off names its streams, without the query', async () => {
    const { clock, connections, dial, take } = await watch();
    const answer = ask(dial(), '/endless?token=secret');
    await take('/endless?token=secret');
    await clock.advance(2500);
    expect(connections.cutOff()).toEqual(['GET /endless (after 2.5 s)']);
    expect(await answer).toMatch(/^reset/);
  });

  test('keeps none of our listeners', async () => {
    const server = createServer();
    const before = server.eventNames().map((name) => [name, server.listenerCount(name)]);
    new Connections(server, new VirtualClock()).dispose();
    expect(server.eventNames().map((name) => [name, server.listenerCount(name)])).toEqual(before);
  });
});
