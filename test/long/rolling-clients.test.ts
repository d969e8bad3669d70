import { expect, onTestFinished, test, vi } from 'vitest';
import { type Backend, Balancer } from '../helpers/balancer.ts';
import { Http2Client } from '../helpers/http2-client.ts';
import { Load } from '../helpers/load.ts';
import { patienceMs } from '../helpers/processes.ts';
import { NODE } from '../helpers/runtimes.ts';
import { type Service, startService } from '../helpers/services.ts';
import { ReconnectingClient } from '../helpers/web-socket-client.ts';

/** Enough for the balancer's two failed checks, 200 ms apart, many times over. */
const drainDelayMs = 3000;
const checkPath = '/api/v1/health/ready';

interface Instance {
  readonly service: Service;
  /** What the balancers know of it, by the name of its server. */
  readonly backends: Readonly<Record<string, Backend>>;
  readonly ports: Readonly<Record<string, number>>;
}

/** Two instances whose named servers are behind a balancer each, and how to replace both. */
async function deployment(names: readonly string[]) {
  const balancers = new Map(names.map((name) => [name, new Balancer(checkPath)]));
  const urls: Record<string, string> = {};
  for (const [name, balancer] of balancers) {
    urls[name] = await balancer.listen();
    onTestFinished(() => balancer.close());
  }
  const start = async (): Promise<Instance> => {
    const service = startService(NODE, 'rolling', { drainDelayMs });
    const ports: Record<string, number> = {};
    for (const name of ['first', 'second', 'streams', 'admin']) ports[name] = await service.port(name);
    const backends: Record<string, Backend> = {};
    for (const [name, balancer] of balancers) backends[name] = balancer.add(ports[name] as number);
    await vi.waitUntil(() => Object.values(backends).every(({ isUp }) => isUp), { timeout: patienceMs });
    return { service, backends, ports };
  };
  let instances = [await start(), await start()];
  const replaceAll = async (): Promise<void> => {
    for (const old of [...instances]) {
      instances.push(await start());
      old.service.kill('SIGTERM');
      expect(await old.service.exited(), old.service.output()).toBe('0');
      instances = instances.filter((each) => each !== old);
      for (const [name, balancer] of balancers) {
        const backend = old.backends[name] as Backend;
        await vi.waitUntil(() => !backend.isUp, { timeout: patienceMs });
        balancer.remove(backend);
      }
    }
  };
  let turn = 0;
  /** The port of an instance that the balancer of a server holds to be up, in turn. */
  const portOf = (name: string, checkedAs: string): number => {
    const up = instances.filter(({ backends }) => backends[checkedAs]?.isUp);
    return (up[turn++ % up.length] as Instance).ports[name] as number;
  };
  return { urls, replaceAll, portOf };
}

test('a roll of instances with two servers each loses no request on either', async () => {
  const { urls, replaceAll } = await deployment(['first', 'second']);
  const loads = Object.values(urls).map((url) => new Load(url, 30));
  onTestFinished(async () => void (await Promise.all(loads.map((load) => load.stop()))));
  await replaceAll();
  await replaceAll();
  await Promise.all(loads.map((load) => load.stop()));
  console.log(
    `two servers: ${loads.map(({ sent, failures }) => `${sent} sent, ${failures.length} lost`).join('; ')}`,
  );
  expect(loads.flatMap(({ failures }) => failures)).toEqual([]);
});

test('a roll under a fleet of WebSockets that come back cuts none of them off, and loses no request', async () => {
  const { urls, replaceAll, portOf } = await deployment(['first']);
  const load = new Load(urls.first as string, 30);
  onTestFinished(async () => void (await load.stop()));
  const fleet = Array.from(
    { length: 20 },
    () => new ReconnectingClient(() => `ws://127.0.0.1:${portOf('first', 'first')}`),
  );
  await vi.waitUntil(() => fleet.every(({ isOpen }) => isOpen), { timeout: patienceMs });
  await replaceAll();
  await replaceAll();
  await vi.waitUntil(() => fleet.every(({ isOpen }) => isOpen), { timeout: patienceMs });
  await load.stop();
  const ends = fleet.flatMap((client) => client.ends);
  const counts = Object.fromEntries(
    [...new Set(ends)].map((end) => [end, ends.filter((each) => each === end).length]),
  );
  console.log(
    `WebSockets: ${JSON.stringify(counts)}; ${load.sent} requests sent, ${load.failures.length} lost`,
  );
  expect(load.failures).toEqual([]);
  expect(Object.keys(counts).sort()).toEqual(['1012', '503, retry after 1, connection close']);
});

test('a roll under clients over HTTP/2 loses no request', async () => {
  const { replaceAll, portOf } = await deployment(['admin']);
  const clients = Array.from(
    { length: 10 },
    () => new Http2Client(() => `http://127.0.0.1:${portOf('streams', 'admin')}`),
  );
  let isRunning = true;
  let sent = 0;
  let retries = 0;
  const lost: string[] = [];
  const ask = async (client: Http2Client) => {
    sent++;
    await client.get('/notes').then(
      (outcome) => {
        retries += outcome.retries;
        if (outcome.body !== '{"text":"hello"}') lost.push(`answered ${outcome.body}`);
      },
      (error: Error) => lost.push(error.message),
    );
  };
  const running = clients.map(async (client) => {
    while (isRunning)
      await Promise.all([
        ask(client),
        ask(client),
        ask(client),
        new Promise((resolve) => setTimeout(resolve, 50)),
      ]);
    client.close();
  });
  onTestFinished(() => {
    isRunning = false;
  });
  await replaceAll();
  await replaceAll();
  isRunning = false;
  await Promise.all(running);
  const goaways = clients.reduce((sum, client) => sum + client.goaways, 0);
  console.log(
    `HTTP/2: ${sent} sent, ${retries} sent again after a refusal, ${goaways} GOAWAYs, ${lost.length} lost`,
  );
  expect(lost).toEqual([]);
  expect(goaways).toBeGreaterThan(0);
});
