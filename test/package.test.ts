import { execFileSync } from 'node:child_process';
import {
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
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import * as face from '../src/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'allswell-consumer-'));
const installed = join(folder, 'node_modules/allswell');

/** Runs Node on a program of a consumer that has nothing but the packed tarball. */
function run(file: string, program: string, ...flags: string[]): string {
  writeFileSync(join(folder, file), program);
  return execFileSync(process.execPath, [...flags, file], { cwd: folder, encoding: 'utf8' });
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

test('the tarball holds what is needed and nothing else, under 255 kB', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  const top = readdirSync(installed);
  expect(top.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json']);
  const bytes = files.reduce(
    (sum, file) =>
      sum + (statSync(join(installed, file)).isFile() ? statSync(join(installed, file)).size : 0),
    0,
  );
  expect(bytes).toBeLessThan(255_000);
});

test('the public face is this', () => {
  expect(Object.keys(face).sort()).toMatchSnapshot();
});

test('the changelog speaks of the version of the package', () => {
  expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toMatch(
    new RegExp(`^## (Unreleased|\\[?${manifest.version})`, 'm'),
  );
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

test('metrics without prom-client fail with the name of what is missing', () => {
  const program = "import('allswell/prometheus').catch((error) => console.log(error.message));";
  expect(run('missing.mjs', program)).toContain("Cannot find package 'prom-client'");
});

test('the published types need neither pg nor express', () => {
  const types = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.d.ts'),
  );
  for (const file of types) {
    const imports = [
      ...readFileSync(join(installed, 'dist', file), 'utf8').matchAll(/from '([^.][^']*)'/g),
    ].map((match) => match[1]);
    const allowed =
      file === 'metrics/prometheus.d.ts'
        ? ['prom-client']
        : ['node:http', 'node:https', 'node:net', 'node:stream'];
    expect(
      imports.filter((name) => !allowed.includes(name as string)),
      file,
    ).toEqual([]);
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
  for (const name of ['express', 'pg', '@types', 'prom-client']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(
    join(folder, 'consumer.mts'),
    `import express from 'express';
    import pg from 'pg';
    import { type Checker, HealthController, heap, middleware, ok, postgres, type Report, uptime } from 'allswell';
    import { prometheus } from 'allswell/prometheus';

    const pool = new pg.Pool({ connectionString: 'postgres://127.0.0.1:1/none' });
    const custom: Checker = { kind: 'process', check: ({ signal, name }) => (signal.aborted ? undefined : ok(name)) };
    const health = new HealthController({ timeoutMs: 500 })
      .register('database', postgres(pool), { failOn: 'never' })
      .register('memory', heap({ warnBytes: 900_000_000 }))
      .register('custom', custom, { groups: ['live'] })
      .register('bare', async () => {})
      .register('uptime', uptime());
    health.on('change', ({ before, after }) => before?.status === after.status);
    express().use(middleware(health, { metrics: prometheus(health), details: (request) => request.method === 'GET' }));
    const report: Report = await health.report('ready');
    console.log(report.status, report.checks.get('bare')?.status);
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
    'degraded ok\n',
  );
});
