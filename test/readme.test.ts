/** What README.md and docs/options.md say is what happens. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LISTEN_DEFAULTS } from '../src/adapters/listen-options.ts';
import { CHECK_DEFAULTS } from '../src/health/check-options.ts';
import type { CheckFunction } from '../src/health/checker.ts';
import { DEFAULT_TIMEOUT_MS } from '../src/health/controller-options.ts';
import { warning } from '../src/health/result.ts';
import { HTTP_DEFAULTS } from '../src/http/options.ts';
import {
  type ConfigError,
  gracefulShutdown,
  HealthController,
  isConfigError,
  listen,
  middleware,
} from '../src/index.ts';
import { startCluster } from './helpers/database.ts';
import { patienceMs, start } from './helpers/processes.ts';
import { portOfItsOwn, programFile, recipe, urlOf } from './helpers/recipes.ts';
import { resultOf } from './helpers/run.ts';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const readme = readFileSync(at('README.md'), 'utf8');

/** A code block of README.md in the language. */
function block(language: string, index = 0): string {
  const found = [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))][index];
  return found?.[1] ?? '';
}

test('the whole program, verbatim, on a real server: healthy, the database stopped, the database back', async () => {
  const program = block('ts');
  expect(program).toContain(
    "import { HealthController, heap, middleware, postgres, uptime } from 'allswell';",
  );
  // Inside the package, so that it finds itself by its name.
  mkdirSync(at('build'), { recursive: true });
  writeFileSync(at('build/readme-program.mjs'), program);
  const cluster = await startCluster();
  const child = start(process.execPath, ['--import', portOfItsOwn, at('build/readme-program.mjs')], {
    env: { ...process.env, DATABASE_URL: cluster.url },
  });
  const [, port] = await child.says(/listening on (\d+)/);
  const agent = request(`http://127.0.0.1:${port}`);
  const poll = async (status: number) => {
    let text = '';
    await vi.waitUntil(
      async () => {
        const response = await agent.get('/api/v1/health');
        text = response.text.replace(/"uptime":\d+/, '"uptime":4242');
        return response.status === status;
      },
      { timeout: patienceMs, interval: 100 },
    );
    return `${text}\n`;
  };
  expect(await poll(200)).toBe(block('json', 0));
  await cluster.halt('immediate');
  expect(await poll(503)).toBe(block('json', 1));
  await cluster.start();
  expect(await poll(200)).toBe(block('json', 0));
  await child.says(/is ok again/);
  const log = child
    .output()
    .replace(/^listening.*\n/, '')
    .replace(`:${new URL(cluster.url).port}`, ':5432')
    .replace(/after [\d.]+ s/, 'after 42.7 s');
  expect(log).toBe(block('text'));
  const metrics = await agent.get('/metrics');
  expect(metrics.text).toContain('health_group_up{group="all"} 1');
  expect(metrics.text).toContain('process_cpu_seconds_total');
  child.kill('SIGKILL');
});

describe('the checker', () => {
  const code = block('js');

  /** The checker, asking a server that answers like this. */
  async function askingServer(status: number, body: string): Promise<CheckFunction> {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    const register = vi.fn<(name: string, check: CheckFunction) => void>();
    const program = code.replace('http://queue.internal', `http://127.0.0.1:${port}`);
    new Function('health', 'warning', program)({ register }, warning);
    const [name, check] = register.mock.calls[0] ?? [];
    expect(name).toBe('queue');
    return check as CheckFunction;
  }

  test.each([
    [200, '17', 'ok', undefined],
    [200, '10001', 'warning', '10001 jobs are waiting, expected at most 10000'],
    [500, 'oops', 'error', 'the queue answered 500 oops'],
    [500, '17', 'error', 'the queue answered 500 17'],
    [200, 'oops', 'error', 'the queue answered 200 oops'],
    [200, '', 'error', 'the queue answered 200'],
  ])('of README.md is right when the other side answers %i %j', async (code, body, status, message) => {
    const check = await askingServer(code, body);
    const result = await resultOf({ kind: 'dependency', check });
    expect([result.status, result.message?.trim()]).toEqual([status, message]);
  });
});

test.each([
  ['express.md', 'app.use(middleware(health));'],
  ['nest.md', 'app.use(middleware(health));', 'long/frameworks.test.ts'],
  ['connect.md', 'app.use(middleware(health));'],
  ['fastify.md', 'attach(app.server, health);'],
  ['koa.md', 'const server = createServer(app.callback());'],
  ['koa.md', 'attach(server, health);'],
  ['hono.md', 'const handle = fetchHandler(health);'],
  ['hono.md', 'app.use((context, next) => handle(context.req.raw) ?? next());'],
])(
  'how README.md mounts it is what a test runs in %s',
  async (page, line, runBy = 'shutdown/recipes.test.ts') => {
    expect(readme).toContain(`\`${line}\``);
    expect(await recipe(page, runBy)).toContain(line);
  },
);

