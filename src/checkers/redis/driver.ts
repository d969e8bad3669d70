import type { Connector } from '../../internal/own-connection.ts';
import { handleRejection } from '../../internal/promises.ts';
import { hasMethods } from '../../internal/validator.ts';
import type { IoredisClient, NodeRedisClient, RedisClient } from './client.ts';

/** What a check does with a client of either package. */
export interface RedisDriver {
  send(command: string): Promise<unknown>;
  /** The client's state in words, if it is not connected. */
  trouble(): string | undefined;
  readonly connector: Connector<RedisDriver>;
}

/** Both kinds of client, once distinguished. */
interface AnyClient {
  readonly status?: string;
  readonly isOpen?: boolean;
  readonly isReady?: boolean;
  readonly options?: { readonly socket?: object };
  readonly stream?: { destroy?(): void; unref?(): void };
  call(command: string): Promise<unknown>;
  sendCommand(command: readonly string[]): Promise<unknown>;
  duplicate(overrides: object): AnyClient;
  connect(): Promise<unknown>;
  disconnect(): unknown;
  destroy?(): unknown;
  unref?(): void;
  on(event: string, listener: (reason: unknown) => void): unknown;
}

/** The most time that an attempt to connect may take, in milliseconds. */
const CONNECT_WITHIN_MS = 5_000;

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

/** The driver for a client that {@link isIoredis} or {@link isNodeRedis} accepts. */
export function driverOf(client: RedisClient): RedisDriver {
  const any = client as unknown as AnyClient;
  return isIoredis(client) ? new Ioredis(any) : new NodeRedis(any);
}

class Ioredis implements RedisDriver {
  readonly #client: AnyClient;

  constructor(client: AnyClient) {
    this.#client = client;
  }

  async send(command: string): Promise<unknown> {
    return this.#client.call(command);
  }

  trouble(): string | undefined {
    const { status } = this.#client;
    return status === 'ready' ? undefined : `the client's status is "${status}"`;
  }

  get connector(): Connector<RedisDriver> {
    return connectorOf(this.#client, (client) => new Ioredis(client), {
      // One attempt, made by connect(); the check decides what happens after a failure.
      overrides: (connectTimeoutMs) => ({
        lazyConnect: true,
        retryStrategy: null,
        sentinelRetryStrategy: null,
        reconnectOnError: null,
        autoResendUnfulfilledCommands: false,
        connectTimeout: connectTimeoutMs,
        disconnectTimeout: 100,
      }),
      end(client) {
        client.disconnect();
        // It only sends a goodbye, which a dead peer never answers.
        client.stream?.destroy?.();
      },
      unref: (client) => client.stream?.unref?.(),
    });
  }
}

class NodeRedis implements RedisDriver {
  readonly #client: AnyClient;

  constructor(client: AnyClient) {
    this.#client = client;
  }

  async send(command: string): Promise<unknown> {
    return this.#client.sendCommand([command]);
  }

  trouble(): string | undefined {
    const { isOpen, isReady } = this.#client;
    if (isReady) return undefined;
    return isOpen ? 'the client is reconnecting' : 'the client is closed: was connect() called?';
  }

  get connector(): Connector<RedisDriver> {
    return connectorOf(this.#client, (client) => new NodeRedis(client), {
      overrides: (connectTimeoutMs) => ({
        pingInterval: undefined,
        socket: {
          ...this.#client.options?.socket,
          reconnectStrategy: false,
          connectTimeout: connectTimeoutMs,
        },
      }),
      // Version 5 deprecates disconnect() in favour of destroy(), which version 4 does not have.
      end: (client) => handleRejection((client.destroy ?? client.disconnect).call(client)),
      unref: (client) => client.unref?.(),
    });
  }
}

interface Ways {
  overrides(connectTimeoutMs: number): object;
  end(client: AnyClient): void;
  unref(client: AnyClient): void;
}

function connectorOf(
  original: AnyClient,
  wrap: (client: AnyClient) => RedisDriver,
  { overrides, end, unref }: Ways,
): Connector<RedisDriver> {
  const clients = new WeakMap<RedisDriver, AnyClient>();
  const clientOf = (driver: RedisDriver) => clients.get(driver) as AnyClient;
  return {
    make(lost, timeoutMs) {
      const client = original.duplicate(overrides(Math.min(2 * timeoutMs, CONNECT_WITHIN_MS)));
      const driver = wrap(client);
      clients.set(driver, client);
      client.on('error', lost);
      client.on('end', () => lost(new Error('the server closed the connection')));
      return driver;
    },
    connect: (driver) => clientOf(driver).connect(),
    opened: (driver) => unref(clientOf(driver)),
    async dispose(driver) {
      try {
        end(clientOf(driver));
      } catch {
        // It was closed already.
      }
    },
  };
}
