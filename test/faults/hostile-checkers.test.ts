import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import { HealthController } from '../../src/health/controller.ts';
import { prometheus } from '../../src/metrics/prometheus.ts';
import type { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { memoryLogger, virtualHealth } from '../helpers/health.ts';
import { serve } from '../helpers/http.ts';
import { HOSTILE, type Hostile } from './hostile.ts';

/** More than any answer of a few checks needs. */
const MAX_BODY_LENGTH = 64 * 1024;

interface Body {
  status: string;
  checks: Record<string, { status: string; message?: string }>;
}

/** Asks over HTTP while the virtual clock moves on until the answer is there. */
async function ask(url: string, clock: VirtualClock): Promise<{ statusCode: number; text: string }> {
  let isAnswered = false;
  const answer = fetch(url).finally(() => {
    isAnswered = true;
  });
  await vi.waitUntil(
    async () => {
      await clock.advance(10);
      return isAnswered;
    },
    { timeout: 60_000, interval: 1 },
  );
  const response = await answer;
  return { statusCode: response.status, text: await response.text() };
}

async function mounted(hostile: Hostile) {
  const context = virtualHealth();
  const { health } = context;
  health.register('before', () => undefined);
  health.register('hostile', hostile.checker(context));
  health.register('after', async () => undefined);
  const { url } = await serve(
    middleware(health, { details: 'always', metrics: prometheus(health, { registry: new Registry() }) }),
  );
  onTestFinished(() => health.close());
  return { ...context, url };
}

suite('a checker that', () => {
  test.each(HOSTILE)('$name is contained', async (hostile) => {
    const { health, clock, url, logger } = await mounted(hostile);
    for (const round of ['first', 'second']) {
      const { statusCode, text } = await ask(`${url}/api/v1/health?verbose`, clock);
      const { checks } = JSON.parse(text) as Body;
      expect(statusCode, round).toBe(hostile.status === 'ok' || hostile.status === undefined ? 200 : 503);
      expect({ before: checks.before?.status, after: checks.after?.status }).toEqual({
        before: 'ok',
        after: 'ok',
      });
      expect(checks.hostile?.status).toBe(hostile.status);
      if (round === 'first' && hostile.message) expect(checks.hostile?.message).toMatch(hostile.message);
      expect(text.length).toBeLessThan(MAX_BODY_LENGTH);
      expect(text).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    }
    const metrics = await ask(`${url}/metrics`, clock);
    expect(metrics.statusCode).toBe(200);
    expect(metrics.text).toContain('health_check_status{check="before",status="ok"} 1');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const closing = health.close();
    await clock.advance(1_600);
    await closing;
    expect(logger.lines.every((line) => line.length < 4_096 && !/\p{Cc}/u.test(line))).toBe(true);
  });

  test('settles after minutes is run again then', async () => {
    const hostile = HOSTILE.find(({ name }) => name === 'settles after minutes') as Hostile;
    const { clock, url, health } = await mounted(hostile);
    await ask(`${url}/api/v1/health`, clock);
    health.unregister('hostile');
    health.register('hostile', () => undefined);
    await clock.advance(400_000);
    expect((await ask(`${url}/api/v1/health`, clock)).statusCode).toBe(200);
  });

  test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'is called %s is a check like any other',
    async (name) => {
      const { health, clock } = virtualHealth();
      health.register(name, () => ({ status: 'error', message: 'down' }));
      const { url } = await serve(middleware(health, { details: 'always' }));
      const plain = await ask(`${url}/api/v1/health`, clock);
      expect(plain).toEqual({ statusCode: 503, text: `{"status":"unhealthy","checks":{"${name}":"error"}}` });
      const verbose = JSON.parse(
        (await ask(`${url}/api/v1/health/checks/${name}?verbose`, clock)).text,
      ) as Body;
      expect(Object.keys(verbose.checks)).toEqual([name]);
      expect(verbose.checks[name]?.message).toBe('down');
      const absent = await fetch(`${url}/api/v1/health/checks/isPrototypeOf`);
      expect(absent.status).toBe(404);
    },
  );

  test('is called __proto__ is a configuration fault', () => {
    const { health } = virtualHealth();
    expect(() => health.register('__proto__', () => undefined)).toThrow('Expected `name`');
  });
});

/** A check that needs the event loop: a round trip over a socket. */
async function roundTripper(): Promise<() => Promise<undefined>> {
  const server = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return async () => {
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('x');
    await once(socket, 'data');
    socket.destroy();
    return undefined;
  };
}

suite('a synchronous block of two seconds', () => {
  test('delays the answer, and causes no false ETIMEDOUT in the others', { timeout: 60_000 }, async () => {
    const health = new HealthController({ timeoutMs: 800, logger: memoryLogger() });
    const roundTrip = await roundTripper();
    health.register('before', roundTrip);
    health.register('blocker', () => {
      const until = performance.now() + 2_000;
      while (performance.now() < until);
    });
    health.register('after', roundTrip);
    const { url } = await serve(middleware(health, { details: 'always' }));
    const response = await fetch(`${url}/api/v1/health?verbose`);
    const { checks } = (await response.json()) as Body;
    expect(Object.entries(checks).map(([name, { status, message }]) => [name, status, message])).toEqual([
      ['before', 'ok', undefined],
      ['blocker', 'ok', undefined],
      ['after', 'ok', undefined],
    ]);
    expect(response.status).toBe(200);
  });
});
