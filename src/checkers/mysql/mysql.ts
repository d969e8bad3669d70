import type { CheckContext, Checker } from '../../health/checker.ts';
import { type CheckResult, error, ok } from '../../health/result.ts';
import { failureCode, failureMessage } from '../../internal/error-text.ts';
import { unlessAborted } from '../../internal/promises.ts';
import { hasMethods, Validator } from '../../internal/validator.ts';
import { doorOf, figuresOf, type MysqlConnection } from './connection-source.ts';
import type { MysqlPool } from './pool.ts';

const PING = 'SELECT 1';

/**
 * Sends `SELECT 1` to a MySQL or MariaDB server through the application's own pool: it takes one connection, runs one query
 * and returns the connection. Waiting for a connection counts towards the timeout. On a timeout the connection is destroyed,
 * not returned, because a query that hangs would hold its place in the pool until the process restarts; at most one place is
 * ever taken. `details` include the pool's figures.
 *
 * @example mysql(createPool({ uri: process.env.DATABASE_URL }))
 * @param pool a pool of mysql2, with callbacks or (`mysql2/promise`) with promises
 * @throws ConfigError if `pool` is no such pool
 */
export function mysql(pool: MysqlPool): Checker {
  const validator = new Validator();
  if (!hasMethods(pool, ['getConnection'])) {
    const isConnection = hasMethods(pool, ['query', 'end', 'beginTransaction']);
    if (isConnection)
      validator.add('Expected `pool` to be a pool of mysql2, got a single connection; use createPool()');
    else validator.expected('pool', 'a pool of mysql2, from createPool()', pool);
  }
  validator.throwIfAny('Invalid mysql() options');
  return { kind: 'dependency', maxOutstanding: 1, check: (context) => ask(pool, context) };
}

async function ask(pool: MysqlPool, context: CheckContext): Promise<CheckResult> {
  const { signal, timeoutMs } = context;
  context.setTimeoutMessage(() => waitingFor(pool, timeoutMs));
  try {
    const connection = await doorOf(pool).acquire(signal);
    context.setTimeoutMessage(`no answer to ${PING} within ${timeoutMs} ms`);
    await askConnection(connection, signal);
    return ok(undefined, { details: poolDetails(pool) });
  } catch (thrown) {
    const code = failureCode(thrown);
    const details = poolDetails(pool);
    return error(failureMessage(thrown), code === undefined ? { details } : { code, details });
  }
}

/** Runs the query on a connection, which is returned to the pool if it answers and destroyed if it does not. */
async function askConnection(connection: MysqlConnection, signal: AbortSignal): Promise<void> {
  const unguard = connection.guard();
  try {
    // A connection that is destroyed never answers, so the signal has to end the wait.
    await unlessAborted(connection.query(PING), signal);
  } catch (thrown) {
    connection.destroy();
    throw thrown;
  }
  unguard();
  connection.release();
}

function waitingFor(pool: MysqlPool, timeoutMs: number): string {
  const figures = figuresOf(pool);
  if (figures === undefined || figures.waiting === 0 || figures.total < figures.max)
    return `no connection within ${timeoutMs} ms`;
  const { total, idle, waiting, max } = figures;
  return `no free connection (${total - idle} of ${max} in use, ${waiting} waiting)`;
}

function poolDetails(pool: MysqlPool): Record<string, unknown> {
  const figures = figuresOf(pool);
  return figures === undefined ? {} : { pool: { ...figures } };
}
