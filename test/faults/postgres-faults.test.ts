import { afterAll, beforeAll, expect, describe as suite, test } from 'vitest';
import type { LocalDatabase } from '../../examples/app/local-database.ts';
import { TcpProxy } from '../../src/testing/tcp-proxy.ts';
import { backends, createDatabase, startCluster } from '../helpers/database.ts';
import { FAULTS, type Scene } from './faults.ts';
import { type Access, startService, until } from './service.ts';
import { walk } from './walk.ts';

const ACCESSES: readonly Access[] = ['warm', 'cold', 'dedicated'];

let cluster: LocalDatabase;
const warnings: Error[] = [];
const keep = (warning: Error) => warnings.push(warning);

beforeAll(async () => {
  process.on('warning', keep);
  cluster = await startCluster({ maxConnections: 24 });
});

afterAll(() => {
  process.off('warning', keep);
});

/** What this process holds open beside the test runner's own. */
function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
}

async function withScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  const url = await createDatabase(cluster);
  const proxy = await TcpProxy.to(cluster.port);
  const services = await Promise.all(ACCESSES.map((access) => startService(proxy.in(url), access)));
  const scene: Scene = { cluster, proxy, url, services, undo: [] };
  try {
    await use(scene);
  } finally {
    for (const undo of scene.undo) await undo();
    await Promise.all(services.map((service) => service.close()));
    await until(async () => (await backends(url)).length === 0);
    proxy.close();
  }
}

suite('healthy, fault, healed, on real connections that stay in the pool, are new each time, are the check’s own', () => {
  test.each(FAULTS)('$name', { timeout: 120_000 }, async (fault) => {
    const before = sockets();
    await withScene((scene) => walk(fault, scene));
    await until(() => sockets() <= before);
    expect(warnings).toEqual([]);
  });
});
