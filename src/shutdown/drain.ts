import type { Logger } from '../internal/logger.ts';
import { deferred } from '../internal/promises.ts';
import type { Clock } from '../internal/time.ts';
import { onEarlyClose } from '../server/early-close.ts';
import type { GracefulServer } from '../server/graceful-server.ts';
import { isStopped } from '../server/stop-accepting.ts';

/**
 * Watches servers that should keep serving until load balancers have noticed, and logs each one that something else closes
 * meanwhile: frameworks and plugins usually close it on the same signal.
 */
export class Drain {
  /** Resolves when none of the servers is listening any more: then there is nothing left to wait for. */
  readonly allClosed: Promise<void>;
  readonly #servers: readonly GracefulServer[];
  readonly #closedEarly = new Set<GracefulServer>();
  readonly #unwatch: readonly (() => void)[];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #drainDelayMs: number;
  readonly #beganAt: number;

  constructor(servers: readonly GracefulServer[], drainDelayMs: number, clock: Clock, logger: Logger) {
    const { promise, resolve } = deferred<void>();
    this.allClosed = promise;
    this.#servers = servers;
    this.#drainDelayMs = drainDelayMs;
    this.#clock = clock;
    this.#logger = logger;
    this.#beganAt = clock.now();
    this.#unwatch = servers.map((server) =>
      onEarlyClose(server, (caller) => {
        this.#onClosed(server, caller);
        if (servers.every((each) => !each.listening)) resolve();
      }),
    );
  }

  /** Stops watching. @returns true if every server was listening until now */
  end(): boolean {
    for (const unwatch of this.#unwatch) unwatch();
    // Servers can be closed without `close()`, as node:cluster does.
    for (const server of this.#servers) if (!server.listening) this.#onClosed(server, undefined);
    return this.#closedEarly.size === 0;
  }

  #onClosed(server: GracefulServer, caller: string | undefined): void {
    // Another handle of the same server may have a shorter drain delay.
    if (isStopped(server) || this.#closedEarly.has(server)) return;
    this.#closedEarly.add(server);
    const afterMs = Math.round(this.#clock.now() - this.#beganAt);
    const place = caller === undefined ? '' : ` (${caller})`;
    this.#logger.warn(
      { afterMs, drainDelayMs: this.#drainDelayMs, caller },
      `The server stopped listening ${afterMs} ms into the drain delay of ${this.#drainDelayMs} ms, and new requests are ` +
        `refused: something other than gracefulShutdown closed it${place}, so the exit code is 1. Remove that signal ` +
        'handler, or turn off the shutdown hooks of the framework, and close the framework in `onShutdown` instead',
    );
  }
}
