import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../../src/adapters/listen.ts';
import { isKeptOpen } from '../../src/server/closing-order.ts';
import { gracefulShutdown } from '../../src/shutdown/index.ts';
import { SHUTDOWN_DEFAULTS } from '../../src/shutdown/options.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { virtualHealth } from '../helpers/health.ts';
import { signal, statusOf } from '../helpers/shutdown.ts';
import { serve, until } from '../helpers/wire.ts';

const { drainDelayMs } = SHUTDOWN_DEFAULTS;

describe('several servers', () => {
  test('are drained together, and a health server closes after the hooks', async () => {
    const { clock, health, logger } = virtualHealth();
    const [one, other] = [createServer(), createServer()];
    await Promise.all([serve(one), serve(other)]);
    const events: string[] = [];
    const healthServer = {
      port: 9091,
      server: createServer(),
      close: async () => void events.push(`health server closes, ${isKeptOpen(healthServer.server)}`),
    };
    const exit = (code: number) => void events.push(`exit ${code}`);
    const onShutdown = [() => void events.push(`hook, ${one.listening} ${other.listening}`)];
    const handle = gracefulShutdown([one, other, healthServer, one], health, {
      clock,
      logger,
      exit,
      onShutdown,
    });
    signal('SIGTERM');
    await clock.advance(drainDelayMs - 1);
    expect([one.listening, other.listening]).toEqual([true, true]);
    await clock.advance(1);
    await until(() => events.length === 3);
    expect(events).toEqual(['hook, false false', 'health server closes, true', 'exit 0']);
    handle.dispose();
    await settle();
    expect(isKeptOpen(healthServer.server)).toBe(false);
  });

  test('and the listener of listen() answers until the hooks have run, although the controller is closed', async () => {
    const { clock, health, logger } = virtualHealth();
    const admin = await listen(health, { port: 0 });
    onTestFinished(() => admin.close());
    const statuses: number[] = [];
    const exit = vi.fn();
    const onShutdown = [async () => void statuses.push(await statusOf(admin.port, '/livez'))];
    const handle = gracefulShutdown([admin], health, { clock, logger, exit, onShutdown });
    onTestFinished(() => handle.dispose());
    expect(await handle.shutdown()).toBe(0);
    expect(statuses).toEqual([200]);
    expect(admin.server.listening).toBe(false);
  });

  test('may have several handles each, which stop it once and accuse nobody', async () => {
    const { clock, health, logger } = virtualHealth();
    const server = createServer();
    await serve(server);
    const exit = vi.fn();
    const listeners = server.listenerCount('connection');
    const handles = [1000, 2000].map((drainDelay) =>
      gracefulShutdown(server, health, { clock, logger, exit, drainDelayMs: drainDelay }),
    );
    expect(server.listenerCount('connection')).toBe(listeners + 1);
    signal('SIGTERM');
    await clock.advance(1000);
    expect(server.listening).toBe(false);
    await clock.advance(1000);
    await until(() => exit.mock.calls.length > 0);
    expect(exit.mock.calls).toEqual([[0]]);
    expect(logger.lines.join('\n')).toMatch(/waiting for 1 in this process/);
    for (const handle of handles) handle.dispose();
    await settle();
    expect(server.listenerCount('connection')).toBe(listeners);
  });

  test('may be none, or only one for health: then there is no load balancer to wait for', async () => {
    const { clock, health, logger } = virtualHealth();
    const exit = vi.fn();
    const failing = { port: 9091, server: undefined, close: () => Promise.reject(new Error('stuck')) };
    const handles = [
      gracefulShutdown([], health, { clock, logger, exit }),
      gracefulShutdown(failing, health, { clock, logger, exit }),
    ];
    onTestFinished(() => handles.forEach((handle) => void handle.dispose()));
    signal('SIGTERM');
    await until(() => exit.mock.calls.length > 0);
    expect([clock.now(), exit.mock.calls]).toEqual([0, [[1]]]);
    expect(logger.lines.join('\n')).toMatch(/`health server on port 9091` failed.*stuck/);
  });
});