test.each([
  ['await listen(health, { port: 9091 });', 'a worker without a server', false],
  ['await listen(health, { port: 9091, thread: true });', 'a thread', true],
])('%s of README.md serves %s', async (line, row, isThread) => {
  expect(readme.match(new RegExp(`^\\| ${row}.*`, 'm'))?.[0]).toContain(`\`${line}\``);
  const program = [
    "import { writeSync } from 'node:fs';",
    "import { HealthController, listen } from 'allswell';",
    "const health = new HealthController().register('a', () => undefined);",
    `const admin = ${line.replace('9091', '0')}`,
    "await (await fetch(admin.url + '/livez')).text();",
    "writeSync(1, 'listening on ' + admin.port + '\\n');",
    // A loop that is blocked until the process is killed.
    ...(isThread ? ['Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'] : []),
  ];
  const child = start(process.execPath, [await programFile(program.join('\n'))]);
  const url = await urlOf(child);
  const live = await fetch(`${url}/api/v1/health/live`);
  expect([live.status, await live.json()]).toMatchObject([200, { status: 'healthy', checks: {} }]);
  if (!isThread) expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
  child.kill('SIGKILL');
});

test('the commands are scripts of the package', () => {
  const { scripts } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  expect(block('sh', 1)).toMatch(/^npm ci && npm start .*\nnpm cit /);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']));
});

describe('the tables of options', () => {
  const health = new HealthController();
  const foreign = { '': true } as object;
  const options = readFileSync(at('docs/options.md'), 'utf8');
  const shutdown = readFileSync(at('docs/shutdown.md'), 'utf8');

  /** The rows under a heading: the name of the option, and what the table calls its default. */
  function rows(document: string, heading: string): Map<string, string> {
    const [, section = ''] = document.split(`## ${heading}`);
    const [own = ''] = section.split('\n## ');
    return new Map(
      [...own.matchAll(/^\| `(\w+)` \| ([^|]*) \|/gm)].map(([, name = '', value = '']) => [name, value]),
    );
  }

  /** The names of all options, which the message for an unknown one lists. */
  async function known(call: () => unknown): Promise<string[]> {
    const thrown = await Promise.resolve()
      .then(call)
      .catch((error: unknown) => error);
    expect(isConfigError(thrown)).toBe(true);
    const [, list = ''] = (thrown as ConfigError).message.split('the options are');
    return [...list.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
  }

  const http = () => known(() => middleware(health, foreign));

  test('have every option and no other', async () => {
    const names = (heading: string, document = options) => [...rows(document, heading).keys()].sort();
    const sorted = async (call: () => unknown) => (await known(call)).sort();
    expect(names('new HealthController')).toEqual(await sorted(() => new HealthController(foreign)));
    expect(names('health.register')).toEqual(
      await sorted(() => new HealthController().register('a', () => undefined, foreign)),
    );
    expect(names('middleware')).toEqual((await http()).sort());
    const shared = await http();
    const listening = await sorted(() => listen(health, foreign));
    expect(names('listen(')).toEqual(listening.filter((name) => !shared.includes(name)));
    expect(names('Options', shutdown)).toEqual(
      (await sorted(() => gracefulShutdown([], health, foreign))).filter((name) => name !== 'clock'),
    );
  });

  test.each([
    ['new HealthController', 'timeoutMs', String(DEFAULT_TIMEOUT_MS)],
    ['health.register', 'failOn', `\`'${CHECK_DEFAULTS.failOn}'\``],
    ['health.register', 'groups', `\`['${CHECK_DEFAULTS.groups.join("', '")}']\``],
    ['health.register', 'maxAgeMs', String(CHECK_DEFAULTS.maxAgeMs)],
    ['health.register', 'failureThreshold', String(CHECK_DEFAULTS.failureThreshold)],
    ['health.register', 'successThreshold', String(CHECK_DEFAULTS.successThreshold)],
    ['middleware', 'path', `\`${HTTP_DEFAULTS.path}\``],
    ['middleware', 'metricsPath', `\`${HTTP_DEFAULTS.metricsPath}\``],
    ['middleware', 'metricsTimeoutMs', String(HTTP_DEFAULTS.metricsTimeoutMs)],
    ['middleware', 'details', `\`'${HTTP_DEFAULTS.details}'\``],
    ['middleware', 'degradedStatusCode', String(HTTP_DEFAULTS.degradedStatusCode)],
    ['listen(', 'port', String(LISTEN_DEFAULTS.port)],
    ['listen(', 'host', `\`${LISTEN_DEFAULTS.host}\``],
  ])('under %s have the default of %s', (heading, option, value) => {
    expect(rows(options, heading).get(option)?.split(';')[0]).toBe(value);
  });
});
