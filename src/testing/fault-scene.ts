import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckStatus } from '../health/result.ts';
import { CheckerFaultError } from './checker-fault-error.ts';
import type { CheckerRunner, Emitter, Probe } from './checker-subject.ts';
import type { TcpProxy } from './tcp-proxy.ts';

/** The tolerance for busy machines, in milliseconds, before something that takes too long is a finding. */
const SLACK_MS = 1_000;

/** How long unused connections may take to close, and a client to reconnect, in milliseconds. */
const PATIENCE_MS = 10_000;

/** A checker, the proxy in front of its server, and what must be true of the two. Each method throws the problem that it finds. */
export class FaultScene {
  readonly runner: CheckerRunner;
  readonly proxy: TcpProxy;
  /** True if the checker owns its connections, or may destroy them. */
  readonly owns: boolean;
  #connectionsAtRest = 0;
  #listenersAtRest = new Map<string | symbol, number>();

  constructor(runner: CheckerRunner, proxy: TcpProxy, owns: boolean) {
    this.runner = runner;
    this.proxy = proxy;
    this.owns = owns;
  }

  get timeoutMs(): number {
    return this.runner.timeoutMs;
  }

  /** Two good runs in a row; at the end, connections and listeners must be as they are after these. */
  async expectHealthy(): Promise<void> {
    const begun = performance.now();
    // The first connection is opened here, which on a busy machine may take longer than a run is allowed to.
    for (let good = 0; good < 2; ) {
      const { result } = await this.probe();
      good = result.status === 'ok' ? good + 1 : 0;
      if (good === 0 && performance.now() - begun > PATIENCE_MS)
        throw new CheckerFaultError(
          `expected ok from a healthy server, got ${result.status} (${result.message})`,
        );
    }
    this.#connectionsAtRest = this.proxy.connections;
    this.#listenersAtRest = listenersOf(this.runner.subject.client);
  }

  /** One run that must have a status, within the time limit and with a message unless it is ok. */
  async expect(status: CheckStatus): Promise<Probe> {
    const probe = await this.probe();
    if (probe.result.status !== status) {
      const said = probe.result.message === undefined ? '' : ` (${probe.result.message})`;
      throw new CheckerFaultError(`expected ${status}, got ${probe.result.status}${said}`);
    }
    return probe;
  }

  /** One run, and what must be true of any. */
  async probe(): Promise<Probe> {
    const probe = await this.runner.probe();
    const { result, tookMs, heardServer } = probe;
    if (tookMs > this.timeoutMs + SLACK_MS)
      throw new CheckerFaultError(
        `a run blocked the event loop: expected a result within ${this.timeoutMs} ms, it took ${Math.round(tookMs)} ms`,
      );
    if (result.status === 'ok' && !heardServer)
      throw new CheckerFaultError('ok, although nothing came from the server during the run');
    if (result.status !== 'ok' && !result.message?.trim())
      throw new CheckerFaultError(`${result.status} without a message`);
    if (this.owns && probe.timedOut) await this.expectSettled('its time was over');
    return probe;
  }

  /** Aborted runs must end by themselves if the checker owns the connection. */
  async expectSettled(why: string): Promise<void> {
    const begun = performance.now();
    const limitMs = this.timeoutMs + SLACK_MS;
    while (this.runner.outstanding > 0) {
      if (performance.now() - begun > limitMs)
        throw new CheckerFaultError(
          `ignores its abort signal: a run has not settled ${limitMs} ms after ${why}; end the request, or destroy its connection, on abort`,
        );
      await sleep(5);
    }
  }

  /** After the fault: ok again within twice the time limit and one run, and connections and listeners as before. */
  async expectRecovery(): Promise<void> {
    await this.#untilReconnected();
    const healedAt = performance.now();
    for (;;) {
      const isLast = performance.now() - healedAt > 2 * this.timeoutMs;
      const { result } = await this.probe();
      if (result.status === 'ok') break;
      if (isLast)
        throw new CheckerFaultError(
          `no recovery: still ${result.status} ${2 * this.timeoutMs} ms after the fault was over (${result.message})`,
        );
      await sleep(Math.min(50, this.timeoutMs / 5));
    }
    await this.#expectAsBefore();
  }

  /** Once the checker and its client are closed, nothing may stay connected. */
  async expectNoConnections(): Promise<void> {
    await this.#expectConnections(0, 'the checker and its client were closed');
  }

  async #untilReconnected(): Promise<void> {
    const { reconnected } = this.runner.subject;
    if (reconnected === undefined) return;
    const waited = await Promise.race([
      Promise.resolve(reconnected()).then(() => true),
      sleep(PATIENCE_MS, false, { ref: false }),
    ]);
    if (!waited) throw new CheckerFaultError('the application’s client has not reconnected by itself');
  }

  async #expectAsBefore(): Promise<void> {
    // A client that timed out may still be closing, and a pool may have grown by the outstanding runs.
    await this.#expectConnections(this.#connectionsAtRest + this.runner.maxOutstanding, 'the fault was over');
    for (const [event, count] of listenersOf(this.runner.subject.client)) {
      const before = this.#listenersAtRest.get(event) ?? 0;
      if (count > before)
        throw new CheckerFaultError(
          `leaks listeners: ${count} for "${String(event)}" on the client, there were ${before} before`,
        );
    }
  }

  async #expectConnections(allowed: number, when: string): Promise<void> {
    const begun = performance.now();
    while (this.proxy.connections > allowed) {
      if (performance.now() - begun > PATIENCE_MS)
        throw new CheckerFaultError(
          `leaks connections: ${this.proxy.connections} are open ${PATIENCE_MS / 1000} s after ${when}, expected at most ${allowed}`,
        );
      await sleep(10);
    }
  }
}

function listenersOf(client: Emitter | undefined): Map<string | symbol, number> {
  const counts = new Map<string | symbol, number>();
  for (const event of client?.eventNames() ?? []) counts.set(event, client?.listenerCount(event) ?? 0);
  return counts;
}
