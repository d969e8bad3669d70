import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import * as face from '../src/index.ts';
import { cleanText } from '../src/internal/redact/clean-text.ts';
import { HARMLESS_LINES, SECRET_LINES } from './fixtures/credential-lines.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'allswell-consumer-'));
const installed = join(folder, 'node_modules/allswell');

/** Runs Node on a program of a consumer that has nothing but the packed tarball. */
function run(file: string, program: string, ...flags: string[]): string {
  writeFileSync(join(folder, file), program);
  return execFileSync(process.execPath, [...flags, file], { cwd: folder, encoding: 'utf8' });
}

/** Gives the consumer further packages. */
function link(...names: string[]): void {
  for (const name of names) {
    const target = join(folder, 'node_modules', name);
    if (!existsSync(target)) symlinkSync(join(root, 'node_modules', name), target);
  }
}

beforeAll(() => {
  // The tests have built the package already; packing it must not build it again under others.
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, packed.trim()), '--strip-components=1', '-C', installed]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files of the package, or of a folder in it, relative to that. */
function filesOf(path = ''): string[] {
  const entries = readdirSync(join(installed, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(installed, path), join(entry.parentPath, entry.name)))
    .sort();
}

/** What is loaded when it is first needed: by `listen(…, { thread: true })`, and for the page. */
const LAZY = ['dist/listen-in-thread.js', 'dist/page.js'];

test('the tarball holds one file for each entry, what they share, their declarations and nothing else', () => {
  const entries = Object.values(manifest.exports).map((entry) =>
    typeof entry === 'string' ? entry : entry.default,
  );
  const commands = Object.values(manifest.bin);
  const expected = [...entries, ...commands, 'dist/shared.js', ...LAZY, 'LICENSE', 'README.md'].map((file) =>
    relative('.', file),
  );
  expect(filesOf().filter((file) => !file.startsWith('dist/types/'))).toEqual(expected.sort());
});

test('it takes less than 512 kB', () => {
  const bytes = filesOf().reduce((sum, file) => sum + statSync(join(installed, file)).size, 0);
  expect(bytes).toBeLessThan(512_000);
});

test('its code is readable, except for the program of the thread: no comments, no minified lines, no source maps that lead nowhere', () => {
  for (const file of filesOf('dist').filter((each) => each.endsWith('.js'))) {
    const lines = readFileSync(join(installed, 'dist', file), 'utf8').split('\n');
    expect(
      lines.filter((line) => /^\s*(?:\/\/|\/\*)|[@#]__PURE__|sourceMappingURL/.test(line)),
      file,
    ).toEqual([]);
    expect(lines.length, file).toBeGreaterThan(100);
  }
});

test('each declaration is an entry or is referred to by another, and refers to nothing that is missing', () => {
  const types = filesOf('dist/types');
  const entries = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [relative('dist/types', entry.types)],
  );
  const referred = types.flatMap((file) => {
    const text = readFileSync(join(installed, 'dist/types', file), 'utf8');
    return [...text.matchAll(/'(\.[^']+)\.ts'/g)].map((match) => join(dirname(file), `${match[1]}.d.ts`));
  });
  expect([...new Set([...entries, ...referred])].sort()).toEqual(types);
});

test('a clean checkout packs what this one does: packing builds first', () => {
  const checkout = join(folder, 'checkout');
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const tracked = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const file of tracked.filter((each) => existsSync(join(root, each))))
    cpSync(join(root, file), join(checkout, file));
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  const args = ['pack', '--dry-run', '--json', '--silent', '--foreground-scripts=false'];
  const output = execFileSync('npm', args, { cwd: checkout, encoding: 'utf8', timeout: 50_000 });
  const [{ files }] = JSON.parse(output) as [{ files: { path: string }[] }];
  expect(files.map(({ path }) => path).sort()).toEqual(filesOf());
});

test('the public face is this', () => {
  expect(Object.keys(face).sort()).toMatchSnapshot();
});

