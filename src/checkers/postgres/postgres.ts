import type { CheckContext, Checker } from '../../health/checker.ts';
import { type CheckResult, error, ok } from '../../health/result.ts';
import { failureCode, failureMessage } from '../../internal/error-text.ts';
import { hasMethods, Validator } from '../../internal/validator.ts';
import { canBeDedicated, DedicatedConnection } from './dedicated-connection.ts';
import { notAPool } from './not-a-pool.ts';
import {
  type ConnectionSource,
  connectionSourceOf,
  type PostgresClient,
  type PostgresPool,
  poolFigures,
} from './pool-connection-source.ts';

const PING = 'SELECT 1';

/** Returns a string, because applications change how their driver parses other types. */
const ASK_ROLE = "SELECT CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END AS role";

const ROLES = ['primary', 'standby'];

/** What {@link postgres} checks, and through which connection. Every field has a default. */
export interface PostgresOptions {
  /**
   * What the server has to be: a `primary` accepts writes, a `standby` follows one and is read-only
   * (`pg_is_in_recovery()`). The check is `error` on a server in the other role, as after a failover that a
   * host name or a load balancer has not followed; a connection to such a server is closed, so that the next
   * one goes where the name points by then. Default: none, any server that answers will do.
   */
  readonly role?: 'primary' | 'standby';
  /**
   * `true`: the check keeps one dedicated connection, opened with the pool's options, and does not use the
   * pool. It reconnects by itself, after repeated failures at most every 5 seconds. For services whose pool is
   * meant to be full under load, above all where many instances share one database: with connections from the
   * pool, load that fills every pool makes every instance unready at once. Costs the server one connection per
   * instance, and the check no longer notices that the pool is full. Hooks of the pool such as `onConnect` do
   * not run on it. Default `false`.
   */
  readonly dedicated?: boolean;
}

/**
 * Sends `SELECT 1` to a PostgreSQL server through the application's own pool: it takes one client, runs one
 * query and returns the client. On a timeout the client is destroyed, not returned, because a query that hangs
 * would hold its slot of the pool until the process restarts; at most one slot is ever taken. `details` include
 * the pool's figures.
 *
 * A check that shares a busy pool waits like any other query: when load fills the pool of every instance, every
 * instance becomes unready at once. Use `dedicated: true` there.
 *
 * @example postgres(pool, { role: 'primary' })
 * @param pool a `pg.Pool` or anything that looks like one: Drizzle's `db.$client`, TypeORM's `dataSource.driver.master`
 * @throws ConfigError with every issue in pool and options
 */
export function postgres(pool: PostgresPool, options?: PostgresOptions): Checker {
  const own = checkArguments(pool, options);
  // Even with a dedicated connection: its listener keeps the pool's errors from ending the process.
  const door = connectionSourceOf(pool);
  const dedicated = own.dedicated ? new DedicatedConnection(pool) : undefined;
  const asked: Asked = { pool, source: dedicated ?? door, role: own.role };
  const checker: Checker = {
    kind: 'dependency',
    maxOutstanding: 1,
    check: (context) => ask(asked, context),
  };
  return dedicated === undefined ? checker : { ...checker, close: () => dedicated.close() };
}

interface Asked {
  readonly pool: PostgresPool;
  readonly source: ConnectionSource;
  readonly role: PostgresOptions['role'];
}

function checkArguments(pool: PostgresPool, options: PostgresOptions | undefined): PostgresOptions {
  const validator = new Validator();
  const mistake = notAPool(pool);
  if (mistake !== undefined) validator.add(mistake);
  else if (!hasMethods(pool, ['connect'])) validator.expected('pool', 'a pg.Pool', pool);
  const own = validator.options<PostgresOptions>('options', options, ['role', 'dedicated']);
  validator.oneOf('role', own.role, ROLES);
  validator.boolean('dedicated', own.dedicated);
  if (
    own.dedicated === true &&
    mistake === undefined &&
    hasMethods(pool, ['connect']) &&
    !canBeDedicated(pool)
  ) {
    validator.add(
      '`dedicated` needs an actual pg.Pool: the connection is opened with its `Client` and `options`, which this pool lacks',
    );
  }
  validator.throwIfAny('Invalid postgres() options');
  return own;
}

async function ask({ pool, source, role }: Asked, context: CheckContext): Promise<CheckResult> {
  const { signal, timeoutMs } = context;
  context.setTimeoutMessage(() => withLoss(source.waitingFor(timeoutMs), source));
  try {
    const client = await source.acquire(signal, timeoutMs);
    const text = role === undefined ? PING : ASK_ROLE;
    context.setTimeoutMessage(() =>
      withLoss(
        `no answer to ${role === undefined ? PING : 'pg_is_in_recovery()'} within ${timeoutMs} ms`,
        source,
      ),
    );
    const found = await askClient(client, text, role, signal);
    source.lastLoss = undefined;
    const details = { ...(role === undefined ? {} : { role: found }), ...poolFigures(pool) };
    return found === role ? ok(undefined, { details }) : wrongRole(String(role), found, details);
  } catch (thrown) {
    const code = failureCode(thrown);
    const details = poolFigures(pool);
    return error(
      withLoss(failureMessage(thrown), source),
      code === undefined ? { details } : { code, details },
    );
  }
}

/**
 * Runs the query on a client, which is returned to the pool if the answer is as expected and closed if it is not.
 * @returns the server's role, if one is `expected`
 */
async function askClient(
  client: PostgresClient,
  text: string,
  expected: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  let isHeld = true;
  const giveBack = (destroy: boolean) => {
    if (!isHeld) return;
    isHeld = false;
    client.release(destroy);
  };
  const onAbort = () => {
    try {
      giveBack(true);
    } catch {
      // An abort listener that throws would end the process; the run is over and has its message.
    }
  };
  // A checked-out client emits `error` when its connection breaks, and then the pool does not listen.
  const ignore = () => undefined;
  client.on?.('error', ignore);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const answer = await client.query(text);
    const found = expected === undefined ? undefined : roleIn(answer);
    client.removeListener?.('error', ignore);
    giveBack(found !== expected);
    return found;
  } catch (thrown) {
    onAbort();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function roleIn(answer: unknown): string {
  const role = (answer as { rows?: readonly { role?: unknown }[] } | undefined)?.rows?.[0]?.role;
  if (typeof role === 'string' && ROLES.includes(role)) return role;
  throw new Error(
    'the answer to pg_is_in_recovery() cannot be read: is this PostgreSQL, through the driver `pg`?',
  );
}

function wrongRole(
  expected: string,
  found: string | undefined,
  details: Record<string, unknown>,
): CheckResult {
  const hint =
    expected === 'primary'
      ? 'it accepts no writes; after a failover, does the host name point to the new primary?'
      : 'reads now load the primary; was the standby promoted?';
  return error(`expected a ${expected} server, found a ${found}: ${hint}`, {
    code: 'ERR_POSTGRES_ROLE',
    details,
  });
}

function withLoss(message: string, source: ConnectionSource): string {
  const { lastLoss } = source;
  return lastLoss === undefined ? message : `${message} (an idle connection was lost before: ${lastLoss})`;
}
