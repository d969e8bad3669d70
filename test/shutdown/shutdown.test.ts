import { hasSubscribers } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { gracefulShutdown } from '../../src/shutdown/index.ts';
import { SHUTDOWN_DEFAULTS } from '../../src/shutdown/options.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { gate, virtualHealth } from '../helpers/health.ts';
import { setUp, signal, statusOf } from '../helpers/shutdown.ts';
import { get, open, until } from '../helpers/wire.ts';

const { drainDelayMs, timeoutMs } = SHUTDOWN_DEFAULTS;

describe('a graceful shutdown', () => {
  test('serves for another drainDelayMs, then closes the server, the checks, and exits 0', async () => {
    const { clock, events, port, server } = await setUp();
    signal('SIGTERM');
    await clock.advance(drainDelayMs - 1);
    expect(server.listening).toBe(true);
    expect(await statusOf(port, '/api/v1/health/live')).toBe(200);
    expect(events).toEqual([]);
    await clock.advance(1);
    expect(server.listening).toBe(false);
    await until(() => events.length === 3);
    expect(events).toEqual(['server closed', 'health closed', 'exit 0']);
  });

  test('is not ready from the first reply after the signal, and alive as long as it accepts', async () => {
    const { clock, health, port } = await setUp();
    health.register('anything', () => undefined);
    const paths = ['/api/v1/health', '/api/v1/health/ready', '/api/v1/health/live', '/api/v1/health/startup'];
    const statuses = () => Promise.all(paths.map((path) => statusOf(port, path)));
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    signal('SIGINT');
    expect(await statuses()).toEqual([503, 503, 200, 200]);
    await clock.advance(drainDelayMs - 1);
    expect(await statuses()).toEqual([503, 503, 200, 200]);
  });

  test('cuts off what is in flight after timeoutMs, logs what, and exits 1', async () => {
    const { clock, logger, events, port, server } = await setUp(
      {},
      createServer(() => undefined),
    );
    const client = await open(port);
    const received = new Promise((resolve) => server.once('request', resolve));
    client.send(get('/report?token=secret'));
    await received;
    signal('SIGTERM');
    await clock.advance(drainDelayMs + timeoutMs - 1);
    expect(events).toEqual([]);
    await clock.advance(1);
    await until(() => events.includes('exit 1'));
    await client.ended;
    const line = logger.lines.find((each) => each.startsWith('error'));
    expect(line).toContain('Cut off 1 that had not ended 10000 ms after the server stopped accepting');
    expect(line).toContain('GET /report (after 17.0 s)');
    expect(line).not.toContain('secret');
  });

  test('names ten of what it cut off and counts the rest', async () => {
    const { clock, logger, events, port, server } = await setUp(
      {},
      createServer(() => undefined),
    );
    let received = 0;
    server.on('request', () => received++);
    for (let index = 0; index < 12; index++) (await open(port)).send(get(`/slow/${index}`));
    await until(() => received === 12);
    signal('SIGTERM');
    await clock.advance(drainDelayMs + timeoutMs);
    await until(() => events.includes('exit 1'));
    const line = logger.lines.find((each) => each.startsWith('error'));
    expect(line).toMatch(/Cut off 12 .* and 2 more\. Expected/);
    expect(line?.match(/GET \/slow/g)).toHaveLength(10);
  });

  test('counts signals within a second as one', async () => {
    const { clock, logger, server } = await setUp();
    signal('SIGINT');
    signal('SIGINT');
    await clock.advance(999);
    signal('SIGTERM');
    await clock.advance(1);
    expect(server.listening).toBe(true);
    expect(logger.lines.join()).not.toContain('second signal');
  });

  test('waits no longer at a second signal from one second after the first, and runs the hooks', async () => {
    const { clock, logger, events, port, server } = await setUp(
      { onShutdown: [() => void events.push('hook')] },
      createServer(() => undefined),
    );
    const client = await open(port);
    const received = new Promise((resolve) => server.once('request', resolve));
    client.send(get('/endless'));
    await received;
    signal('SIGTERM');
    await clock.advance(1000);
    signal('SIGINT');
    await until(() => events.includes('exit 1'));
    expect(events).toEqual(expect.arrayContaining(['hook', 'exit 1']));
    expect(clock.now()).toBe(1000);
    expect(logger.lines.join('\n')).toContain('A second signal, SIGINT: cutting off what is in flight');
    expect(logger.lines.join('\n')).toContain('GET /endless (after 1.0 s)');
  });

  test('at a second signal while hooks run reports that nothing is left to skip', async () => {
    const hook = gate();
    const { clock, logger, events } = await setUp({ drainDelayMs: 0, onShutdown: [() => hook.promise] });
    signal('SIGTERM');
    await clock.advance(1000);
    await until(() => events.includes('health closed'));
    expect(logger.lines.join('\n')).toContain('`drainDelayMs` is 0, so there is no drain delay');
    signal('SIGTERM');
    expect(logger.lines.join('\n')).toContain('nothing left to skip');
    hook.open(undefined);
    await until(() => events.includes('exit 0'));
  });

  test('ends before the checks and the pool do: a background check never meets a closed pool', async () => {
    const pool = new Set(['connection']);
    const misses: string[] = [];
    const { clock, health, events } = await setUp({ onShutdown: [() => pool.clear()] });
    health.register('pool', () => void (pool.size > 0 || misses.push('asked a closed pool')), {
      intervalMs: 10,
    });
    signal('SIGTERM');
    await clock.advance(drainDelayMs);
    await until(() => events.includes('exit 0'));
    await clock.advance(1000);
    expect(misses).toEqual([]);
  });

  test('waits for nothing if the server is not listening yet, and closes it if it starts to', async () => {
    const { clock, health } = virtualHealth();
    const server = createServer();
    const exit = vi.fn();
    const hook = vi.fn();
    const handle = gracefulShutdown(server, health, { clock, exit, onShutdown: [hook] });
    onTestFinished(() => handle.dispose());
    signal('SIGTERM');
    await until(() => exit.mock.calls.length > 0);
    expect([clock.now(), exit.mock.calls, hook.mock.calls.length]).toEqual([0, [[0]], 1]);
    const closed = new Promise((resolve) => server.once('close', resolve));
    server.listen(0, '127.0.0.1');
    await closed;
    expect(server.listening).toBe(false);
  });

  test('finishes what is in flight on a server that was closed before', async () => {
    const answer = gate();
    const { clock, events, port, server } = await setUp(
      {},
      createServer((_request, response) => void answer.promise.then(() => response.end('done'))),
    );
    const client = await open(port);
    const received = new Promise((resolve) => server.once('request', resolve));
    client.send(get('/'));
    await received;
    server.close();
    signal('SIGTERM');
    await clock.advance(timeoutMs - 1);
    expect(events).toEqual([]);
    answer.open(undefined);
    await client.until(/done/);
    await until(() => events.includes('exit 0'));
  });
});

