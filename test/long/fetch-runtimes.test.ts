import { fileURLToPath } from 'node:url';
import { expect, describe as suite, test } from 'vitest';
import { fetchHandler } from '../../src/adapters/fetch.ts';
import { HealthController } from '../../src/health/controller.ts';
// @ts-expect-error plain JavaScript, which other runtimes load too
import { fetchApplication } from '../fixtures/fetch-application.mjs';
import { start } from '../helpers/processes.ts';
import { type Ask, httpClient, type Told } from '../helpers/worlds.ts';

const program = fileURLToPath(new URL('../fixtures/fetch-server.mjs', import.meta.url));
const PATH = '/api/v1/health';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const REQUESTS: readonly (readonly [path: string, ask?: Ask])[] = [
  [PATH],
  [`${PATH}/ready?x=1`],
  [`${PATH}/live/`],
  [`${PATH}/checks/memory`],
  [`${PATH}/checks/nope`],
  [`${PATH}?format=text`],
  [`${PATH}?format=health%2Bjson`],
  ['/livez'],
  ['/metrics'],
  ['/broken'],
  ['/other'],
  ['/down'],
  ['/down', { method: 'HEAD' }],
  ['/down', { method: 'OPTIONS' }],
  [
    '/down',
    { method: 'OPTIONS', headers: { Origin: 'https://a.example', 'Access-Control-Request-Method': 'GET' } },
  ],
  ['/down', { method: 'POST', body: 'x' }],
  ['/down', { method: 'DELETE' }],
  ['/down', { headers: { Accept: BROWSER } }],
  ['/down?verbose'],
  ['/draining'],
  ['/draining/live'],
];

const HEADERS = [
  'content-type',
  'cache-control',
  'x-content-type-options',
  'content-security-policy',
  'allow',
  'x-envoy-immediate-health-check-fail',
] as const;

/** What has to be the same everywhere. */
function essence({ status, headers, text }: Told): object {
  return { status, text, ...Object.fromEntries(HEADERS.map((name) => [name, headers[name]])) };
}

suite.each([
  ['Bun', 'bun@1', []],
  ['Deno', 'deno@2', ['run', '--quiet', '--allow-net', '--allow-env', '--allow-read', '--allow-sys']],
] as const)('fetchHandler on %s', (_name, runtime, args) => {
  test('answers byte for byte as on Node', async () => {
    const child = start('npx', ['-y', runtime, ...args, program]);
    const [, port] = await child.says(/port (\d+)/);
    const ask = httpClient(Number(port));
    const handle = fetchApplication({ HealthController, fetchHandler });
    for (const [path, request = {}] of REQUESTS) {
      const { method = 'GET', headers = {}, body = null } = request;
      const expected: Response = await handle(
        new Request(`http://x.example${path}`, { method, headers, body }),
      );
      const told = await ask(path, request);
      const known = Object.fromEntries(expected.headers);
      const context = `${method} ${path}`;
      expect(essence(told), context).toEqual(
        essence({ status: expected.status, headers: known, text: await expected.text() }),
      );
      if (expected.status !== 418) {
        expect(told.headers.vary, context).toBe('Accept');
        expect(told.headers['content-length'], context).toBe(known['content-length']);
      }
    }
    const verbose = await ask('/down?verbose', { headers: { 'X-Admin': 'yes' } });
    expect(verbose.text).toContain('"code":"ECONNREFUSED"');
    expect((await ask('/draining')).headers.connection).toMatch(/^close/);
  });
});
