import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { expect, onTestFinished, describe as suite, test } from 'vitest';
import { type HttpCheckOptions, http } from '../../../src/checkers/http/http.ts';
import { isPeerCheck } from '../../../src/internal/peer-check.ts';
import { issuesOf } from '../../helpers/health.ts';
import { freePort } from '../../helpers/processes.ts';
import { begin, resultOf } from '../../helpers/run.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** A server that handles requests like that, and the URL of something on it. */
async function serve(handler: Handler): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(handler))}/health?token=abc`;
}

async function ask(handler: Handler, options?: HttpCheckOptions) {
  return resultOf(http(await serve(handler), options));
}

const answer =
  (status: number, body = '', headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

suite('the status of an answer', () => {
  test.each([200, 204, 299])('%i is ok', async (status) => {
    expect(await ask(answer(status))).toMatchObject({ status: 'ok', details: { httpStatus: status } });
  });

  test.each([400, 404, 500, 503])('%i is an error', async (status) => {
    const result = await ask(answer(status, 'oops'));
    expect(result).toMatchObject({ status: 'error', code: `HTTP_${status}` });
    expect(result.message).toMatch(
      new RegExp(`^http://127\\.0\\.0\\.1:\\d+/health answered ${status}, expected 2xx$`),
    );
  });

  test('a redirect is an error that names its target, and is not followed', async () => {
    const paths: (string | undefined)[] = [];
    const result = await ask((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/login?next=secret' }).end();
    });
    expect(result.message).toMatch(
      /answered 302, expected 2xx; redirects are not followed: check the URL, it redirects to \/login$/,
    );
    expect(paths).toEqual(['/health?token=abc']);
    expect((await ask(answer(307))).message).toMatch(/redirects are not followed: check the URL$/);
  });

  test('only what is expected is ok', async () => {
    expect(await ask(answer(401), { expect: 401 })).toMatchObject({ status: 'ok' });
    expect(await ask(answer(404), { expect: [401, 404] })).toMatchObject({ status: 'ok' });
    expect((await ask(answer(200), { expect: [401, 403] })).message).toMatch(
      /answered 200, expected 401 or 403$/,
    );
  });
});

suite('a body that is a health report', () => {
  test.each([
    ['{"status":"healthy","checks":{"database":"ok"}}', 'ok', undefined],
    ['{"status":"UP"}', 'ok', undefined],
    ['Healthy', 'ok', undefined],
    ['{"status":"pass"}', 'ok', undefined],
    [
      '{"status":"degraded","checks":{"a":"ok","cache":"error"}}',
      'warning',
      'says "degraded" (cache: error)',
    ],
    ['{"status":"warn"}', 'warning', 'says "warn"'],
    ['{"status":"fail"}', 'error', 'says "fail"'],
    ['{"status":"fail","checks":{"a":"ok"}}', 'error', 'says "fail"'],
    ['{"status":"fail","checks":null}', 'error', 'says "fail"'],
    [
      '{"status":"fail","checks":{"a":null,"b":7,"c":{"status":7},"d":"strange","e":"down"}}',
      'error',
      'says "fail" (e: down)',
    ],
    ['{"status":"DOWN"}', 'error', 'says "DOWN"'],
    [
      '{"status":"unhealthy","checks":{"a":{"status":"error"},"b":"warning","c":"error","d":"error"}}',
      'error',
      'says "unhealthy" (a: error, b: warning, c: error)',
    ],
    ['Unhealthy', 'error', 'says "Unhealthy"'],
  ] as const)('%s is %s', async (body, status, text) => {
    const result = await ask(answer(200, body));
    expect(result.status).toBe(status);
    const message = result.message?.replace(/^http\S+\/health /, '');
    expect(message).toBe(text && `answered 200 and ${text}`);
  });

  test.each([
    ['ok', ['healthy', 'pass', 'up', 'ok']],
    ['warning', ['degraded', 'warn', 'warning']],
    ['error', ['unhealthy', 'fail', 'down', 'out_of_service', 'error']],
  ])('is %s if its status is one of %j', async (status, words) => {
    for (const word of words) {
      expect((await ask(answer(200, `\n${word.toUpperCase()}\n`))).status).toBe(status);
      const body = JSON.stringify({ status: word });
      const result = await ask(answer(200, body));
      expect(result.status).toBe(status);
      if (status !== 'ok') expect(result.message).toContain(`answered 200 and says "${word}"`);
      expect((await ask(answer(500, body))).message).toMatch(
        new RegExp(`answered 500 and says "${word}", expected 2xx$`),
      );
    }
  });

  test('of up to 64 KiB is read', async () => {
    const body = '{"status":"fail"}';
    expect((await ask(answer(200, body.padEnd(65_536)))).status).toBe('error');
    expect((await ask(answer(200, body.padEnd(65_537)))).status).toBe('ok');
  });

  test.each(['', 'oops', '{', '[]', '{"status":7}', '{"status":"shipped"}', '{"checks":1}', 'null', '17'])(
    'is not %j, and the status code counts',
    async (body) => {
      expect((await ask(answer(200, body))).status).toBe('ok');
      expect((await ask(answer(500, body))).status).toBe('error');
    },
  );

  test('is quoted where the status is an error', async () => {
    const body = '{"status":"unhealthy","checks":{"database":"error"}}';
    expect((await ask(answer(503, body))).message).toMatch(
      /answered 503 and says "unhealthy" \(database: error\), expected 2xx$/,
    );
    expect((await ask(answer(503, '{"status":"ok"}'))).status).toBe('error');
  });
});

