import { hasMethods, type Validator } from '../internal/validator.ts';
import { type GracefulServer, isGracefulServer, isHttp2Server } from '../server/graceful-server.ts';
import type { HookSettings } from './options.ts';
import type { ClosesLast } from './target.ts';

/** How long a health server may take to close, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5000;

/** The targets by kind, each once. */
export interface Targets {
  readonly servers: readonly GracefulServer[];
  readonly healthServers: readonly ClosesLast[];
}

/** Separates servers from health servers. Anything else is an issue. */
export function targetsOf(validator: Validator, given: unknown): Targets {
  const servers = new Set<GracefulServer>();
  const healthServers = new Set<ClosesLast>();
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  for (const [index, target] of list.entries()) {
    const name = Array.isArray(given) ? `servers[${index}]` : 'server';
    if (isGracefulServer(target)) servers.add(target);
    else if (isHealthServer(target)) healthServers.add(target);
    else
      validator.expected(
        name,
        'a server of node:http, node:https or node:http2, such as what `app.listen()` returns, or what `listen()` of allswell resolves with',
        target,
      );
    const { bun } = process.versions;
    if (bun !== undefined && isHttp2Server(target))
      validator.add(
        `Bun ${bun} cannot end the HTTP/2 sessions of \`${name}\` without losing the streams in flight. Run it on Node or ` +
          'Deno, or serve HTTP/1 behind a proxy that speaks HTTP/2',
      );
  }
  return { servers: [...servers], healthServers: [...healthServers] };
}

function isHealthServer(value: unknown): value is ClosesLast {
  return hasMethods(value, ['close']) && 'port' in (value as object) && 'server' in (value as object);
}

/** Closes health servers as hooks do: one that fails or hangs is logged and makes the exit code 1. */
export function closingHooks(healthServers: readonly ClosesLast[]): HookSettings[] {
  return healthServers.map((each) => ({
    name: `health server on port ${each.port}`,
    run: () => each.close(),
    timeoutMs: CLOSE_TIMEOUT_MS,
  }));
}