describe('shutdown()', () => {
  test('does the same without a signal, once, and resolves with the exit code', async () => {
    const { clock, handle, exit } = await setUp();
    const { shutdown } = handle;
    const first = shutdown();
    expect(shutdown()).toBe(first);
    await clock.advance(drainDelayMs);
    expect(await first).toBe(0);
    expect(exit.mock.calls).toEqual([[0]]);
  });

  test('happens once even if a listener of `drain` starts it', async () => {
    const hook = vi.fn();
    const { clock, handle, health, exit } = await setUp({ onShutdown: [hook] });
    health.on('drain', () => handle.shutdown());
    const code = handle.shutdown();
    await clock.advance(drainDelayMs);
    expect(await code).toBe(0);
    expect([hook.mock.calls.length, exit.mock.calls.length]).toEqual([1, 1]);
  });

  test('resolves with the code even if `exit` rejects, which does not end the process', async () => {
    const { clock, handle, logger } = await setUp({ exit: () => Promise.reject(new Error('no way out')) });
    const code = handle.shutdown();
    await clock.advance(drainDelayMs);
    expect(await code).toBe(0);
    await until(() => logger.lines.join('\n').includes('no way out'));
  });

  test('resolves with the code even if `exit` throws', async () => {
    const { clock, handle, logger } = await setUp({
      exit: () => {
        throw new Error('not here');
      },
    });
    const code = handle.shutdown();
    await clock.advance(drainDelayMs);
    expect(await code).toBe(0);
    expect(logger.lines.join('\n')).toContain('not here');
  });

  test.each<[unknown, number, RegExp]>([
    [{ exitCode: 3 }, 3, /exit code 3/],
    [{}, 0, /exit code 0/],
    [{ exitCode: 256 }, 1, /whole number from 0 to 255, got `256`/],
    [new Error('a bug'), 1, /got a bug/],
    [null, 0, /exit code 0/],
  ])('takes an exit code, and lets nothing keep the process from exiting: %o', async (call, code, line) => {
    const { clock, handle, logger } = await setUp();
    const left = handle.shutdown(call as never);
    await clock.advance(drainDelayMs);
    expect(await left).toBe(code);
    expect(logger.lines.join('\n')).toMatch(line);
  });

  test('takes a worse exit code while it is under way', async () => {
    const { clock, handle, exit } = await setUp();
    signal('SIGTERM');
    void handle.shutdown({ exitCode: 5 });
    await clock.advance(drainDelayMs);
    await until(() => exit.mock.calls.length > 0);
    expect(exit.mock.calls).toEqual([[5]]);
  });

  test('rejects after dispose()', async () => {
    const { handle } = await setUp();
    handle.dispose();
    await expect(handle.shutdown()).rejects.toThrow('after dispose()');
  });
});

describe('dispose()', () => {
  test('removes every listener from the process and the server', () => {
    const { health } = virtualHealth();
    const server = createServer();
    server.on('upgrade', () => undefined);
    const counts = () => ({
      process: process.eventNames().map((name) => [name, process.listenerCount(name)]),
      server: server.eventNames().map((name) => [name, server.listenerCount(name)]),
      channel: hasSubscribers('http.server.request.start'),
    });
    const before = counts();
    const handle = gracefulShutdown(server, health, { signals: ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGTERM'] });
    expect(process.listenerCount('SIGHUP')).toBe(1);
    handle.dispose();
    handle.dispose();
    expect(counts()).toEqual(before);
  });

  test('lets a shutdown in progress finish', async () => {
    const { clock, events, handle, server } = await setUp();
    signal('SIGTERM');
    handle.dispose();
    expect(process.listenerCount('SIGTERM')).toBe(0);
    await clock.advance(drainDelayMs);
    await until(() => events.includes('exit 0'));
    await settle();
    expect(server.listenerCount('connection')).toBe(1); // node:http's own
  });
});