suite('the request', () => {
  test('carries x-health-check, which headers cannot change, and the given headers', async () => {
    let seen: IncomingMessage['headers'] = {};
    const headers = { authorization: 'Bearer abc', 'X-Health-Check': '0' };
    await ask(
      (request, response) => {
        seen = request.headers;
        response.end();
      },
      { headers },
    );
    expect(seen).toMatchObject({ 'x-health-check': '1', authorization: 'Bearer abc' });
  });

  test.each(['GET', 'HEAD', 'OPTIONS'] as const)('is a %s where that is the method', async (method) => {
    let seen: string | undefined;
    await ask(
      (request, response) => {
        seen = request.method;
        response.end();
      },
      { method },
    );
    expect(seen).toBe(method);
  });

  test('uses its connection again', async () => {
    const server = createServer(answer(200, 'x'.repeat(10_000)));
    let connections = 0;
    server.on('connection', () => {
      connections++;
    });
    const checker = http(`http://127.0.0.1:${await listen(server)}/`);
    for (let run = 0; run < 20; run++) await resultOf(checker);
    // fetch opens a second one where the first is not free again in the same moment.
    expect(connections).toBeLessThan(4);
  });
});

suite('what does not end', () => {
  test('a body without an end is cut off, and the status counts', async () => {
    let closed = 0;
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(50_000)), 1);
      response.on('close', () => {
        closed++;
        clearInterval(timer);
      });
    });
    expect((await resultOf(http(url))).status).toBe('ok');
    await expect.poll(() => closed).toBe(1);
  });

  test('no answer, and a body that stalls, are named, and end with the signal', async () => {
    const silent = begin(http(await serve(() => undefined)));
    expect(silent.timeoutMessage()).toMatch(
      /^no answer from http:\/\/127\.0\.0\.1:\d+\/health within 800 ms$/,
    );
    silent.abort();
    expect((await silent.result).status).toBe('error');
    const stalled = begin(http(await serve((_request, response) => void response.writeHead(200).write('x'))));
    await expect
      .poll(() => stalled.timeoutMessage())
      .toMatch(/answered 200, but its body did not end within 800 ms$/);
    stalled.abort();
    expect((await stalled.result).status).toBe('error');
  });
});

test('a refused connection has its code', async () => {
  const url = `http://127.0.0.1:${await freePort()}/`;
  const result = await resultOf(http(url));
  expect(result).toMatchObject({ status: 'error', code: 'ECONNREFUSED' });
  expect(result.message).toContain(`${url}: fetch failed: connect ECONNREFUSED`);
});

test('a certificate that no authority has signed is an error that names it', async () => {
  const pem = readFileSync(new URL('../../fixtures/localhost.pem', import.meta.url), 'utf8');
  const port = await listen(createTlsServer({ key: pem, cert: pem }, answer(200)));
  const result = await resultOf(http(`https://127.0.0.1:${port}/`));
  expect(result.status).toBe('error');
  expect(result.code).toMatch(/CERT|SIGNED/);
});

suite('arguments', () => {
  test.each([
    ['ftp://files', 'Expected `url` to be an http: or https: URL'],
    ['not a url', 'Expected `url` to be an http: or https: URL'],
    [undefined, 'Expected `url` to be an http: or https: URL'],
    [`http://app:${'s3cret'}@host/`, 'Expected `url` to contain no credentials'],
  ])('the URL %j is refused', (url, message) => {
    expect(() => http(url as string)).toThrow(message);
    expect(() => http(url as string)).not.toThrow('s3cret');
  });

  test('every issue is named at once, and no value of a header', () => {
    const options = { expect: [99, 200], headers: { 'a b': 'x', ok: 1 }, method: 'PUT', timeout: 1 };
    expect(issuesOf(() => http('x', options as never))).toEqual([
      "Expected `url` to be an http: or https: URL, got `'x'` (string)",
      'Unknown option `timeout`; the options are `expect`, `headers`, `method`',
      'Expected `expect` to be a whole number from 200 to 599, got `99` (number)',
      "Expected `method` to be one of 'GET', 'HEAD', 'OPTIONS', got `'PUT'` (string)",
      'Expected `headers` to be valid names with strings as values; `a b` is not',
      'Expected `headers` to be valid names with strings as values; `ok` is not',
    ]);
    expect(() => http('x')).toThrow(/^Invalid http\(\) options: /);
    expect(issuesOf(() => http('http://x', { expect: [] }))).toEqual([
      'Expected `expect` to be at least one status code, got an array of 0',
    ]);
    expect(issuesOf(() => http('http://x', 7 as never))).toEqual([
      'Expected `options` to be an object, got `7` (number)',
    ]);
    expect(() => http('http://x', { headers: { a: 'hush\n' } })).not.toThrow('hush');
  });

  test.each([[[]], [null], [7], ['a: b']])('headers cannot be %j', (headers) => {
    expect(() => http('http://x', { headers: headers as never })).toThrow(
      'Expected `headers` to be an object of strings',
    );
  });

  test('a URL object is copied', async () => {
    const url = new URL(await serve(answer(200)));
    const checker = http(url);
    url.port = '1';
    expect((await resultOf(checker)).status).toBe('ok');
  });
});

test('a warning of a peer does not take this instance out, and the checker is marked as one that asks a peer', () => {
  const checker = http('http://127.0.0.1/');
  expect(checker).toMatchObject({ kind: 'dependency', failOn: 'error' });
  expect(isPeerCheck(checker)).toBe(true);
  expect(isPeerCheck({ ...checker, display: 'value' })).toBe(true);
  expect(isPeerCheck({ kind: 'dependency', check: () => undefined })).toBe(false);
});
