import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gracefulShutdown, HealthController, listen } from 'allswell';
import { prometheus } from 'allswell/prometheus';
import pg from 'pg';
import { pino } from 'pino';
import { createApp } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { type LocalDatabase, startLocalDatabase } from './local-database.ts';
import { createNotesTable } from './notes.ts';

const logger = pino();
const health = new HealthController({ logger });
const server = createServer();
const config = configOrExit();
let database: LocalDatabase | undefined;
let pool: pg.Pool | undefined;

// Before anything is opened, so that a signal during start-up closes what is open by then.
const { shutdown } = gracefulShutdown(server, health, {
  logger,
  drainDelayMs: config.drainDelayMs,
  onShutdown: [
    // A start that failed fails this hook, and so makes the exit code 1.
    { name: 'start-up', run: () => started, timeoutMs: 20_000 },
    { name: 'pool', run: () => pool?.end() },
    { name: 'local database', run: () => database?.stop(), timeoutMs: 20_000 },
  ],
});

const started = start();
started.catch((error) => {
  logger.fatal(`Could not start: ${error.message}`);
  void shutdown();
});

async function start(): Promise<void> {
  const connectionString = config.databaseUrl ?? (await openLocalDatabase());
  if (health.isDraining) return; // told to stop meanwhile
  pool = new pg.Pool({ connectionString });
  const metrics = prometheus(health);
  server.on('request', createApp({ health, metrics, pool, logger }));
  // A port of its own for probes and Prometheus, which answers while the service still starts and while it drains.
  const admin = await listen(health, { port: config.adminPort, host: config.adminHost, metrics }).catch(
    (cause) => {
      throw new Error(`ADMIN_PORT: ${cause.message}`, { cause });
    },
  );
  await createNotesTable(pool).catch((cause) => {
    const reason = cause.message || cause.code || cause;
    throw new Error(`The database does not answer, check DATABASE_URL: ${reason}`, { cause });
  });
  if (health.isDraining) return;
  const port = await listenOn(config.port);
  logger.info({ port, adminPort: admin.port }, `Listening on port ${port}, for probes on port ${admin.port}`);
  if (!config.isProduction) sayWhatToTry(`http://localhost:${port}`, admin.url);
}

async function openLocalDatabase(): Promise<string> {
  logger.info('DATABASE_URL is not set: starting an embedded PostgreSQL in a temporary folder');
  database = await startLocalDatabase();
  const { port, folder, url } = database;
  logger.info({ port, folder }, `PostgreSQL runs on port ${port}; it is removed when we stop`);
  return url;
}

async function listenOn(port: number): Promise<number> {
  server.listen(port);
  try {
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use: stop what listens there, or set PORT to another port`);
  }
}

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    logger.fatal((error as Error).message);
    return process.exit(1);
  }
}

function sayWhatToTry(url: string, adminUrl: string): void {
  console.log(`Try:
  curl ${url}/api/v1/health
  curl ${url}/metrics
  curl ${url}/notes
  curl ${url}/notes -H 'content-type: application/json' -d '{"text":"hello"}'
  curl ${adminUrl}/readyz?verbose`);
}
