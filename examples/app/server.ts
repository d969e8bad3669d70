import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gracefulShutdown, HealthController, type HealthServer, listen } from 'allswell';
import { prometheus } from 'allswell/prometheus';
import pg from 'pg';
import { pino } from 'pino';
import { createApp } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { poolConfig } from './database.ts';
import type { EnvironmentError } from './environment.ts';
import { type LocalDatabase, startLocalDatabase } from './local-database.ts';

const config = configOrExit();
const logger = pino({ level: config.logLevel });
const health = new HealthController({ logger });
const server = createServer({ keepAliveTimeout: config.keepAliveTimeoutMs });
let database: LocalDatabase | undefined;
let pool: pg.Pool | undefined;
let admin: HealthServer | undefined;

// Before anything is opened, so that a signal during start-up closes what is open by then.
const { shutdown } = gracefulShutdown(server, health, {
  logger,
  drainDelayMs: config.drainDelayMs,
  onShutdown: [
    // If the start failed, so does this hook, which makes the exit code 1.
    { name: 'start-up', run: () => started, timeoutMs: 20_000 },
    { name: 'pool', run: () => pool?.end() },
    { name: 'local database', run: () => database?.stop(), timeoutMs: 20_000 },
    // Closed along with `health` by now; this waits until its thread has ended.
    { name: 'admin port', run: () => admin?.close() },
  ],
});

const started = start();
started.catch((error) => {
  logger.fatal(`Could not start: ${error.message}`);
  void shutdown();
});

async function start(): Promise<void> {
  const databaseUrl = config.databaseUrl ?? (await openLocalDatabase());
  if (health.isDraining) return; // stopped meanwhile
  pool = new pg.Pool({ ...poolConfig(config), connectionString: databaseUrl });
  server.on('request', createApp({ health, pool, logger, memoryWarnBytes: config.memoryWarnBytes }));
  // A port of its own for Prometheus, probes and people, which answers while the service still starts and while it drains. From
  // a thread, because liveness asks it, and a busy process is not dead.
  const { adminPort, adminHost } = config;
  admin = await listen(health, {
    port: adminPort,
    host: adminHost,
    thread: true,
    stackAfterMs: 1000,
    metrics: prometheus(health),
  }).catch((cause) => {
    if (health.isDraining) return undefined;
    throw new Error(`ADMIN_PORT: ${cause.message}`, { cause });
  });
  if (admin === undefined || health.isDraining) return;
  // A database that does not answer yet is no reason to give up: readiness is 503 until it does.
  const port = await listenOn(config.port, config.host);
  const facts = `Listening on port ${port}, for probes and metrics on port ${admin.port}`;
  if (config.isProduction) logger.info({ port, adminPort: admin.port }, facts);
  else greet(facts, `http://localhost:${port}`, admin.url);
}

async function openLocalDatabase(): Promise<string> {
  console.log(
    'DATABASE_URL is not set: starting an embedded PostgreSQL in a temporary folder, removed at the end',
  );
  database = await startLocalDatabase();
  const { port, folder, url } = database;
  logger.debug({ port, folder }, `PostgreSQL runs on port ${port}`);
  // Nobody runs the release commands for an embedded database. Imported here, so that production does not load the library.
  const { migrate } = await import('./migrate.ts');
  await migrate({ ...config, databaseUrl: url });
  return url;
}

/** What a newcomer needs, and no more; in production one log line replaces it. */
function greet(facts: string, url: string, adminUrl: string): void {
  console.log(`${facts}. Ask: curl ${url}/api/v1/health`);
  console.log(`Status page: ${adminUrl}/  metrics: ${adminUrl}/metrics  the application: ${url}/notes`);
  if (database === undefined) return;
  const stop = `kill -QUIT ${database.postmasterPid()}`;
  console.log(
    `To see a failure, stop the database: ${stop}. Then ask again: 503, and the log below says why`,
  );
}

async function listenOn(port: number, host: string | undefined): Promise<number> {
  // Without a host Node takes every IPv6 and IPv4 address, or IPv4 alone where there is no IPv6.
  server.listen({ port, host });
  try {
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Error(`Port ${port} is in use: stop what listens there, or set PORT to another port`);
    throw new Error(`Cannot listen, check HOST and PORT: ${message}`, { cause: error });
  }
}

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    // One line for each fault, so that a log viewer shows them all.
    const { message, faults = [message] } = error as EnvironmentError;
    for (const fault of faults) pino().fatal(fault);
    return process.exit(1);
  }
}
