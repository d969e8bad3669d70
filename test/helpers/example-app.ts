import type { SpawnOptions } from 'node:child_process';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../examples/app/migrate.ts';
import { createDatabase } from './database.ts';
import { type Child, start, temporaryFolder } from './processes.ts';

/** The example service as a child process. */
export interface ExampleApp extends Child {
  /** Its TMPDIR: what it leaves behind is in here. */
  temporary: string;
  /** Waits until it listens. @returns `http://localhost:<port>` */
  listening(): Promise<string>;
}

type Environment = Record<string, string>;

const root = fileURLToPath(new URL('../..', import.meta.url));

function wrap(child: Child, temporary: string): ExampleApp {
  const listening = async () => `http://localhost:${(await child.says(/Listening on port (\d+)/))[1]}`;
  return { ...child, temporary, listening };
}

/** Our own environment without what the service reads, a free port, and what the test adds. */
function environment(temporary: string, extra: Environment): NodeJS.ProcessEnv {
  const { NODE_ENV, DATABASE_URL, DATABASE_SSL, HOST, ADMIN_HOST, DRAIN_DELAY_MS, LOG_LEVEL, ...inherited } =
    process.env;
  return { ...inherited, PORT: '0', ADMIN_PORT: '0', TMPDIR: temporary, ...extra };
}

/**
 * Creates a database as it is after the release commands, on the shared cluster unless another is given.
 * @returns its connection string
 */
export async function createMigratedDatabase(cluster?: { url: string }): Promise<string> {
  const databaseUrl = await createDatabase(cluster);
  await migrate({ databaseUrl, databaseSsl: undefined, poolSize: 1 });
  return databaseUrl;
}

/** Runs the compiled service with node, as a container would; or another entry of it. */
export async function startServer(extra: Environment = {}, entry = 'server.js'): Promise<ExampleApp> {
  const temporary = await temporaryFolder();
  const options: SpawnOptions = { cwd: root, env: environment(temporary, extra) };
  return wrap(start(process.execPath, [`build/examples/app/${entry}`], options), temporary);
}

/**
 * Runs `npm start` in a process group of its own, as a terminal would; in a copy of the checkout, because it compiles,
 * and tests that run beside it use what is compiled here.
 */
export async function npmStart(): Promise<ExampleApp> {
  const temporary = await temporaryFolder();
  const copy = join(temporary, 'checkout');
  for (const name of ['package.json', 'tsconfig.json', 'scripts', 'src', 'examples']) {
    await cp(join(root, name), join(copy, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const options: SpawnOptions = { cwd: copy, env: environment(temporary, {}), detached: true };
  return wrap(start('npm', ['start'], options), temporary);
}
