import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { LocalDatabase } from '../../examples/app/local-database.ts';
import { middleware } from '../../src/adapters/middleware.ts';
import { prometheus } from '../../src/metrics/prometheus.ts';
import { TcpProxy } from '../../src/testing/tcp-proxy.ts';
import { FAULTS, type Fault, type Scene } from '../faults/faults.ts';
import { type Access, type Service, startService, until } from '../faults/service.ts';
import { backends, createDatabase } from '../helpers/database.ts';
import { seeded } from '../helpers/random.ts';

/** What a service holds while it is healthy and at rest. */
export interface Figures {
  readonly atMs: number;
  readonly heapBytes: number;
  /** What keeps the event loop busy beside the pools' clients: sockets, timers, servers. */
  readonly handles: number;
  /** Clients of all pools. */
  readonly clients: number;
  /** Connections that the server knows of. */
  readonly backends: number;
}

/** What came of a soak. */
export interface SoakResult {
  readonly figures: readonly Figures[];
  readonly probes: number;
  readonly scrapes: number;
  readonly faults: ReadonlyMap<string, number>;
  /** Answers that were neither 200 nor 503, and scrapes that were not 200. */
  readonly wrong: readonly string[];
}

const ACCESSES: readonly Access[] = ['warm', 'cold', 'dedicated'];

/** How long a fault lasts, in milliseconds. */
const FAULT_MS = { least: 200, most: 1_500 };
/** How long the services are left in peace between faults, in milliseconds. */
const PEACE_MS = 500;

/** A pooled client is a socket and an idle timer, and two sockets in the proxy. */
const HANDLES_PER_CLIENT = 4;

/**
 * Keeps services under probes and scrapes while faults come and go at random, and measures them in the pauses.
 *
 * @param seed the same seed gives the same faults in the same order
 * @param say told about each measurement
 */
export async function soak(
  cluster: LocalDatabase,
  durationMs: number,
  seed: number,
  say: (line: string) => void,
): Promise<SoakResult> {
  const random = seeded(seed);
  const url = await createDatabase(cluster);
  const proxy = await TcpProxy.to(cluster.port);
  const services = await Promise.all(ACCESSES.map((access) => startService(proxy.in(url), access)));
  const scene: Scene = { cluster, proxy, url, services, undo: [] };
  const traffic = new Traffic(services);
  await traffic.open();
  const figures: Figures[] = [];
  const faults = new Map<string, number>();
  const began = performance.now();
  try {
    while (performance.now() - began < durationMs) {
      const fault = FAULTS[Math.floor(random() * FAULTS.length)] as Fault;
      faults.set(fault.name, (faults.get(fault.name) ?? 0) + 1);
      await inflict(fault, scene, FAULT_MS.least + random() * (FAULT_MS.most - FAULT_MS.least));
      await sleep(PEACE_MS);
      proxy.bury();
      await traffic.pause();
      const measured = await measure(scene, performance.now() - began);
      figures.push(measured);
      say(`${describeFigures(measured)} after: ${fault.name}`);
      traffic.resume();
    }
  } finally {
    await traffic.close();
    for (const undo of scene.undo) await undo();
    proxy.pass();
    await Promise.all(services.map((service) => service.close()));
    await until(async () => (await backends(url)).length === 0);
    proxy.close();
  }
  return { figures, faults, probes: traffic.probes, scrapes: traffic.scrapes, wrong: traffic.wrong };
}

async function inflict(fault: Fault, scene: Scene, lastsMs: number): Promise<void> {
  await fault.inject(scene);
  await sleep(lastsMs);
  for (const undo of scene.undo.splice(0)) await undo();
  if (fault.heal) await fault.heal(scene);
  else scene.proxy.pass();
  for (const service of scene.services) await until(async () => (await service.probe()).statusCode === 200);
}

async function measure({ services, url }: Scene, atMs: number): Promise<Figures> {
  // Clients that wait for their idle timeout, sockets that are on their way out.
  await until(() => services.every(({ access, pool }) => access !== 'cold' || pool.totalCount === 0));
  const known = (await backends(url)).length;
  await sleep(50);
  collectGarbage();
  const clients = services.reduce((sum, { pool }) => sum + pool.totalCount, 0);
  return {
    atMs: Math.round(atMs),
    heapBytes: process.memoryUsage().heapUsed,
    handles: process.getActiveResourcesInfo().length - HANDLES_PER_CLIENT * clients,
    clients,
    backends: known,
  };
}

/** One line for people. */
function describeFigures({ atMs, heapBytes, handles, clients, backends: known }: Figures): string {
  const megabytes = (heapBytes / 1e6).toFixed(2);
  return `${(atMs / 1000).toFixed(0).padStart(4)} s  heap ${megabytes} MB  handles ${handles}  clients ${clients}  backends ${known}`;
}

let collect: (() => void) | undefined;

/** A full collection, twice: finalisers free more. */
function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  collect();
}

/** Probes and scrapes all services for as long as it is open. */
class Traffic {
  readonly #services: readonly Service[];
  readonly #servers: http.Server[] = [];
  #isPaused = false;
  #isClosed = false;
  #loops: Promise<void>[] = [];
  probes = 0;
  scrapes = 0;
  readonly wrong: string[] = [];

  constructor(services: readonly Service[]) {
    this.#services = services;
  }

  async open(): Promise<void> {
    for (const { health } of this.#services) {
      const server = http.createServer(middleware(health, { metrics: prometheus(health) }));
      this.#servers.push(server.listen(0, '127.0.0.1'));
      await once(server, 'listening');
    }
    this.resume();
  }

  resume(): void {
    this.#isPaused = false;
    this.#loops = [
      ...this.#services.map((service) => this.#probe(service)),
      ...this.#servers.map((server) => this.#scrape(server)),
    ];
  }

  /** Resolves when no request is under way. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    await Promise.all(this.#loops);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.pause();
    for (const server of this.#servers) server.close();
  }

  async #probe(service: Service): Promise<void> {
    while (!this.#isPaused && !this.#isClosed) {
      const { statusCode } = await service.probe();
      this.probes++;
      if (statusCode !== 200 && statusCode !== 503)
        this.wrong.push(`a probe of ${service.access} got ${statusCode}`);
      await sleep(5);
    }
  }

  async #scrape(server: http.Server): Promise<void> {
    const { port } = server.address() as AddressInfo;
    while (!this.#isPaused && !this.#isClosed) {
      const request = http.get({ port, host: '127.0.0.1', path: '/metrics', agent: false });
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      for await (const _ of response);
      this.scrapes++;
      if (response.statusCode !== 200) this.wrong.push(`a scrape got ${response.statusCode}`);
      await sleep(100);
    }
  }
}
