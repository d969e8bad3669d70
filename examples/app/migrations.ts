/**
 * Which migrations this code has, which of them a database has, and the health check that compares the two. `migrate.ts`
 * runs them, so that the service need not load a migration library.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Checker } from 'allswell';
import type { Pool, PoolClient } from 'pg';

/** A migration of this code. */
export interface Migration {
  /** The number in front of the file's name: what `rollback` takes. */
  readonly version: number;
  /** The file's name without its ending, as stored in the database. */
  readonly name: string;
}

/** The table that records what was run, in the schema `public`. */
export const migrationsTable = 'schema_migrations';

/** Where the SQL files are: next to the source, for the compiled code too, which has no copy. */
export const migrationsFolder: string = fileURLToPath(
  import.meta.url.endsWith('.ts')
    ? new URL('./migrations/', import.meta.url)
    : new URL('../../../examples/app/migrations/', import.meta.url),
);

/** How the release commands are run, from the root of the image. */
export const releaseCommand = 'node build/examples/app/release.js';

const filePattern = /^(\d{4})_[a-z0-9-]+\.sql$/;

/**
 * The migrations of this code, oldest first.
 * @throws Error that names a file of another kind, or a version that exists twice
 */
export function knownMigrations(folder: string = migrationsFolder): readonly Migration[] {
  const migrations = readdirSync(folder)
    .sort()
    .map((file) => {
      const match = filePattern.exec(file);
      if (match === null)
        throw new Error(`Expected ${folder} to hold only files such as 0001_create-notes.sql, found ${file}`);
      return { version: Number(match[1]), name: file.slice(0, -'.sql'.length) };
    });
  for (const [index, { version, name }] of migrations.entries()) {
    const before = migrations[index - 1];
    if (before?.version === version)
      throw new Error(`Two migrations have the number ${version}: ${before.name}, ${name}`);
  }
  return migrations;
}

/** PostgreSQL's code for a missing table (`undefined_table`). */
const undefinedTable = '42P01';

/** The migrations that a database has, oldest first; none if it was never migrated. */
export async function appliedMigrations(
  client: Pick<PoolClient, 'query'>,
): Promise<{ name: string; at: Date }[]> {
  try {
    const text = `SELECT name, run_on AS at FROM public.${migrationsTable} ORDER BY name`;
    return (await client.query<{ name: string; at: Date }>(text)).rows;
  } catch (error) {
    if ((error as { code?: unknown }).code === undefinedTable) return [];
    throw error;
  }
}

/**
 * `error` while the database lacks a migration of this code. A database that is ahead is fine: during a rolling deploy
 * the old code runs on the new schema.
 */
export function migrations(pool: Pool, known: readonly Migration[] = knownMigrations()): Checker {
  return {
    kind: 'dependency',
    async check({ signal }) {
      const applied = new Set(
        await withClient(pool, signal, async (client) => {
          return (await appliedMigrations(client)).map(({ name }) => name);
        }),
      );
      const missing = known.filter(({ name }) => !applied.has(name)).map(({ name }) => name);
      if (missing.length === 0) return;
      return {
        status: 'error',
        code: 'ESCHEMA',
        message: `the database lacks ${missing.join(', ')}: run \`${releaseCommand} migrate\` with this DATABASE_URL`,
      };
    },
  };
}

/** Borrows a client of the pool. One that does not answer in time is destroyed: given back, it would block its slot. */
async function withClient<T>(
  pool: Pool,
  signal: AbortSignal,
  use: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let isHeld = true;
  const giveBack = (destroy: boolean) => {
    if (isHeld) client.release(destroy);
    isHeld = false;
  };
  const destroy = () => giveBack(true);
  const ignore = () => {};
  // A connection that breaks meanwhile emits an `error` event too, which would end the process.
  client.on('error', ignore);
  signal.addEventListener('abort', destroy, { once: true });
  try {
    signal.throwIfAborted();
    return await use(client);
  } finally {
    signal.removeEventListener('abort', destroy);
    client.removeListener('error', ignore);
    giveBack(false);
  }
}
