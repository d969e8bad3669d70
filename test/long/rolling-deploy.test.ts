import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Backend, Balancer } from '../helpers/balancer.ts';
import { createMigratedDatabase, type ExampleApp, startServer } from '../helpers/example-app.ts';
import { Load } from '../helpers/load.ts';
import { patienceMs } from '../helpers/processes.ts';

/** Enough for the balancer's two failed checks, 200 ms apart, many times over. */
const drainDelayMs = 3000;
const ratePerSecond = 60;

interface Instance {
  app: ExampleApp;
  backend: Backend;
}

/** A service behind a balancer, with as many instances as one likes. */
async function deployment(environment: Record<string, string>) {
  const balancer = new Balancer('/api/v1/health/ready');
  onTestFinished(() => balancer.close());
  const url = await balancer.listen();
  const databaseUrl = await createMigratedDatabase();
  const start = async (): Promise<Instance> => {
    const app = await startServer({ DATABASE_URL: databaseUrl, NODE_ENV: 'production', ...environment });
    const backend = balancer.add(Number(new URL(await app.listening()).port));
    await vi.waitUntil(() => backend.isUp, { timeout: patienceMs, interval: 20 });
    return { app, backend };
  };
  /** What a platform does: start the new one, wait until it is healthy, tell the old one to stop, wait until it has. */
  const replace = async (old: Instance): Promise<Instance> => {
    const fresh = await start();
    old.app.kill('SIGTERM');
    expect(await old.app.ended, old.app.output()).toEqual({ code: 0, signal: null });
    // Nobody tells a balancer that a server is gone; it finds out.
    await vi.waitUntil(() => !old.backend.isUp, { timeout: patienceMs, interval: 20 });
    balancer.remove(old.backend);
    return fresh;
  };
  const load = () => {
    const running = new Load(url, ratePerSecond);
    onTestFinished(async () => void (await running.stop()));
    return running;
  };
  return { balancer, databaseUrl, start, replace, load };
}

test('three complete rolls of two instances under load lose no request', async () => {
  const { start, replace, load } = await deployment({ DRAIN_DELAY_MS: String(drainDelayMs) });
  let instances = [await start(), await start()];
  const running = load();
  const seen: Backend[] = instances.map(({ backend }) => backend);
  for (let roll = 0; roll < 3; roll++) {
    const fresh: Instance[] = [];
    for (const old of instances) fresh.push(await replace(old));
    instances = fresh;
    seen.push(...instances.map(({ backend }) => backend));
  }
  const rate = await running.stop();
  console.log(`${running.sent} requests, ${rate.toFixed(1)} a second, ${running.failures.length} failed`);
  expect(running.failures).toEqual([]);
  expect(rate).toBeGreaterThanOrEqual(50);
  for (const { requests } of seen) expect(requests).toBeGreaterThan(0);
});

test('without a drain delay the same roll does lose requests, which shows that the test above can fail', async () => {
  const { start, replace, load } = await deployment({ DRAIN_DELAY_MS: '0' });
  const instances = [await start(), await start()];
  const running = load();
  for (const old of instances) await replace(old);
  await running.stop();
  console.log(`${running.sent} requests, ${running.failures.length} failed, such as: ${running.failures[0]}`);
  expect(running.failures.length).toBeGreaterThan(0);
  expect(new Set(running.failures.map((failure) => failure.replace(/\d+$/, '…')))).toContain(
    '502: ECONNREFUSED from port …',
  );
});

/** PostgreSQL through a wire that swallows the health check's query, and nothing else. */
async function deafTo(text: string, databaseUrl: string): Promise<string> {
  const url = new URL(databaseUrl);
  const { port, hostname } = url;
  const server = createServer((client) => {
    const database = connect(Number(port), hostname);
    client.on('data', (chunk) => void (chunk.includes(text) || database.write(chunk)));
    database.pipe(client);
    for (const socket of [client, database]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        database.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  url.port = String((server.address() as AddressInfo).port);
  return url.href;
}

test('a canary that never becomes healthy receives no requestsss', async () => {
  const { balancer, databaseUrl, start, load } = await deployment({});
  const stable = await start();
  const app = await startServer({ DATABASE_URL: await deafTo('SELECT 1', databaseUrl) });
  const canaryUrl = await app.listening();
  const canary = balancer.add(Number(new URL(canaryUrl).port));
  const running = load();
  await vi.waitUntil(() => canary.checks.length >= 10 && stable.backend.requests >= 300, {
    timeout: patienceMs,
    interval: 50,
  });
  await running.stop();
  expect(new Set(canary.checks)).toEqual(new Set([503]));
  expect(canary.requests).toBe(0);
  expect(running.failures).toEqual([]);
  // It is the health check alone that keeps requests away: it would answer them.
  expect((await fetch(`${canaryUrl}/notes`)).status).toBe(200);
});
