import { expect, onTestFinished, test, vi } from 'vitest';
import { createMigratedDatabase, type ExampleApp, startServer } from '../helpers/example-app.ts';
import { Load } from '../helpers/load.ts';
import { type Child, freePort, patienceMs } from '../helpers/processes.ts';
import { type Ports, startHaproxy, startNginx } from '../helpers/reverse-proxy.ts';

const ratePerSecond = 60;

/** The service on a port of its own, as in production: with the drain delay and the keep-alive time of its defaults. */
async function instance(databaseUrl: string, port: number): Promise<ExampleApp> {
  const app = await startServer({ DATABASE_URL: databaseUrl, NODE_ENV: 'production', PORT: String(port) });
  await app.listening();
  await vi.waitUntil(
    async () => (await fetch(`http://127.0.0.1:${port}/api/v1/health/ready`)).status === 200,
    { timeout: patienceMs, interval: 50 },
  );
  return app;
}

/** Replaces both instances, one after the other, while requests come in, a quarter of them POSTs. */
async function rollUnderLoad(
  startProxy: (ports: Ports) => Promise<Child>,
  untilInRotation: (proxy: Child, index: number) => Promise<unknown> = async () => undefined,
) {
  const ports = { proxy: await freePort(), first: await freePort(), second: await freePort() };
  const databaseUrl = await createMigratedDatabase();
  const apps = await Promise.all([ports.first, ports.second].map((port) => instance(databaseUrl, port)));
  const proxy = await startProxy(ports);
  let hasEnded = false;
  void proxy.ended.then(() => {
    hasEnded = true;
  });
  const url = `http://127.0.0.1:${ports.proxy}`;
  await vi.waitUntil(
    async () => {
      expect(hasEnded, proxy.output()).toBe(false);
      return (await fetch(`${url}/notes`).catch(() => undefined))?.status === 200;
    },
    { timeout: patienceMs, interval: 50 },
  );
  const load = new Load(url, ratePerSecond);
  onTestFinished(async () => void (await load.stop()));
  for (const [index, port] of [ports.first, ports.second].entries()) {
    const old = apps[index] as ExampleApp;
    old.kill('SIGTERM');
    expect(await old.ended, old.output()).toEqual({ code: 0, signal: null });
    await instance(databaseUrl, port);
    await untilInRotation(proxy, index);
  }
  await load.stop();
  console.log(`${load.sent} requests, ${load.failures.length} failed: ${load.failures[0] ?? 'none'}`);
  return { failures: load.failures, sent: load.sent, log: proxy.output() };
}

test('a roll of two instances behind HAProxy, with the settings of examples/deploy, loses no request', async () => {
  const { failures, sent, log } = await rollUnderLoad(
    startHaproxy,
    // What the file says of a roll: the next instance is not stopped before this one is back in rotation.
    (haproxy, index) => haproxy.says(new RegExp(`Server app/app-${index + 1} is UP`)),
  );
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThan(500);
  for (const server of ['app-1', 'app-2']) expect(log).toContain(`Server app/${server} is DOWN`);
});

test('a roll of two instances behind nginx, with the settings of examples/deploy, loses no request', async () => {
  const { failures, sent } = await rollUnderLoad(startNginx);
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThan(500);
});
