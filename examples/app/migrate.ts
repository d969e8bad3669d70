/**
 * Migrates the schema. Each migration or rollback is one transaction, which holds an advisory lock to its end: it happens
 * completely or not at all, any number of machines may start one at the same time, and nothing stays behind on a connection
 * that a pooler such as PgBouncer hands to the next client.
 */
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import pg from 'pg';
import type { DatabaseConfig } from './config.ts';
import { clientConfig } from './database.ts';
import { refuseUntransactional } from './migration-text.ts';
import { appliedMigrations, knownMigrations, migrationsFolder, migrationsTable } from './migrations.ts';

/** How long to wait for a connection, in milliseconds. */
const connectTimeoutMs = 10_000;
/** How long to wait for another machine's migration, and for any lock that a migration does not bound itself. */
const lockTimeoutSeconds = 60;

/** Where the SQL files are, if not next to this code; tests set it. */
export interface MigrateOptions {
  folder?: string;
}

/**
 * Runs every migration that the database lacks. A database that is ahead of this code is left as it is.
 * @returns the names of those that were run, in order
 * @throws Error with PostgreSQL's message; nothing has changed then
 */
export async function migrate(config: DatabaseConfig, options: MigrateOptions = {}): Promise<string[]> {
  const folder = options.folder ?? migrationsFolder;
  // Faulty files are refused before anything is touched.
  refuseUntransactional(folder, knownMigrations(folder));
  return locked(config, (client) => run(client, folder, 'up'));
}

/**
 * Undoes the migrations after a version, newest first.
 * @param version the one to go back to; 0 undoes all
 * @returns the names of those that were undone, in order
 * @throws Error for an unknown version, or with PostgreSQL's message; nothing has changed then
 */
export async function rollback(
  config: DatabaseConfig,
  version: number,
  options: MigrateOptions = {},
): Promise<string[]> {
  const folder = options.folder ?? migrationsFolder;
  const known = knownMigrations(folder);
  refuseUntransactional(folder, known);
  if (version !== 0 && !known.some((each) => each.version === version)) {
    const versions = known.map((each) => each.version).join(', ');
    throw new Error(`Expected a version to go back to, one of 0, ${versions}, got ${version}`);
  }
  return locked(config, async (client) => {
    // Querying a missing table would abort the transaction.
    const { rows } = await client.query(`SELECT to_regclass('public.${migrationsTable}') AS found`);
    const applied = rows[0].found === null ? [] : await appliedMigrations(client);
    const count = applied.filter(({ name }) => Number.parseInt(name, 10) > version).length;
    return count === 0 ? [] : run(client, folder, 'down', count);
  });
}

/** One migration: when it was run, undefined if it was not; `known` is false if this code has no such file. */
export interface MigrationStatus {
  name: string;
  appliedAt: Date | undefined;
  known: boolean;
}

/** Every migration that this code or the database knows, oldest first. */
export async function status(
  config: DatabaseConfig,
  options: MigrateOptions = {},
): Promise<MigrationStatus[]> {
  const known = knownMigrations(options.folder).map(({ name }) => name);
  const applied = new Map(
    await connected(config, async (client) =>
      (await appliedMigrations(client)).map(({ name, at }) => [name, at] as const),
    ),
  );
  const names = [...new Set([...known, ...applied.keys()])].sort();
  return names.map((name) => ({ name, appliedAt: applied.get(name), known: known.includes(name) }));
}

/** The library logs which SQL failed and where; everything else is reported here. */
const logger = { info: () => {}, warn: () => {}, error: (text: string) => console.error(text) };

/**
 * Runs migrations inside the transaction that `locked` has opened. The library would end it: `singleTransaction` sends a
 * BEGIN (inside a transaction a warning and no more) and a COMMIT or ROLLBACK of its own where there is something to run,
 * and neither where there is nothing. Those three are kept from the server, so that `locked` alone ends its transaction.
 */
async function run(
  client: pg.Client,
  dir: string,
  direction: 'up' | 'down',
  count?: number,
): Promise<string[]> {
  const done = await runner({
    dbClient: withoutTransactionControl(client),
    dir,
    direction,
    ...(count === undefined ? {} : { count }),
    // Without `schema`, for which the library would send a SET that outlives the transaction.
    migrationsSchema: 'public',
    migrationsTable,
    singleTransaction: true,
    checkOrder: true,
    noLock: true,
    logger,
  });
  return done.map(({ name }) => name);
}

const transactionControl = new Set<unknown>(['BEGIN', 'COMMIT', 'ROLLBACK']);

/** The client, for which these three statements succeed and do nothing. */
function withoutTransactionControl(client: pg.Client): pg.Client {
  return new Proxy(client, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (key !== 'query') return typeof value === 'function' ? value.bind(target) : value;
      return (text: unknown, ...values: unknown[]) =>
        transactionControl.has(text) ? Promise.resolve({ rows: [] }) : value.call(target, text, ...values);
    },
  });
}

async function connected<T>(config: DatabaseConfig, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    ...clientConfig(config),
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'release',
  });
  // A connection that is cut off rejects the query too; the event would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}

/** PostgreSQL's code for a lock that could not be acquired in time (`lock_not_available`). */
const lockNotAvailable = '55P03';
/** PostgreSQL's code for a statement that is not allowed in a transaction (`active_sql_transaction`). */
const activeSqlTransaction = '25001';

/**
 * Lock and settings belong to the transaction, because the session may serve another client a moment later: a pooler in
 * transaction mode gives each transaction any of its connections. READ COMMITTED, whatever the database's default, so that
 * what is read under the lock is what the previous holder has committed.
 */
function locked<T>(config: DatabaseConfig, use: (client: pg.Client) => Promise<T>): Promise<T> {
  return connected(config, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE');
    try {
      await client.query(`SET LOCAL lock_timeout = '${lockTimeoutSeconds}s'`);
      await client.query('SET LOCAL search_path = public');
      await client.query(`SELECT pg_advisory_xact_lock(${PG_MIGRATE_LOCK_ID})`).catch((cause) => {
        if (cause.code !== lockNotAvailable) throw cause;
        throw new Error(
          `Another migration has been running for over ${lockTimeoutSeconds} s: look for application_name 'release' ` +
            'in pg_stat_activity, and run this again when it is done',
          { cause },
        );
      });
      const result = await use(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      // A connection that is gone has rolled back already.
      await client.query('ROLLBACK').catch(() => {});
      throw explained(error as Error & { code?: string });
    }
  });
}

function explained(error: Error & { code?: string }): Error {
  if (error.code !== activeSqlTransaction) return error;
  return new Error(
    `${error.message}. The migrations of a release are one transaction, and nothing has changed. Run this statement by ` +
      'hand on a direct connection, or write the migration so that it can be part of a transaction',
    { cause: error },
  );
}
