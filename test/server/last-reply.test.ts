import { createServer, type ServerResponse } from 'node:http';
import { attach as attachEngine } from 'engine.io';
import { describe, expect, onTestFinished, test } from 'vitest';
import { attach } from '../../src/adapters/attach.ts';
import { HealthController } from '../../src/health/controller.ts';
import { hello, replies, watch } from '../helpers/connections.ts';
import { get, open, serve } from '../helpers/wire.ts';

describe('while draining, every reply has Connection: close', () => {
  test('on a connection that was kept alive before, which then ends without an error', async () => {
    const { connections, port } = await watch(hello);
    const client = await open(port);
    client.send(get('/'));
    expect(await client.until(/hello/)).toMatch(/Connection: keep-alive/);
    connections.closeReplies();
    client.send(get('/'));
    expect(await client.until(/hello[\s\S]*hello/)).toMatch(/Connection: close\r\n[\s\S]*hello$/);
    expect(await client.ended).toBeUndefined();
  });

  test('also to a request that arrived before', async () => {
    const { handler, take } = replies();
    const { connections, port } = await watch(handler);
    const client = await open(port);
    client.send(get('/'));
    const response = await take('/');
    response.setHeader('Connection', 'keep-alive');
    response.setHeader('Keep-Alive', 'timeout=60');
    connections.closeReplies();
    connections.closeReplies();
    response.end('hello');
    const text = await client.until(/hello/);
    expect(text.match(/^(?:connection|keep-alive):.*$/gim)).toEqual(['Connection: close']);
    expect(await client.ended).toBeUndefined();
  });

  test.each<[string, (response: ServerResponse) => unknown]>([
    [
      'an object',
      (response) =>
        response.writeHead(200, { connection: 'keep-alive', 'Keep-Alive': 'timeout=9', 'X-Mine': '1' }),
    ],
    [
      'an object after a status text',
      (response) => response.writeHead(200, 'Fine', { Connection: 'keep-alive', 'X-Mine': '1' }),
    ],
    ['a flat list', (response) => response.writeHead(200, ['CONNECTION', 'keep-alive', 'X-Mine', '1'])],
    [
      'a list of pairs',
      (response) =>
        response.writeHead(200, [
          ['Connection', 'keep-alive'],
          ['X-Mine', '1'],
        ] as never),
    ],
    [
      'a list over a header of before',
      (response) => response.setHeader('Connection', 'keep-alive').writeHead(200, ['X-Mine', '1']),
    ],
    [
      'single headers',
      (response) => response.setHeader('Connection', 'keep-alive').setHeader('X-Mine', '1').writeHead(200),
    ],
  ])('whatever its handler sets in %s', async (_form, answer) => {
    const { connections, port } = await watch((_request, response) => {
      answer(response);
      response.end('hello');
    });
    connections.closeReplies();
    const client = await open(port);
    client.send(get('/'));
    const text = await client.until(/hello/);
    expect(text.match(/^(?:connection|keep-alive):.*$/gim)).toEqual(['Connection: close']);
    expect(text).toContain('X-Mine: 1');
    expect(await client.ended).toBeUndefined();
  });

  test('also where listeners are bypassed: attach(), engine.io, checkContinue', async () => {
    const { connections, port, server } = await watch(hello);
    attach(server, new HealthController());
    const engine = attachEngine(server, {});
    onTestFinished(() => void engine.close());
    server.on('checkContinue', hello);
    connections.closeReplies();
    const requests = [
      [get('/api/v1/health/live'), /"healthy"/],
      [get('/engine.io/?EIO=4&transport=polling'), /"sid"/],
      [get('/other', 'Expect: 100-continue\r\n'), /hello/],
    ] as const;
    for (const [text, answer] of requests) {
      const client = await open(port);
      client.send(text);
      expect((await client.until(answer)).match(/^Connection:.*$/gim)).toEqual(['Connection: close']);
      expect(await client.ended).toBeUndefined();
    }
  });

  test("also to a request that another server passes on, which Node announces on its channel as the other one's", async () => {
    const { connections, server } = await watch(hello);
    const front = createServer((request, response) => void server.emit('request', request, response));
    const client = await open(await serve(front));
    connections.closeReplies();
    client.send(get('/'));
    expect(await client.until(/hello/)).toMatch(/Connection: close/);
  });

  test('on this server, and on no other', async () => {
    const { connections } = await watch(hello);
    const other = await watch(hello);
    connections.closeReplies();
    const client = await open(other.port);
    client.send(get('/'));
    expect(await client.until(/hello/)).toContain('Connection: keep-alive');
    connections.dispose();
  });

  test('but to pipelined requests only the last one, so that none is lost', async () => {
    const { handler, take } = replies();
    const { connections, port } = await watch(handler);
    connections.closeReplies();
    const client = await open(port);
    client.send(get('/1') + get('/2'));
    const [first, second] = [await take('/1'), await take('/2')];
    first.end('one');
    second.end('two');
    const text = await client.until(/two/);
    expect(text.match(/^Connection:.*$/gim)).toEqual(['Connection: keep-alive', 'Connection: close']);
    expect(await client.ended).toBeUndefined();
  });

  test('but not where a reply switches protocols, nor a second time', async () => {
    const { connections, port } = await watch((_request, response) => {
      response.writeHead(101, { Connection: 'Upgrade', Upgrade: 'echo' });
      response.end();
    });
    connections.closeReplies();
    const client = await open(port);
    client.send(get('/'));
    expect(await client.until(/\r\n\r\n/)).toMatch(/Connection: Upgrade/);
  });

  test('a handler that sends headers twice gets Node’s error, as ever', async () => {
    let thrown: unknown;
    const { connections, port } = await watch((_request, response) => {
      response.writeHead(200);
      try {
        response.writeHead(200, { connection: 'keep-alive' });
      } catch (error) {
        thrown = error;
      }
      response.end('hello');
    });
    connections.closeReplies();
    const client = await open(port);
    client.send(get('/'));
    await client.until(/hello/);
    expect(thrown).toMatchObject({ code: 'ERR_HTTP_HEADERS_SENT' });
  });
});
