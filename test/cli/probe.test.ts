import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { MAX_OUTPUT_BYTES } from '../../src/cli/probe.ts';
import { patienceMs, start, temporaryFolder } from '../helpers/processes.ts';

const CLI = fileURLToPath(new URL(`../../${manifest.bin.allswell}`, import.meta.url));

/** Runs the command as Docker does. @returns the exit code, what was printed, and how long it took with Node's start */
async function allswell(args: string[], env: Record<string, string> = {}) {
  const startedAt = performance.now();
  const child = start(process.execPath, [CLI, ...args], { env: { ...process.env, ...env } });
  const { code } = await child.ended;
  return { code, output: child.output(), ms: performance.now() - startedAt };
}

const probe = (...args: string[]) => allswell(['probe', ...args]);

async function listen(server: Server, where: object = { port: 0, host: '127.0.0.1' }): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  server.listen(where);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener) => listen(createHttpServer(listener));

/** A server that sends these bytes to whatever it is asked, and then ends the connection or leaves it open. */
const speak = (bytes: string, end = true) =>
  listen(
    createServer((socket) => void socket.once('data', () => (end ? socket.end(bytes) : socket.write(bytes)))),
  );

describe('allswell probe', { timeout: patienceMs }, () => {
  test.each([
    [200, 0],
    [204, 0],
    [299, 0],
    [404, 1],
    [429, 1],
    [500, 1],
    [503, 1],
  ])('an answer of %i is exit code %i, and shown', async (status, code) => {
    const port = await serve((request, response) => response.writeHead(status).end(`it was ${request.url}`));
    const found = await probe(`http://127.0.0.1:${port}/a?b`);
    expect(found.code).toBe(code);
    const body = status === 204 ? '' : ' it was /a?b';
    expect(found.output).toBe(`${code === 0 ? '' : `http://127.0.0.1:${port}/a: `}${status}${body}\n`);
  });

  test('a redirect is reported and not followed', async () => {
    let requests = 0;
    const port = await serve((_request, response) => {
      requests++;
      response.writeHead(302, { location: '/login' }).end();
    });
    expect(await probe(`http://127.0.0.1:${port}/`)).toMatchObject({
      code: 1,
      output: `http://127.0.0.1:${port}/: 302, a redirect to /login; redirects are not followed\n`,
    });
    expect(requests).toBe(1);
  });

  test('sends a GET with Host, and the headers that were asked for', async () => {
    const seen: unknown[] = [];
    const port = await serve((request, response) => {
      const { method, headers } = request;
      seen.push(method, headers.host, headers['user-agent'], headers['x-a'], headers.authorization);
      response.end();
    });
    const url = `http://127.0.0.1:${port}/`;
    await probe('--header', 'X-A: 1', '--header', 'x-a: 2', '--header', 'Authorization: Bearer b', url);
    expect(seen).toEqual(['GET', `127.0.0.1:${port}`, 'allswell-probe', '1, 2', 'Bearer b']);
    await probe('--header', 'Host: health.internal', '--header', 'user-agent: x', url);
    expect(seen.slice(5, 8)).toEqual(['GET', 'health.internal', 'x']);
  });

  test('asks through a Unix socket', async () => {
    const path = join(await temporaryFolder(), 'app.sock');
    await listen(
      createHttpServer((request, response) => response.end(`${request.headers.host}${request.url}`)),
      { path },
    );
    expect(await probe('--unix', path, 'http://localhost/live')).toMatchObject({
      code: 0,
      output: '200 localhost/live\n',
    });
    const missing = await probe('--unix', `${path}.none`, 'http://localhost/live');
    expect(missing).toMatchObject({
      code: 1,
      output: expect.stringContaining(`there is no socket at ${path}.none`),
    });
  });

  test('understands an HTTP/1.0 server, whose body ends with the connection', async () => {
    const port = await speak('HTTP/1.0 200 OK\r\n\r\nfine');
    expect(await probe(`http://127.0.0.1:${port}/`)).toMatchObject({ code: 0, output: '200 fine\n' });
  });

  test('prints at most 4 kB, without waiting for the rest of a body that never ends', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(503);
      const timer = setInterval(() => response.write('é'.repeat(10_000)), 5);
      response.on('close', () => clearInterval(timer));
    });
    const found = await probe(`http://127.0.0.1:${port}/`);
    expect(found.code).toBe(1);
    expect(found.output).toMatch(/: 503 é+…\n$/);
    expect(Buffer.byteLength(found.output)).toBeLessThanOrEqual(MAX_OUTPUT_BYTES);
    expect(MAX_OUTPUT_BYTES).toBe(4096);
  });

  test('control characters of the peer do not reach the terminal', async () => {
    const port = await serve((_request, response) => response.end('a\u001b]0;owned\u0007\u009b31m\rb'));
    const found = await probe(`http://127.0.0.1:${port}/`);
    expect(found.output).toBe('200 a\\x1b]0;owned\\x07\\x9b31m\\x0db\n');
  });

  test('nobody listens', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    expect(await probe(`http://127.0.0.1:${port}/x`)).toMatchObject({
      code: 1,
      output: `http://127.0.0.1:${port}/x: nothing listens on 127.0.0.1:${port} (connect ECONNREFUSED 127.0.0.1:${port})\n`,
    });
  });

  test.each([
    ['accepts and says nothing', '', 'no answer within 0.3 s'],
    ['never ends its headers', 'HTTP/1.1 200 OK\r\nx: y\r\n', 'no answer within 0.3 s'],
    ['never ends its body', 'HTTP/1.1 200 OK\r\n\r\nhalf', '200, but no complete body within 0.3 s'],
  ])('a peer that %s is abandoned on time', async (_what, bytes, reason) => {
    const port = await speak(bytes, false);
    const found = await probe('--timeout', '300ms', `http://127.0.0.1:${port}/`);
    expect(found).toMatchObject({ code: 1, output: `http://127.0.0.1:${port}/: ${reason}\n` });
    expect(found.ms).toBeLessThan(10_000);
  });

  test.each([
    ['hangs up at once', '', /closed the connection before its answer was complete/],
    [
      'breaks off its body',
      'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf',
      /closed the connection before/,
    ],
    ['speaks another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', /did not answer with HTTP: .*HPE_/],
    ['upgrades unasked', 'HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n', /101, an upgrade/],
  ])('a peer that %s is not healthy', async (_what, bytes, reason) => {
    const port = await speak(bytes);
    expect(await probe(`http://127.0.0.1:${port}/`)).toMatchObject({
      code: 1,
      output: expect.stringMatching(reason),
    });
  });

  test('TLS: explains what is wrong with a certificate, and accepts a trusted authority', async () => {
    const file = fileURLToPath(new URL('../fixtures/localhost.pem', import.meta.url));
    const pem = readFileSync(file, 'utf8');
    const server = createHttpsServer({ key: pem, cert: pem }, (_request, response) => response.end('secure'));
    const port = await listen(server);
    const url = `https://localhost:${port}/`;
    expect(await probe(url)).toMatchObject({
      code: 1,
      output: expect.stringContaining('is not from a trusted authority; set NODE_EXTRA_CA_CERTS'),
    });
    expect(await allswell(['probe', url], { NODE_EXTRA_CA_CERTS: file })).toMatchObject({
      code: 0,
      output: '200 secure\n',
    });
    expect(
      await allswell(['probe', `https://127.0.0.2:${port}/`], { NODE_EXTRA_CA_CERTS: file }),
    ).toMatchObject({
      code: 1,
    });
  });

  test('TLS and plain HTTP mixed up is explained in words', async () => {
    const port = await serve((_request, response) => response.end());
    expect((await probe(`https://127.0.0.1:${port}/`)).output).toContain(
      'if it serves plain HTTP, use http://',
    );
    const silent = await speak('', false);
    expect((await probe('--timeout', '500ms', `https://127.0.0.1:${silent}/`)).output).toContain(
      'no TLS handshake within 0.5 s',
    );
  });

  test('a link-local address with a zone id is probed, or rejected with an explanation', async () => {
    const found = await probe('--timeout', '500ms', 'http://[fe80::1%nowhere0]:4000/live');
    expect(found.code).toBe(1);
    expect(found.output).toMatch(/^http:\/\/\[fe80::1%nowhere0\]:4000\/live: \S+ \S+/);
    expect(found.output).not.toMatch(/^\s+at /m);
  });

  test('a password in the URL is sent and not printed', async () => {
    const secret = ['s3cret', 'word'].join('-');
    const port = await serve((request, response) =>
      response.writeHead(503).end(String(request.headers.authorization?.startsWith('Basic '))),
    );
    const { output } = await probe(`http://user:${secret}@127.0.0.1:${port}/`);
    expect(output).toBe(`http://127.0.0.1:${port}/: 503 true\n`);
  });

  test.each([[[]], [['probe']], [['prob', 'http://a/']], [['probe', '--nope', 'http://a/']]])(
    'wrong usage %j exits 1, not 2, and shows the usage',
    async (args: string[]) => {
      const { code, output } = await allswell(args);
      expect(code).toBe(1);
      expect(output).toContain('Usage: allswell probe');
    },
  );

  test('--help exits 0', async () => {
    for (const args of [['--help'], ['probe', '-h']])
      expect(await allswell(args)).toMatchObject({ code: 0, output: expect.stringContaining('--timeout') });
  });
});
