import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { migrate, rollback } from '../../../examples/app/migrate.ts';
import { knownMigrations } from '../../../examples/app/migrations.ts';
import { createDatabase, query } from '../../helpers/database.ts';
import { PGBOUNCER_PATH, startPgbouncer } from '../../helpers/pgbouncer.ts';
import { patienceMs, start, temporaryFolder } from '../../helpers/processes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const names = knownMigrations().map(({ name }) => name);

/** An empty database behind a pooler whose connections are few enough to be used again at once. */
async function pooledDatabase(poolSize = 1) {
  const direct = await createDatabase();
  const { url, child } = await startPgbouncer(direct, poolSize);
  return { direct, url, child, config: { databaseUrl: url, databaseSsl: undefined, poolSize: 1 } };
}

function release(env: Record<string, string>, command: string) {
  const { DATABASE_URL, MIGRATE_DATABASE_URL, NODE_ENV, ...inherited } = process.env;
  const child = start(process.execPath, ['build/examples/app/release.js', command], {
    cwd: root,
    env: { ...inherited, ...env },
  });
  return child.ended.then(({ code }) => ({ code, output: child.output() }));
}

/** What a connection of the pool is like to the application that gets it next, and which locks the database knows. */
async function leftBehind(pooled: string, direct: string) {
  const [settings] = await query<Record<string, string>>(
    pooled,
    `SELECT current_setting('lock_timeout') AS lock_timeout, current_setting('search_path') AS search_path`,
  );
  const locks = await query(
    direct,
    `SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND datname = current_database()`,
  );
  return { ...settings, locks };
}

const nothing = { lock_timeout: '0', search_path: '"$user", public', locks: [] };

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = join(await temporaryFolder(), 'migrations');
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const missing = 'No PgBouncer found: install it (Debian: apt-get install pgbouncer)';
if (PGBOUNCER_PATH === undefined && process.env.CI) {
  test('there is a PgBouncer in CI', () => {
    expect.fail(missing);
  });
} else if (PGBOUNCER_PATH === undefined) {
  console.warn(`SKIPPED: the tests of releases through a pooler. ${missing}`);
}

const title = 'a release through a PgBouncer in transaction mode';
describe.skipIf(PGBOUNCER_PATH === undefined)(title, { timeout: 2 * patienceMs }, () => {
  test('leaves neither a lock nor a setting on the pooled connection: done, with nothing to do, undone', async () => {
    const { direct, url, config } = await pooledDatabase();
    expect(await migrate(config)).toEqual(names);
    expect(await leftBehind(url, direct)).toEqual(nothing);
    expect(await migrate(config)).toEqual([]);
    expect(await leftBehind(url, direct)).toEqual(nothing);
    expect(await rollback(config, 0)).toEqual(names.toReversed());
    expect(await rollback(config, 0)).toEqual([]);
    expect(await leftBehind(url, direct)).toEqual(nothing);
  });

  test('that fails leaves nothing either, and the next one goes on', async () => {
    const { direct, url, config } = await pooledDatabase();
    const folder = await folderOf({
      '0001_one.sql': 'CREATE TABLE one (id integer);',
      '0002_two.sql': 'SELECT * FROM nowhere;',
    });
    await expect(migrate(config, { folder })).rejects.toThrow('relation "nowhere" does not exist');
    expect(await leftBehind(url, direct)).toEqual(nothing);
    expect(await query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
    expect(await migrate(config)).toEqual(names);
  });

  test.each([1, 2])(
    'two deploys at once both exit 0, and each migration is run once (%i pooled connections)',
    async (poolSize) => {
      const { direct, url } = await pooledDatabase(poolSize);
      const env = { DATABASE_URL: url, NODE_ENV: 'production' };
      const runs = await Promise.all([release(env, 'migrate'), release(env, 'migrate')]);
      expect(
        runs.map(({ code }) => code),
        JSON.stringify(runs),
      ).toEqual([0, 0]);
      expect(runs.map(({ output }) => output).sort()).toEqual([
        `Run: ${names.join(', ')}\n`,
        'The database lacks no migration.\n',
      ]);
      expect(await leftBehind(url, direct)).toEqual(nothing);
    },
  );

  test('waits for a migration in progress, and sees what that one has done', async () => {
    const { direct, config } = await pooledDatabase(2);
    const other = new pg.Client({ connectionString: direct });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT pg_advisory_xact_lock(7241865325823964)');
      const migrating = migrate(config);
      let isOver = false;
      void migrating.then(() => {
        isOver = true;
      });
      const waiting =
        "SELECT count(*)::integer AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
      await expect.poll(() => query(direct, waiting), { timeout: patienceMs }).toEqual([{ n: 1 }]);
      expect(isOver).toBe(false);
      await other.query('COMMIT');
      expect(await migrating).toEqual(names);
    } finally {
      await other.end();
    }
  });

  test('bypasses the pooler where MIGRATE_DATABASE_URL is set', async () => {
    const { direct, url, child } = await pooledDatabase();
    const env = { DATABASE_URL: url, MIGRATE_DATABASE_URL: direct };
    expect(await release(env, 'migrate')).toEqual({ code: 0, output: `Run: ${names.join(', ')}\n` });
    expect(child.output()).not.toContain('login attempt');
  });

  test('rejects with an explanation what cannot be part of a transaction, and nothing has changed', async () => {
    const { direct, config } = await pooledDatabase();
    const concurrently = await folderOf({
      '0001_one.sql': 'CREATE TABLE one (id integer);',
      '0002_two.sql': 'CREATE INDEX CONCURRENTLY two ON one (id);',
    });
    await expect(migrate(config, { folder: concurrently })).rejects.toThrow(
      /CREATE INDEX CONCURRENTLY cannot .* transaction .*nothing has changed\. Run this statement by hand/,
    );
    const committing = await folderOf({ '0001_one.sql': 'CREATE TABLE one (id integer); COMMIT;' });
    await expect(migrate(config, { folder: committing })).rejects.toThrow(
      '0001_one.sql: expected no transaction control, found `COMMIT`',
    );
    expect(await query(direct, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });
});
