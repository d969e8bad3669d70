import type { CheckContext, Checker } from '../../health/checker.ts';
import { type CheckResult, error } from '../../health/result.ts';
import { failureCode, failureMessage } from '../../internal/error-text.ts';
import { OwnConnection } from '../../internal/own-connection.ts';
import { unlessAborted } from '../../internal/promises.ts';
import { hasMethods, Validator } from '../../internal/validator.ts';
import type { RedisClient } from './client.ts';
import { type Command, PING, ROLES, roleCommand } from './command.ts';
import { driverOf, isIoredis, isNodeRedis, type RedisDriver } from './driver.ts';
import { sharedClientOf } from './shared-client.ts';

/** What {@link redis} checks, and through which connection. Every field has a default. */
export interface RedisOptions {
  /**
   * What the server has to be, according to `ROLE`: a `master` accepts writes. The check is `error` on a server in the
   * other role, as after a failover that a host name has not followed. Default: none, any server that answers will do.
   */
  readonly role?: 'master' | 'replica';
  /**
   * `true`: the check keeps one dedicated connection, opened with `client.duplicate()`, and closes it when it hangs or
   * breaks. It then notices as soon as the server is back, while the application's client may still wait for a dead
   * connection; pass `false` to see what the application sees. Default `false`.
   */
  readonly dedicated?: boolean;
}

/**
 * Sends `PING` to a Redis or Valkey server through the application's own client. The check ends at its deadline whatever
 * the client's offline queue and retry settings; at most one `PING` is ever waiting in the client. The client gets one
 * `error` listener; the message quotes the last error.
 *
 * @example redis(new Redis(process.env.REDIS_URL))
 * @param client of ioredis, or of node-redis (`redis`, `@redis/client`) from version 4
 * @throws ConfigError with every issue in client and options
 */
export function redis(client: RedisClient, options?: RedisOptions): Checker {
  const own = checkArguments(client, options);
  const { role } = own;
  const command = role === undefined ? PING : roleCommand(role);
  const driver = driverOf(client);
  if (!own.dedicated) {
    const shared = sharedClientOf(client, driver);
    return { kind: 'dependency', check: (context) => shared.ask(command, context) };
  }
  // Otherwise an error of the application's client that nobody listens for would end the process.
  sharedClientOf(client, driver);
  const connection = new OwnConnection(driver.connector);
  return {
    kind: 'dependency',
    maxOutstanding: 1,
    check: (context) => askOwn(connection, command, context),
    close: () => connection.close(),
  };
}

async function askOwn(
  connection: OwnConnection<RedisDriver>,
  command: Command,
  context: CheckContext,
): Promise<CheckResult> {
  const { signal, timeoutMs } = context;
  context.setTimeoutMessage(() => withLoss(connection.waitingFor(timeoutMs), connection));
  try {
    const driver = await connection.acquire(signal, timeoutMs);
    context.setTimeoutMessage(() =>
      withLoss(`no answer to ${command.name} within ${timeoutMs} ms`, connection),
    );
    const result = await askDriver(connection, driver, command, signal);
    connection.lastLoss = undefined;
    return result;
  } catch (thrown) {
    const code = failureCode(thrown);
    return error(withLoss(failureMessage(thrown), connection), code === undefined ? {} : { code });
  }
}

/** Closes the connection unless the answer is good: after a failover the next one goes where the name points by then. */
async function askDriver(
  connection: OwnConnection<RedisDriver>,
  driver: RedisDriver,
  command: Command,
  signal: AbortSignal,
): Promise<CheckResult> {
  let isGood = false;
  try {
    const result = command.read(await unlessAborted(driver.send(command.name), signal));
    isGood = result.status === 'ok';
    return result;
  } finally {
    if (isGood) connection.confirm();
    else connection.discard(driver);
  }
}

function withLoss(message: string, { lastLoss }: { readonly lastLoss: string | undefined }): string {
  return lastLoss === undefined ? message : `${message} (an idle connection was lost before: ${lastLoss})`;
}

function checkArguments(client: unknown, options: RedisOptions | undefined): RedisOptions {
  const validator = new Validator();
  const issue = clientIssue(client);
  if (issue !== undefined) validator.add(issue);
  else if (!isIoredis(client) && !isNodeRedis(client))
    validator.expected('client', 'a client of ioredis or node-redis', client);
  const own = validator.options<RedisOptions>('options', options, ['role', 'dedicated']);
  validator.oneOf('role', own.role, ROLES);
  validator.boolean('dedicated', own.dedicated);
  if (own.dedicated === true && (client as { isCluster?: unknown } | undefined)?.isCluster === true)
    validator.add('`dedicated` needs a client of one server, and this is a cluster');
  validator.throwIfAny('Invalid redis() options');
  return own;
}

/** The issue for a client that is recognised but cannot be used. */
function clientIssue(client: unknown): string | undefined {
  if (hasMethods(client, ['send_command']) && !hasMethods(client, ['sendCommand', 'call']))
    return 'Expected `client` to come from ioredis or node-redis 4 or newer, got one that takes callbacks: use ping()';
  if (hasMethods(client, ['sendCommand', 'nodeClient', 'getSlotRandomNode']))
    return "Expected `client` to be a client of one server, got a node-redis cluster: use ping(() => cluster.sendCommand(undefined, true, ['PING']))";
  if (hasMethods(client, ['sendCommand', 'getMasterNode', 'getSentinelNode']))
    return "Expected `client` to be a client of one server, got a node-redis sentinel: use ping(() => sentinel.sendCommand(true, ['PING']))";
  return undefined;
}
