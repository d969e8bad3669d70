import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Child, findProgram, freePort, start, temporaryFolder } from './processes.ts';

/** The PgBouncer of this machine, if it has one. */
export const PGBOUNCER_PATH: string | undefined = findProgram('pgbouncer');

/** A PgBouncer of its own. */
export interface Pgbouncer {
  /** Connection string of the same database, through the pooler. */
  readonly url: string;
  readonly child: Child;
}

/**
 * Puts a PgBouncer in transaction mode in front of a database for the running test: after each transaction a connection
 * to the server goes to the client that comes next.
 * @param poolSize how many connections to the server it shares among all clients
 */
export async function startPgbouncer(databaseUrl: string, poolSize: number): Promise<Pgbouncer> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const name = pathname.slice(1);
  const listenPort = await freePort();
  const file = join(await temporaryFolder(), 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
${name} = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
`,
  );
  // It refuses to run as root: 65534 is nobody.
  const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = start(String(PGBOUNCER_PATH), [file], account);
  await child.says(/process up/);
  const url = new URL(databaseUrl);
  url.port = String(listenPort);
  url.username = 'application';
  return { url: url.href, child };
}
