import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { expect, test, vi } from 'vitest';
import { CHECK_DEFAULTS } from '../src/health/check-options.ts';
import { DEFAULT_TIMEOUT_MS } from '../src/health/controller-options.ts';
import { HTTP_DEFAULTS } from '../src/http/options.ts';
import { startCluster } from './helpers/database.ts';
import { patienceMs, start } from './helpers/processes.ts';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const readme = readFileSync(at('README.md'), 'utf8');

/** The first code block in the language. */
function block(language: string, index = 0): string {
  const found = [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))][index];
  return found?.[1] ?? '';
}

/** The cell of a table row that begins with an option's name. */
function defaultOf(option: string): string | undefined {
  return readme.match(new RegExp(`^\\| \`${option}\` \\| ([^|]*) \\|`, 'm'))?.[1]?.trim();
}

test('the whole program, verbatim, on a real server: healthy, the database gone, the database back', async () => {
  const program = block('ts');
  expect(program).toContain(
    "import { HealthController, heap, middleware, postgres, uptime } from 'allswell';",
  );
  // Inside the package, so that it finds itself by its name.
  mkdirSync(at('build'), { recursive: true });
  writeFileSync(at('build/readme-program.mjs'), program);
  const cluster = await startCluster();
  const child = start(
    process.execPath,
    [
      '--import',
      new URL('fixtures/port-of-its-own.mjs', import.meta.url).href,
      at('build/readme-program.mjs'),
    ],
    { env: { ...process.env, DATABASE_URL: cluster.url } },
  );
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
  const metrics = await agent.get('/metrics');
  expect(metrics.text).toContain('health_group_up{group="all"} 1');
  expect(metrics.text).toContain('process_cpu_seconds_total');
  child.kill('SIGKILL');
});

test.each([
  ['timeoutMs', String(DEFAULT_TIMEOUT_MS)],
  ['failOn', `\`'${CHECK_DEFAULTS.failOn}'\``],
  ['groups', `\`['${CHECK_DEFAULTS.groups.join("', '")}']\``],
  ['maxAgeMs', String(CHECK_DEFAULTS.maxAgeMs)],
  ['path', `\`${HTTP_DEFAULTS.path}\``],
  ['metricsPath', `\`${HTTP_DEFAULTS.metricsPath}\``],
  ['details', `\`'${HTTP_DEFAULTS.details}'\``],
  ['degradedStatusCode', String(HTTP_DEFAULTS.degradedStatusCode)],
])('the table of options has the default of %s', (option, value) => {
  expect(defaultOf(option)?.startsWith(value), `${option}: ${defaultOf(option)}`).toBe(true);
});

test('every file that the README names exists', () => {
  const names = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] as string);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(() => readFileSync(at(name)), name).not.toThrow();
});
