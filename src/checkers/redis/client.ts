/** The part of an ioredis client that is used here. Structural, so that no types of `ioredis` are needed. */
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
