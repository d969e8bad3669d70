import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { vi } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import { heap } from '../../src/checkers/heap.ts';
import { type PostgresOptions, postgres } from '../../src/checkers/postgres/postgres.ts';
import { uptime } from '../../src/checkers/uptime.ts';
import { HealthController } from '../../src/health/controller.ts';
import { memoryLogger } from '../helpers/health.ts';
import { patienceMs } from '../helpers/processes.ts';

/** Short, so that a walk through a fault takes a second or two. */
export const TIMEOUT_MS = 250;
export const MAX_AGE_MS = 100;
/** How many clients a pool may have. */
export const POOL_MAX = 3;

/** One answer to a probe. */
export interface Answer {
  readonly statusCode: number;
  readonly tookMs: number;
  /** When the run that it tells of began, on the wall clock. */
  readonly runBeganAt: number;
  readonly checks: Readonly<Record<string, { status: string; message?: string }>>;
}

/**
 * How a service holds its connections. `warm`: clients stay idle in the pool. `cold`: they are closed as soon
 * as they are given back, so every run connects. `dedicated`: the check has a connection of its own.
 */
export type Access = 'warm' | 'cold' | 'dedicated';

/** A service as a user would build it, with its health on a port. */
export interface Service {
  readonly access: Access;
  readonly pool: pg.Pool;
  readonly health: HealthController;
  /** What was logged. */
  readonly log: readonly string[];
  /** Asks as kubelet does: a new connection each time. */
  probe(): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts a service on a database. Its clients' `application_name` is the access. */
export async function startService(
  url: string,
  access: Access,
  options: PostgresOptions = {},
): Promise<Service> {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_MAX,
    application_name: access,
    idleTimeoutMillis: access === 'cold' ? 1 : 60_000,
    connectionTimeoutMillis: 1_000,
  });
  const logger = memoryLogger();
  const health = new HealthController({ timeoutMs: TIMEOUT_MS, logger })
    .register('other', () => undefined, { maxAgeMs: 0 })
    .register('database', postgres(pool, { ...options, dedicated: access === 'dedicated' }), {
      maxAgeMs: MAX_AGE_MS,
    })
    .register('memory', heap())
    .register('uptime', uptime());
  const server = http.createServer(middleware(health, { details: 'always' })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    access,
    pool,
    health,
    log: logger.lines,
    probe: () => probe(port),
    async close() {
      await health.close();
      await pool.end();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function probe(port: number): Promise<Answer> {
  const sentAt = performance.now();
  const request = http.get({ port, host: '127.0.0.1', path: '/api/v1/health?verbose', agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const tookMs = performance.now() - sentAt;
  const { checks } = JSON.parse(text);
  const { checkedAt, durationMs } = checks.database;
  return {
    statusCode: response.statusCode ?? 0,
    tookMs,
    runBeganAt: new Date(checkedAt).getTime() - durationMs,
    checks,
  };
}

/** Waits for something that has to come; how long it may take is the caller's to judge. */
export async function until(condition: () => Promise<unknown> | unknown): Promise<void> {
  await vi.waitUntil(condition, { timeout: patienceMs, interval: 20 });
}
