import { hasMethods } from '../../internal/validator.ts';

/** The part of an ioredis client that is used here. Structural: no type of `ioredis` is needed. */
export interface IoredisClient {
  readonly status: string;
  call(...args: never[]): unknown;
  duplicate(...args: never[]): unknown;
}

/** The part of a node-redis client (the packages `redis` and `@redis/client`, from version 4) that is used here. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  sendCommand(...args: never[]): unknown;
  duplicate(...args: never[]): unknown;
}

/** A client of either package. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** Returns true for a client, or a cluster, of ioredis. */
export function isIoredis(client: unknown): client is IoredisClient {
  return (
    hasMethods(client, ['call', 'duplicate', 'on']) &&
    typeof (client as { status?: unknown }).status === 'string'
  );
}

/** Returns true for a client of node-redis, from version 4. */
export function isNodeRedis(client: unknown): client is NodeRedisClient {
  return (
    hasMethods(client, ['sendCommand', 'duplicate', 'on']) &&
    typeof (client as { isReady?: unknown }).isReady === 'boolean'
  );
}
