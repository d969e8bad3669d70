import { type Connector, OwnConnection } from '../../internal/own-connection.ts';
import { type Clock, systemClock } from '../../internal/time.ts';
import type { ConnectionSource, PostgresClient, PostgresPool } from './pool-connection-source.ts';

/** The part of `pg.Client` that a dedicated connection needs. */
interface Client {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  end(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  unref?(): void;
  readonly connection?: { readonly stream?: { destroy?(): void } };
}

/** What `pg.Pool` has beyond other pools: the class of its clients, and the options that it opens them with. */
interface Opener {
  readonly Client: new (options: object) => Client;
  readonly options: Record<string, unknown>;
}

/** How long an attempt to connect may take where the pool sets no `connectionTimeoutMillis`, in milliseconds. */
const CONNECT_WITHIN_MS = 5_000;

/** How long a server may take to answer a goodbye before the socket is cut, in milliseconds. */
const GOODBYE_MS = 500;

/** Returns true if a pool exposes what it takes to open another connection like its own. */
export function canBeDedicated(pool: object): boolean {
  const { Client, options } = pool as Partial<Opener>;
  return typeof Client === 'function' && typeof options === 'object' && options !== null;
}

/** A connection for one check alone, opened with a pool's options. Once open, it does not keep the process alive. */
export class DedicatedConnection implements ConnectionSource {
  readonly #own: OwnConnection<Client>;

  constructor(pool: PostgresPool, clock: Clock = systemClock) {
    this.#own = new OwnConnection(connectorOf(pool as PostgresPool & Opener), clock);
  }

  get lastLoss(): string | undefined {
    return this.#own.lastLoss;
  }

  set lastLoss(loss: string | undefined) {
    this.#own.lastLoss = loss;
  }

  async acquire(signal: AbortSignal, timeoutMs: number): Promise<PostgresClient> {
    const client = await this.#own.acquire(signal, timeoutMs);
    return {
      query: (text) => client.query(text),
      release: (destroy) => {
        if (destroy) this.#own.discard(client);
        else this.#own.confirm();
      },
    };
  }

  waitingFor(timeoutMs: number): string {
    return this.#own.waitingFor(timeoutMs);
  }

  /** Closes the connection, or the attempt to open one. Resolves when the socket is closed. */
  close(): Promise<void> {
    return this.#own.close();
  }
}

function connectorOf(opener: Opener): Connector<Client> {
  return {
    make(lost) {
      const client = new opener.Client(optionsOf(opener));
      client.on('error', lost);
      return client;
    },
    connect: (client) => client.connect(),
    opened: (client) => client.unref?.(),
    dispose,
  };
}

/** The pool's current options, since passwords get rotated. Sets a name for `pg_stat_activity` unless the pool has one. */
function optionsOf({ options }: Opener): object {
  const own = {
    fallback_application_name: 'allswell',
    ...options,
    connectionTimeoutMillis: options.connectionTimeoutMillis || CONNECT_WITHIN_MS,
  };
  // pg hides the password from enumeration, and so from the copy.
  const { password } = options;
  return password === undefined
    ? own
    : Object.defineProperty(own, 'password', { value: password, writable: true });
}

/** Ends a client in any state. If the server does not answer the goodbye, the socket is cut; else it would stay forever. */
async function dispose(client: Client): Promise<void> {
  const timer = setTimeout(() => client.connection?.stream?.destroy?.(), GOODBYE_MS);
  try {
    await client.end();
  } catch {
    // Nobody uses it any more.
  } finally {
    clearTimeout(timer);
  }
}
