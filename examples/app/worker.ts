/** A worker. It has no HTTP routes, so health gets a listener of its own. It deletes old notes, once a second. */
import { setTimeout as delay } from 'node:timers/promises';
import { error, gracefulShutdown, HealthController, listen, ok, postgres } from 'allswell';
import { prometheus } from 'allswell/prometheus';
import pg from 'pg';
import { pino } from 'pino';
import { readConfig } from './config.ts';
import { poolConfig } from './database.ts';
import { migrations } from './migrations.ts';
import { pruneNotes } from './notes.ts';

const periodMs = 1000;
/** A round never takes this long, whatever the database does: after that the loop is stuck, and only a restart helps. */
const stuckAfterMs = 60_000;

const logger = pino();
const stopping = new AbortController();
let lastRoundAt = Date.now();

async function work(pool: pg.Pool): Promise<void> {
  while (!stopping.signal.aborted) {
    try {
      const count = await pruneNotes(pool, 30);
      if (count > 0) logger.info({ count }, 'Deleted old notes');
    } catch (err) {
      logger.error({ err }, 'Could not delete old notes; trying again in a second');
    }
    lastRoundAt = Date.now();
    await delay(periodMs, undefined, { signal: stopping.signal }).catch(() => {});
  }
}

/** About the process, not a dependency: the loop keeps going while the database is down. */
function checkLoop() {
  const seconds = Math.round((Date.now() - lastRoundAt) / 1000);
  if (Date.now() - lastRoundAt < stuckAfterMs) return ok(undefined, { value: seconds, unit: 'seconds' });
  return error(`The last round ended ${seconds} s ago, expected one in ${stuckAfterMs / 1000} s`);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const { adminPort, adminHost } = config;
  logger.level = config.logLevel;
  if (config.databaseUrl === undefined) throw new Error('Expected DATABASE_URL to be set');
  const pool = new pg.Pool({
    ...poolConfig(config),
    connectionTimeoutMillis: 5000,
    query_timeout: 10_000,
  });
  const health = new HealthController({ logger })
    .register('database', postgres(pool))
    .register('loop', checkLoop, { kind: 'process', groups: ['live', 'ready'] })
    .register('migrations', migrations(pool));
  const admin = await listen(health, {
    port: adminPort,
    host: adminHost,
    thread: true,
    stackAfterMs: 1000,
    metrics: prometheus(health),
  });
  const working = work(pool);
  // A worker gets no requests, so there is no load balancer to wait for.
  gracefulShutdown(admin, health, {
    logger,
    drainDelayMs: 0,
    onShutdown: [
      { name: 'work in progress', run: () => working, timeoutMs: 15_000 },
      { name: 'pool', run: () => pool.end() },
    ],
  });
  health.on('drain', () => stopping.abort());
  logger.info({ port: admin.port }, `Working; probes are answered on port ${admin.port}`);
}

main().catch((reason: Error) => {
  logger.fatal(`Could not start: ${reason.message}`);
  process.exit(1);
});