test('the public declarations are those of the report, so that a change of the face is seen in review', async () => {
  const sections = filesOf('dist/types').map((file) => {
    const text = readFileSync(join(installed, 'dist/types', file), 'utf8');
    const code = text.replace(/\/\*\*[\s\S]*?\*\//g, '').replace(/\n\s*(?=\n)/g, '');
    return `// ${file}\n${code.trim()}\n`;
  });
  await expect(sections.join('\n')).toMatchFileSnapshot('public-face.txt');
});

test('the changelog speaks of the version of the package', () => {
  expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toMatch(
    new RegExp(`^## (Unreleased|\\[?${manifest.version})`, 'm'),
  );
});

test('importing it loads neither node:crypto nor node:http, which cost more than all of it', () => {
  const program = `
    import 'allswell';
    const loaded = process.moduleLoadList.map((each) => each.replace('NativeModule ', ''));
    console.log(loaded.filter((each) => ['crypto', 'http', 'https', 'tls', 'http2'].includes(each)));
  `;
  expect(run('builtins.mjs', program)).toBe('[]\n');
});

test('importing it loads no third-party module', () => {
  const program = "import { HealthController } from 'allswell'; console.log(typeof HealthController);";
  expect(run('alone.mjs', program)).toBe('function\n');
});

test('the command of the tarball runs, and is marked as a program', () => {
  const command = join(installed, manifest.bin.allswell);
  expect(execFileSync(process.execPath, [command, '--help'], { encoding: 'utf8' })).toContain(
    'allswell probe',
  );
  expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('its redactor, built with short names, masks what the one in src masks', () => {
  const lines = [...SECRET_LINES, ...HARMLESS_LINES].filter((line) => line !== '');
  const texts = lines.map((line) => line.replaceAll('{F}', 'zK8vQ2mX4tR9').replaceAll('{G}', 'w7PnL3bY'));
  writeFileSync(join(folder, 'texts.json'), JSON.stringify(texts));
  const program = `
    import { readFileSync } from 'node:fs';
    import { error, HealthController } from 'allswell';
    const logger = { info() {}, warn() {}, error() {} };
    const messages = JSON.parse(readFileSync('texts.json', 'utf8')).map(async (text) => {
      const { checks } = await new HealthController({ logger }).register('a', () => error(text)).report();
      return checks.a.message;
    });
    console.log(JSON.stringify(await Promise.all(messages)));
  `;
  expect(JSON.parse(run('redaction.mjs', program))).toEqual(texts.map((text) => cleanText(text)));
});

test('its page is loaded when it is first opened', () => {
  const program = `
    import { fetchHandler, HealthController } from 'allswell';
    const handle = fetchHandler(new HealthController());
    const page = await handle(new Request('http://localhost/api/v1/health?format=html'));
    console.log(page.status, page.headers.has('content-security-policy'), (await page.text()).slice(0, 15));
  `;
  expect(run('page.mjs', program)).toBe('200 true <!doctype html>\n');
});

test('metrics without prom-client fail with the name of what is missing', () => {
  const program = "import('allswell/prometheus').catch((error) => console.log(error.message));";
  expect(run('missing.mjs', program)).toContain("Cannot find package 'prom-client'");
});

test('its entries share their classes: an error that one throws is of the class that the other exports', () => {
  link('prom-client');
  const program = `
    import { ConfigError } from 'allswell';
    import { prometheus } from 'allswell/prometheus';
    try { prometheus(undefined); } catch (error) { console.log(error.constructor === ConfigError); }
  `;
  expect(run('classes.mjs', program)).toBe('true\n');
});

test('the published types need neither pg nor express', () => {
  const allowed = ['node:http', 'node:http2', 'node:https', 'node:net', 'node:stream'];
  for (const file of filesOf('dist/types')) {
    const text = readFileSync(join(installed, 'dist/types', file), 'utf8');
    const imports = [...text.matchAll(/from '([^.][^']*)'/g)].map((match) => match[1] as string);
    const forbidden = imports.filter((name) => !allowed.includes(name));
    expect(forbidden, file).toEqual(file.endsWith('prometheus.d.ts') ? ['prom-client'] : []);
  }
});

test('a CommonJS consumer can require it', () => {
  const program = `
    const { HealthController, uptime } = require('allswell');
    const health = new HealthController().register('uptime', uptime());
    health.report().then((report) => console.log(report.status));
  `;
  expect(run('consumer.cjs', program, '--no-warnings')).toBe('healthy\n');
});

test('a strict TypeScript consumer compiles and runs', () => {
  link('express', 'pg', '@types', 'prom-client');
  writeFileSync(
    join(folder, 'consumer.mts'),
    `import express from 'express';
    import pg from 'pg';
    import { type Checker, HealthController, heap, middleware, ok, postgres, type Report, uptime } from 'allswell';
    import { disk, http, ping } from 'allswell/checkers';
    import { prometheus } from 'allswell/prometheus';
    import { type FakeChecker, fakeChecker, VirtualClock } from 'allswell/testing';

    const fake: FakeChecker = fakeChecker().passes();
    const clock = new VirtualClock();
    const pool = new pg.Pool({ connectionString: 'postgres://127.0.0.1:1/none' });
    const custom: Checker = { kind: 'process', check: ({ signal, name }) => (signal.aborted ? undefined : ok(name)) };
    const health = new HealthController({ timeoutMs: 500 })
      .register('database', postgres(pool), { failOn: 'never' })
      .register('memory', heap({ warnBytes: 900_000_000 }))
      .register('custom', custom, { groups: ['live'] })
      .register('disk', disk({ path: '/', errorFreeBytes: 1 }))
      .register('peer', http('http://127.0.0.1:1/'), { failOn: 'never' })
      .register('orm', ping(() => pool.totalCount, { cancel: (count) => count.toFixed() }))
      .register('fake', fake)
      .register('bare', async () => {})
      .register('uptime', uptime());
    health.on('groupChange', ({ before, after }) => before?.status === after.status);
    express().use(middleware(health, { metrics: prometheus(health), details: (request) => request.method === 'GET' }));
    const report: Report = await health.report('ready');
    console.log(report.status, report.checks.bare?.status, clock.now());
    await health.close();
    await pool.end();
    `,
  );
  const flags =
    '--strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --module nodenext --target es2023 --types node';
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, ...flags.split(' '), 'consumer.mts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(execFileSync(process.execPath, ['consumer.mjs'], { cwd: folder, encoding: 'utf8' })).toBe(
    'degraded ok 0\n',
  );
});
