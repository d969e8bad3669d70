/**
 * Moves the schema. Each move holds a lock of the database from before it looks until it is done, so that any number of
 * machines may run one at once, and is one transaction: it happens whole or not at all.
 */
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import pg from 'pg';
import type { DatabaseConfig } from './config.ts';
import { clientConfig } from './database.ts';
import { appliedMigrations, knownMigrations, migrationsFolder, migrationsTable } from './migrations.ts';

/** How long to wait for a connection, in milliseconds. */
const connectTimeoutMs = 10_000;
/** How long to wait for another machine's migration, and for any lock that a migration does not bound itself. */
const lockTimeoutSeconds = 60;

/** Where the SQL files are, if not beside this code; tests set it. */
export interface MigrateOptions {
  folder?: string;
}

/**
 * Runs every migration that the database lacks. A database that is ahead of this code is left as it is.
 * @returns the names of those that were run, in order
 * @throws Error with PostgreSQL's words; nothing has changed then
 */
export function migrate(config: DatabaseConfig, options: MigrateOptions = {}): Promise<string[]> {
  const folder = options.folder ?? migrationsFolder;
  // Validator of the files, before anything is touched.
  knownMigrations(folder);
  return locked(config, (client) => run(client, folder, 'up'));
}

/**
 * Undoes the migrations after a version, newest first.
 * @param version the one to go back to; 0 undoes all
 * @returns the names of those that were undone, in order
 * @throws Error for a version that there is not, or with PostgreSQL's words; nothing has changed then
 */
export async function rollback(
  config: DatabaseConfig,
  version: number,
  options: MigrateOptions = {},
): Promise<string[]> {
  const folder = options.folder ?? migrationsFolder;
  const known = knownMigrations(folder);
  if (version !== 0 && !known.some((each) => each.version === version)) {
    const versions = known.map((each) => each.version).join(', ');
    throw new Error(`Expected a version to go back to, one of 0, ${versions}, got ${version}`);
  }
  return locked(config, async (client) => {
    const applied = await appliedMigrations(client);
    const count = applied.filter(({ name }) => Number.parseInt(name, 10) > version).length;
    return count === 0 ? [] : run(client, folder, 'down', count);
  });
}

/** One migration: when it was run, undefined where it was not; `known` is false where this code has no such file. */
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

/** The library says what SQL failed and where; the rest we say ourselves. */
const logger = { info: () => {}, warn: () => {}, error: (text: string) => console.error(text) };

async function run(
  client: pg.Client,
  dir: string,
  direction: 'up' | 'down',
  count?: number,
): Promise<string[]> {
  const done = await runner({
    dbClient: client,
    dir,
    direction,
    ...(count === undefined ? {} : { count }),
    schema: 'public',
    migrationsTable,
    singleTransaction: true,
    checkOrder: true,
    noLock: true,
    logger,
  });
  return done.map(({ name }) => name);
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

/** PostgreSQL's code for a lock that was not to be had in time (`lock_not_available`). */
const lockNotAvailable = '55P03';

/** The lock is the session's, so it goes with the connection, however this ends. */
function locked<T>(config: DatabaseConfig, use: (client: pg.Client) => Promise<T>): Promise<T> {
  return connected(config, async (client) => {
    await client.query(`SET lock_timeout = '${lockTimeoutSeconds}s'`);
    await client.query(`SELECT pg_advisory_lock(${PG_MIGRATE_LOCK_ID})`).catch((cause) => {
      if (cause.code !== lockNotAvailable) throw cause;
      throw new Error(
        `Another migration has been running for over ${lockTimeoutSeconds} s: look for application_name 'release' in ` +
          'pg_stat_activity, and run this again when it is done',
        { cause },
      );
    });
    return use(client);
  });
}
