import { type CheckResult, error, ok } from '../../health/result.ts';
import { describe } from '../../internal/describe.ts';

/** The roles of a server. */
export const ROLES = ['master', 'replica'] as const;

type RedisRole = (typeof ROLES)[number];

/** A command, and how its reply is read. */
export interface Command {
  readonly name: 'PING' | 'ROLE';
  /** A result for a reply; throws if it cannot be read. */
  read(reply: unknown): CheckResult;
}

/** Any server will do. */
export const PING: Command = {
  name: 'PING',
  read(reply) {
    // A subscribed connection answers with a list.
    const word: unknown = Array.isArray(reply) ? reply[0] : reply;
    if (String(word).toUpperCase() === 'PONG') return ok();
    throw new Error(`expected PONG in reply to PING, got ${describe(reply)}: is this Redis?`);
  },
};

/** The server must have this role. */
export function roleCommand(expected: RedisRole): Command {
  return { name: 'ROLE', read: (reply) => readRole(reply, expected) };
}

/** https://redis.io/docs/latest/commands/role: a list that begins with `master`, `slave` or `sentinel`. */
function readRole(reply: unknown, expected: RedisRole): CheckResult {
  if (!Array.isArray(reply) || reply.length === 0)
    throw new Error(`the reply to ROLE cannot be read, got ${describe(reply)}: is this Redis?`);
  const word = String(reply[0]);
  const found = word === 'slave' ? 'replica' : word;
  const details = { role: found };
  if (found === expected) return ok(undefined, { details });
  const hint =
    expected === 'master'
      ? 'it accepts no writes; after a failover, does the host name point to the new master?'
      : 'was the replica promoted?';
  return error(`expected a ${expected}, found a ${found}: ${hint}`, { code: 'ERR_REDIS_ROLE', details });
}
