import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patienceMs, start } from '../helpers/processes.ts';
import { expectGracefulEnd, portOfItsOwn, recipe, urlOf } from '../helpers/recipes.ts';

/** Frameworks that are too large to be dependencies of the project: installed here, in a folder of their own. */
const FRAMEWORKS = [
  '@nestjs/common@12.5.1',
  '@nestjs/core@12.5.1',
  '@nestjs/platform-express@12.5.1',
  'reflect-metadata@0.2.2',
  'rxjs@7.8.2',
  '@apollo/server@5.5.1',
  '@as-integrations/express5@1.1.2',
  'express@5',
  'graphql@16',
];

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'allswell-frameworks-'));
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const options = { cwd: folder, timeout: 300_000 };
  await promisify(execFile)(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...FRAMEWORKS],
    options,
  );
  await symlink(
    fileURLToPath(new URL('../..', import.meta.url)),
    join(folder, 'node_modules/allswell'),
    'dir',
  );
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the recipe for', { timeout: 2 * patienceMs }, () => {
  test.each(['nest.md', 'apollo.md'])('%s loses no request', async (page) => {
    const file = join(folder, page.replace('.md', '.mjs'));
    await writeFile(file, await recipe(page, 'long/frameworks.test.ts'));
    await expectGracefulEnd(start(process.execPath, ['--import', portOfItsOwn, file], { cwd: folder }));
  });

  test('nest.md without its warning: enableShutdownHooks() closes the server, which is noticed and logged', async () => {
    const file = join(folder, 'nest-hooks.mjs');
    const program = await recipe('nest.md', 'long/frameworks.test.ts');
    await writeFile(
      file,
      program.replace('await app.listen', 'app.enableShutdownHooks();\nawait app.listen'),
    );
    const child = start(process.execPath, ['--import', portOfItsOwn, file], { cwd: folder });
    await urlOf(child);
    child.kill('SIGTERM');
    expect((await child.ended).code, child.output()).toBe(1);
    expect(child.output()).toMatch(/another listener for SIGTERM/);
    expect(child.output()).toMatch(/The server stopped listening \d+ ms into the drain delay.*framework/);
  });
});
