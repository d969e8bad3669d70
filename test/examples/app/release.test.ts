import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate, rollback, status } from '../../../examples/app/migrate.ts';
import { knownMigrations, migrations } from '../../../examples/app/migrations.ts';
import { createDatabase, query } from '../../helpers/database.ts';
import { patienceMs, start, temporaryFolder } from '../../helpers/processes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const names = knownMigrations().map(({ name }) => name);
const newest = names.length;

/** An empty database, and how the release commands are told of it. */
async function emptyDatabase() {
  const databaseUrl = await createDatabase();
  return { databaseUrl, databaseSsl: undefined, poolSize: 1 };
}

/** Runs a release command as a platform does. */
async function release(databaseUrl: string | undefined, ...args: string[]) {
  const { DATABASE_URL, NODE_ENV, ...env } = process.env;
  const child = start(process.execPath, ['build/examples/app/release.js', ...args], {
    cwd: root,
    env: {
      ...env,
      NODE_ENV: 'production',
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    },
  });
  const { code } = await child.ended;
  return { code, output: child.output() };
}

/** A folder of migrations. */
async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = join(await temporaryFolder(), 'migrations');
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

async function tables(url: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    url,
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  return rows.map(({ name }) => name).sort();
}

describe('the release commands', { timeout: 2 * patienceMs }, () => {
  test('two migrate at once on an empty database: both exit 0, and each migration is run once', async () => {
    const { databaseUrl } = await emptyDatabase();
    const runs = await Promise.all([release(databaseUrl, 'migrate'), release(databaseUrl, 'migrate')]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(runs.map(({ output }) => output).sort()).toEqual([
      `Run: ${names.join(', ')}\n`,
      'The database lacks no migration.\n',
    ]);
    const rows = await query<{ name: string }>(
      databaseUrl,
      'SELECT name FROM schema_migrations ORDER BY name',
    );
    expect(rows.map(({ name }) => name)).toEqual(names);
  });

  test('rollback goes back to a version, status tells, migrate goes on from there', async () => {
    const { databaseUrl } = await emptyDatabase();
    await release(databaseUrl, 'migrate');
    expect(await release(databaseUrl, 'rollback', String(newest - 1))).toEqual({
      code: 0,
      output: `Undone: ${names.at(-1)}\n`,
    });
    const { code, output } = await release(databaseUrl, 'status');
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^${names[0]}: run 20.*\\n[^]*${names.at(-1)}: pending\\n$`));
    expect((await release(databaseUrl, 'migrate')).output).toBe(`Run: ${names.at(-1)}\n`);
  });

  test('report what is wrong, without the password, and exit 1', async () => {
    const cases = [
      [await release(undefined, 'migrate'), 'Expected DATABASE_URL to be'],
      [await release('postgres://user:s3cret-word@127.0.0.1:1/app', 'migrate'), 'ECONNREFUSED'],
      [await release((await emptyDatabase()).databaseUrl, 'rollback', '77'), 'one of 0, 1, 2, got 77'],
    ] as const;
    for (const [{ code, output }, text] of cases) {
      expect(output).toContain(text);
      expect(output).not.toContain('s3cret-word');
      expect(code).toBe(1);
    }
  });

  test.each([[[]], [['up']], [['rollback']], [['rollback', 'all']], [['migrate', '1']]])(
    'show how they are used and exit 2 for %j',
    async (args: string[]) => {
      const { code, output } = await release('postgres://127.0.0.1:1/app', ...args);
      expect(output).toContain('rollback <version>');
      expect(code).toBe(2);
    },
  );
});

describe('migrations', { timeout: patienceMs }, () => {
  test('that fail half-way leave nothing behind, not even those before them', async () => {
    const database = await emptyDatabase();
    const folder = await folderOf({
      '0001_one.sql': 'CREATE TABLE one (id integer);',
      '0002_two.sql': 'CREATE TABLE two (id integer); SELECT * FROM nowhere;',
    });
    await expect(migrate(database, { folder })).rejects.toThrow('relation "nowhere" does not exist');
    expect(await tables(database.databaseUrl)).toEqual([]);
  });

  test('can all be undone and done again', async () => {
    const database = await emptyDatabase();
    expect(await migrate(database)).toEqual(names);
    expect(await rollback(database, 0)).toEqual(names.toReversed());
    expect(await tables(database.databaseUrl)).toEqual(['schema_migrations']);
    expect(await rollback(database, 0)).toEqual([]);
    expect(await migrate(database)).toEqual(names);
  });

  test('of newer code are left alone by older code', async () => {
    const database = await emptyDatabase();
    const sql = { '0001_one.sql': 'CREATE TABLE one (id integer);' };
    const newer = await folderOf({ ...sql, '0002_two.sql': 'CREATE TABLE two (id integer);' });
    const older = await folderOf(sql);
    await migrate(database, { folder: newer });
    expect(await migrate(database, { folder: older })).toEqual([]);
    expect(await status(database, { folder: older })).toEqual([
      { name: '0001_one', appliedAt: expect.any(Date), known: true },
      { name: '0002_two', appliedAt: expect.any(Date), known: false },
    ]);
    await expect(rollback(database, 0, { folder: older })).rejects.toThrow('0002_two have been deleted');
    expect(await tables(database.databaseUrl)).toEqual(['one', 'schema_migrations', 'two']);
  });

  test('are rejected where a file has a name that would put it out of order', async () => {
    const odd = await folderOf({ '1_one.sql': '' });
    expect(() => knownMigrations(odd)).toThrow('found 1_one.sql');
    const twice = await folderOf({ '0001_a.sql': '', '0001_b.sql': '' });
    expect(() => knownMigrations(twice)).toThrow('Two migrations have the number 1: 0001_a, 0001_b');
  });

  test('have a check: error with what to run while the schema is behind, ok when it is not', async () => {
    const database = await emptyDatabase();
    const pool = new pg.Pool({ connectionString: database.databaseUrl, max: 1 });
    onTestFinished(() => pool.end());
    const checker = migrations(pool);
    const check = async (signal = new AbortController().signal) =>
      checker.check({ name: 'migrations', timeoutMs: 1000, signal, setTimeoutMessage: () => {} });
    const behind = (missing: string[]) => ({
      status: 'error',
      code: 'ESCHEMA',
      message: `the database lacks ${missing.join(', ')}: run \`node build/examples/app/release.js migrate\` with this DATABASE_URL`,
    });
    expect(await check()).toEqual(behind(names));
    await migrate(database);
    expect(await check()).toBeUndefined();
    await rollback(database, newest - 1);
    expect(await check()).toEqual(behind(names.slice(-1)));
    // A run that is over before it has its client gives it back all the same.
    await expect(check(AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    await migrate(database);
    expect(await check()).toBeUndefined();
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  });
});
