import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import {
  type LocalDatabase,
  type LocalDatabaseOptions,
  startLocalDatabase,
} from '../../examples/app/local-database.ts';

/** One row of `pg_stat_activity`: what a client's backend is doing. */
export interface Backend {
  pid: number;
  /** `active`, `idle`, `idle in transaction`, … */
  state: string | null;
  /** The statement it runs, or ran last. */
  query: string;
  application_name: string;
}

// One set per test file: Vitest gives each file modules of its own.
const clusters = new Set<LocalDatabase>();
const suspended = new Set<number>();

afterAll(async () => {
  for (const pid of suspended) resume(pid);
  await Promise.all([...clusters].map((cluster) => cluster.stop()));
});

/** Runs one statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  // A connection that is cut off rejects the query too; the event would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** The connection string with another database in it. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/**
 * Creates an empty database with a name of its own, on the shared cluster unless another is given.
 * @returns its connection string
 */
export async function createDatabase(cluster?: { url: string }): Promise<string> {
  const url = cluster?.url ?? inject('sharedClusterUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(url, `CREATE DATABASE ${name}`);
  return withDatabase(url, name);
}

/** Starts a cluster for tests that halt or freeze it. It is stopped after the last test of the file at the latest. */
export async function startCluster(options: LocalDatabaseOptions = {}): Promise<LocalDatabase> {
  const cluster = await startLocalDatabase(options);
  clusters.add(cluster);
  return cluster;
}

/** Freezes a process (SIGSTOP): it keeps its sockets and answers nothing. Undone after the last test at the latest. */
export function suspend(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  suspended.add(pid);
}

/** Lets a process go on (SIGCONT) that `suspend()` froze. One that has ended meanwhile is none of our business. */
export function resume(pid: number): void {
  suspended.delete(pid);
  try {
    process.kill(pid, 'SIGCONT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The clients of the database in this connection string, seen through a connection to another database. */
export async function backends(url: string): Promise<Backend[]> {
  const name = new URL(url).pathname.slice(1);
  return query<Backend>(
    withDatabase(url, 'template1'),
    `SELECT pid, state, query, application_name FROM pg_stat_activity
     WHERE datname = $1 AND backend_type = 'client backend' ORDER BY pid`,
    [name],
  );
}
