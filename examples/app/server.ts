import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { startLocalDatabase } from './local-database.ts';
import { createNotesTable } from './notes.ts';

/** How long requests in flight may take once we are told to stop. */
const graceMs = 10_000;

/** What is open, in the order it was opened; closed the other way round. */
const opened: { name: string; close: () => Promise<unknown> }[] = [];

async function openLocalDatabase(): Promise<string> {
  console.log('DATABASE_URL is not set: starting an embedded PostgreSQL in a temporary folder.');
  const database = await startLocalDatabase();
  opened.push({ name: 'the embedded PostgreSQL', close: database.stop });
  console.log(`PostgreSQL runs on port ${database.port} in ${database.folder}, and is removed when we stop.`);
  return database.url;
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use: stop what listens there, or set PORT to another port`);
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  await Promise.race([closed, delay(graceMs, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const pool = new pg.Pool({ connectionString: config.databaseUrl ?? (await openLocalDatabase()) });
  opened.push({ name: 'the connection pool', close: () => pool.end() });
  const { app, health } = createApp(pool);
  opened.push({ name: 'the health checks', close: () => health.close() });
  await createNotesTable(pool).catch((cause) => {
    const reason = cause.message || cause.code || cause;
    throw new Error(`The database does not answer, check DATABASE_URL: ${reason}`, { cause });
  });
  const server = app.listen(config.port);
  const port = await listen(server, config.port);
  opened.push({
    name: 'the server',
    close: () => {
      health.drain();
      return closeServer(server);
    },
  });
  const url = `http://localhost:${port}`;
  console.log(`Listening on port ${port}. Try:
  curl ${url}/api/v1/health
  curl ${url}/metrics
  curl ${url}/notes
  curl ${url}/notes -H 'content-type: application/json' -d '{"text":"hello"}'`);
}

/** Closes what is open, last opened first: one failure must not keep the database from being removed. */
async function closeAll(): Promise<boolean> {
  let clean = true;
  for (const { name, close } of opened.reverse()) {
    await Promise.resolve()
      .then(close)
      .catch((error) => {
        clean = false;
        console.error(`Could not close ${name}:`, error);
      });
  }
  return clean;
}

let stopping: Promise<void> | undefined;

/** A second signal changes nothing: npm passes a terminal's Ctrl-C on although node has had it already. */
function stop(): Promise<void> {
  stopping ??= started.then(async (success) => {
    const clean = await closeAll();
    process.exit(success && clean ? 0 : 1);
  });
  return stopping;
}

// Before anything is started, so that a signal during start-up finds it too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping === undefined) console.log(`Got ${signal}, stopping.`);
    void stop();
  });
}

const started: Promise<boolean> = start().then(
  () => true,
  (error) => {
    console.error(`Could not start: ${error.message}`);
    void stop();
    return false;
  },
);
