import { failureCode, failureMessage } from '../../internal/error-text.ts';
import { type Clock, inSeconds, systemClock } from '../../internal/time.ts';
import type { ConnectionSource, PostgresClient, PostgresPool } from './pool-connection-source.ts';

/** The part of `pg.Client` that a connection of its own needs. */
interface Client {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  end(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  unref?(): void;
  readonly connection?: { readonly stream?: { destroy?(): void } };
}

/** What `pg.Pool` has beside what every pool has: the class of its clients, and what it opens them with. */
interface Opener {
  readonly Client: new (options: object) => Client;
  readonly options: Record<string, unknown>;
}

/** How long an attempt to connect may take where the pool sets no `connectionTimeoutMillis`, in milliseconds. */
const CONNECT_WITHIN_MS = 5_000;

/** The pause after a first failure in milliseconds; it doubles with each further one. */
const FIRST_PAUSE_MS = 250;

/** The longest pause between two attempts, in milliseconds: a check is ok again this soon after its database. */
const LONGEST_PAUSE_MS = 5_000;

/** How long a server may take to answer a goodbye before the socket is cut, in milliseconds. */
const GOODBYE_MS = 500;

/** Whether a pool carries what it takes to open a connection beside it. */
export function canBeDedicated(pool: object): boolean {
  const { Client, options } = pool as Partial<Opener>;
  return typeof Client === 'function' && typeof options === 'object' && options !== null;
}

/**
 * One connection beside a pool, opened when it is first asked for and opened again when it broke, with growing
 * pauses between failures. At most one attempt is ever under way; one that outlasts its check serves the next.
 * Once open, it does not keep the process alive.
 */
export class DedicatedConnection implements ConnectionSource {
  readonly #pool: PostgresPool;
  readonly #clock: Clock;
  /** The attempt under way. */
  #attempt: Attempt | undefined;
  /** The open connection. */
  #client: Client | undefined;
  /** Failures since a query was last answered. */
  #failures = 0;
  #lastFailure: unknown;
  /** No attempt begins before, on the clock's `now()`. */
  #retryAt = Number.NEGATIVE_INFINITY;
  lastLoss: string | undefined;

  constructor(pool: PostgresPool, clock: Clock = systemClock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  async acquire(signal: AbortSignal): Promise<PostgresClient> {
    signal.throwIfAborted();
    const client = this.#client ?? (await unlessAborted(this.#attemptNow().opened, signal));
    return {
      query: (text) => client.query(text),
      release: (destroy) => {
        if (destroy) this.#discard(client);
        else this.#failures = 0;
      },
    };
  }

  waitingFor(timeoutMs: number): string {
    const since = this.#attempt?.startedAt ?? this.#clock.now();
    const pendingMs = Math.round(this.#clock.now() - since);
    const pending = pendingMs > timeoutMs + 100 ? ` (the attempt began ${inSeconds(pendingMs)} ago)` : '';
    return `no connection within ${timeoutMs} ms${pending}`;
  }

  /** Closes the connection, or the attempt at one. Resolves when the socket is gone. */
  async close(): Promise<void> {
    const client = this.#client ?? this.#attempt?.client;
    this.#client = undefined;
    this.#attempt = undefined;
    if (client !== undefined) await dispose(client);
  }

  /** @throws Error while the pause after a failure lasts */
  #attemptNow(): Attempt {
    if (this.#attempt !== undefined) return this.#attempt;
    const pauseMs = this.#retryAt - this.#clock.now();
    if (pauseMs > 0) throw this.#pausing(pauseMs);
    const attempt = new Attempt(this.#pool as PostgresPool & Opener, this.#clock.now());
    this.#attempt = attempt;
    attempt.opened.then(
      (client) => this.#onOpened(attempt, client),
      (reason: unknown) => this.#onRefused(attempt, reason),
    );
    return attempt;
  }

  #pausing(pauseMs: number): Error {
    const code = failureCode(this.#lastFailure);
    const message = `${failureMessage(this.#lastFailure)}; the next attempt is due in ${inSeconds(pauseMs)}`;
    return Object.assign(new Error(message), code === undefined ? {} : { code });
  }

  #onOpened(attempt: Attempt, client: Client): void {
    if (this.#attempt !== attempt) {
      void dispose(client);
      return;
    }
    this.#attempt = undefined;
    this.#client = client;
    client.on('error', (error) => this.#onLost(client, error));
    client.unref?.();
  }

  #onRefused(attempt: Attempt, reason: unknown): void {
    if (attempt.client !== undefined) void dispose(attempt.client);
    if (this.#attempt !== attempt) return;
    this.#attempt = undefined;
    this.#pause(reason);
  }

  /** The server, or what lies between, cut the connection while nobody used it. */
  #onLost(client: Client, error: Error): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.lastLoss = failureMessage(error);
    void dispose(client);
  }

  /** A check found the connection of no use: it hung, broke, or leads to the wrong server. */
  #discard(client: Client): void {
    void dispose(client);
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#pause(new Error('the last connection was closed, because it gave no good answer'));
  }

  #pause(reason: unknown): void {
    this.#lastFailure = reason;
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 30), LONGEST_PAUSE_MS);
    this.#failures++;
    // Up to a half less, so that a fleet does not come back in step.
    this.#retryAt = this.#clock.now() + longest * (1 - Math.random() / 2);
  }
}

/** One attempt to connect. */
class Attempt {
  readonly startedAt: number;
  readonly opened: Promise<Client>;
  client: Client | undefined;

  constructor(opener: Opener, startedAt: number) {
    this.startedAt = startedAt;
    this.opened = this.#open(opener);
  }

  async #open(opener: Opener): Promise<Client> {
    const client = new opener.Client(optionsOf(opener));
    this.client = client;
    // What breaks from here on rejects the promise too; the event alone would end the process.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}

/** The pool's options as they are now: passwords get rotated. Named in `pg_stat_activity` unless the pool has a name. */
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

/** Ends a client in whatever state it is. A goodbye that the server does not answer would keep the socket for ever. */
async function dispose(client: Client): Promise<void> {
  const timer = setTimeout(() => client.connection?.stream?.destroy?.(), GOODBYE_MS);
  try {
    await client.end();
  } catch {
    // It is of no use to anybody any more, and that was the point.
  } finally {
    clearTimeout(timer);
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
