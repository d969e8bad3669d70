import type { CheckContext, Checker } from '../core/checker.ts';
import { Faults, hasMethods } from '../core/faults.ts';
import { type CheckResult, error, failureMessage, ok, readFailure } from '../core/result.ts';
import { doorOf, type PoolDoor, type PostgresClient, type PostgresPool } from './postgres-pool.ts';

const QUERY = 'SELECT 1';

/**
 * Asks a PostgreSQL server `SELECT 1` through the application's own pool: one client, one query, given back.
 * When the time is over the client is destroyed, not given back, because a query that hangs would keep its
 * slot of the pool until the process restarts; at most one slot is ever taken.
 *
 * Beware: a check that shares a busy pool waits like any other query. When load fills the pool of every
 * instance, every instance becomes unready at once.
 *
 * @param pool a `pg.Pool` or anything that looks like one
 * @throws ConfigError if `pool` is not a pool
 */
export function postgres(pool: PostgresPool): Checker {
  const faults = new Faults();
  if (!hasMethods(pool, ['connect'])) faults.expected('pool', 'a pg.Pool', pool);
  faults.throwIfAny('Cannot make a postgres checker');
  const door = doorOf(pool);
  return { kind: 'dependency', check: (context) => ask(door, context) };
}

async function ask(door: PoolDoor, context: CheckContext): Promise<CheckResult> {
  const { signal, timeoutMs } = context;
  context.explainTimeout(() => {
    const fullness = door.fullness();
    const what =
      fullness === undefined ? `no connection within ${timeoutMs} ms` : `no free connection (${fullness})`;
    return withIdleError(what, door);
  });
  try {
    const client = await door.acquire(signal);
    context.explainTimeout(() => withIdleError(`no answer to ${QUERY} within ${timeoutMs} ms`, door));
    await query(client, signal);
    door.idleError = undefined;
    return ok();
  } catch (thrown) {
    const failure = readFailure(thrown);
    return error(
      withIdleError(failureMessage(thrown), door),
      failure.code === undefined ? {} : { code: failure.code },
    );
  }
}

/** Runs the query on a client that goes back to the pool if it answers, and is destroyed if it does not. */
async function query(client: PostgresClient, signal: AbortSignal): Promise<void> {
  let isHeld = true;
  const giveBack = (destroy: boolean) => {
    if (isHeld) client.release(destroy);
    isHeld = false;
  };
  const onAbort = () => giveBack(true);
  // A client that is checked out emits `error` when its connection breaks, and the pool does not listen then.
  const ignore = () => undefined;
  client.on?.('error', ignore);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    await client.query(QUERY);
    client.removeListener?.('error', ignore);
    giveBack(false);
  } catch (thrown) {
    giveBack(true);
    throw thrown;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function withIdleError(message: string, door: PoolDoor): string {
  const { idleError } = door;
  return idleError === undefined ? message : `${message} (an idle connection was lost before: ${idleError})`;
}
