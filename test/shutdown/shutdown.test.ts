import { hasSubscribers } from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { Server as TcpServer } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../../src/adapters/listen.ts';
import { middleware } from '../../src/adapters/middleware.ts';
import { isConfigError } from '../../src/internal/config-error.ts';
import { isKeptOpen } from '../../src/server/closing-order.ts';
import { gracefulShutdown } from '../../src/shutdown/index.ts';
import { SHUTDOWN_DEFAULTS, type ShutdownOptions } from '../../src/shutdown/options.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { gate, memoryLogger, virtualHealth } from '../helpers/health.ts';
import { get, open, serve, until } from '../helpers/wire.ts';

const { drainDelayMs, timeoutMs, hookTimeoutMs } = SHUTDOWN_DEFAULTS;

/** A server that is shut down on a virtual clock, with what it did in `events`. */
async function setUp(options: ShutdownOptions = {}, given: Server = createServer()) {
  const { clock, health } = virtualHealth();
  const logger = memoryLogger();
  const events: string[] = [];
  given.on('close', () => events.push('server closed'));
  health.on('close', () => events.push('health closed'));
  const exit = vi.fn((code: number) => void events.push(`exit ${code}`));
  const handle = gracefulShutdown(given, health, { logger, exit, clock, ...options });
  onTestFinished(() => handle.dispose());
  if (given.listenerCount('request') < 2) given.on('request', middleware(health));
  const port = await serve(given);
  return { clock, health, logger, events, exit, handle, server: given, port };
}

function signal(name: NodeJS.Signals): void {
  process.emit(name, name);
}

async function statusOf(port: number, path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
}

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
    expect(logger.lines.join('\n')).toMatch(/waiting for 1 more in this process/);
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

describe('next to other listeners', () => {
  function listen(name: NodeJS.Signals, listener: () => void): void {
    process.on(name, listener);
    onTestFinished(() => void process.removeListener(name, listener));
  }

  test('a server that is closed during the drain ends it, with a warning and exit code 1', async () => {
    const { clock, events, logger, server } = await setUp();
    listen('SIGTERM', () => void setImmediate(() => server.close()));
    signal('SIGTERM');
    await until(() => events.includes('exit 1'));
    expect(clock.now()).toBe(0);
    const text = logger.lines.join('\n');
    expect(text).toMatch(/shutting down.*The program has another listener for SIGTERM/);
    expect(text).toMatch(
      /warn The server stopped listening 0 ms into the drain delay of 7000 ms.*shutdown\.test\.ts/,
    );
  });

  test('one that stops listening by other ways is a warning too, at the end of the drain', async () => {
    const { clock, events, logger, server } = await setUp();
    signal('SIGTERM');
    await clock.advance(1);
    TcpServer.prototype.close.call(server);
    await clock.advance(drainDelayMs);
    await until(() => events.includes('exit 1'));
    expect(logger.lines.join('\n')).toContain('closed it, so the exit code is 1');
  });

  test('a repeated SIGTERM skips nothing, SIGINT does', async () => {
    const { clock, events, logger, server } = await setUp();
    listen('SIGTERM', () => undefined);
    signal('SIGTERM');
    await clock.advance(1000);
    signal('SIGTERM');
    await clock.advance(1);
    expect(server.listening).toBe(true);
    expect(logger.lines.join('\n')).toContain('SIGTERM again');
    signal('SIGINT');
    await until(() => events.includes('exit 0'));
    expect(clock.now()).toBe(1001);
  });
});

describe('hooks', () => {
  test('run in order, each with a time limit of its own, and a failure does not keep the next from running', async () => {
    const { clock, logger, events } = await setUp({
      onShutdown: [
        function flush() {
          events.push('flush');
          throw new Error('disk full');
        },
        { name: 'pool', run: () => new Promise(() => events.push('pool')), timeoutMs: 300 },
        () => Promise.reject('no reason'),
        () => new Promise(() => events.push('hangs')),
        () => void events.push('last'),
      ],
    });
    signal('SIGTERM');
    await clock.advance(drainDelayMs);
    await until(() => events.includes('pool'));
    await clock.advance(299);
    expect(events.at(-1)).toBe('pool');
    await clock.advance(1);
    expect(events.at(-1)).toBe('hangs');
    await clock.advance(hookTimeoutMs - 1);
    expect(events.at(-1)).toBe('hangs');
    await clock.advance(1);
    expect(events.slice(2)).toEqual(['flush', 'pool', 'hangs', 'last', 'exit 1']);
    const errors = logger.lines.filter((line) => line.startsWith('error'));
    expect(errors).toHaveLength(4);
    expect(errors[0]).toMatch(/hook `flush` failed.*disk full/);
    expect(errors[1]).toMatch(/hook `pool` did not end within its 300 ms.*give it more time/);
    expect(errors[2]).toMatch(/hook `onShutdown\[2\]` failed.*no reason/);
    expect(errors[3]).toMatch(/hook `onShutdown\[3\]` did not end within its 5000 ms/);
    expect(clock.pending).toBe(0);
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

describe('invalid options', () => {
  test('are listed all at once', () => {
    const faults = (() => {
      try {
        gracefulShutdown(
          {} as never,
          {} as never,
          {
            drainDelayMs: -1,
            timeoutMs: 2 ** 31,
            signals: ['SIGKILL', 'SIGNAL'] as never,
            onShutdown: ['pool', { name: '', run: () => undefined, timeoutMs: 0, timeout: 1 }] as never,
            logger: {} as never,
            exit: 1 as never,
            upgrades: 'never' as never,
            clock: {} as never,
            delay: 1,
          } as never,
        );
      } catch (thrown) {
        return isConfigError(thrown) ? thrown.issues : [String(thrown)];
      }
      return [];
    })();
    expect(faults).toEqual([
      'Expected `server` to be a server of node:http, node:https or node:http2, such as what `app.listen()` returns, or what `listen()` of allswell resolves with, got an empty object',
      'Expected `health` to be a HealthController, got an empty object',
      expect.stringMatching(/^Unknown option `delay`; the options are `signals`, /),
      'Expected `drainDelayMs` to be a whole number of milliseconds from 0 to 2147483647, got `-1` (number)',
      'Expected `timeoutMs` to be a whole number of milliseconds from 0 to 2147483647, got `2147483648` (number)',
      "Expected `upgrades` to be one of 'refuse', 'allow', got `'never'` (string)",
      expect.stringMatching(/^Expected `logger` to be an object with the methods/),
      expect.stringMatching(/^Expected `clock` to be an object with the methods/),
      'Expected `exit` to be a function that takes the exit code, got `1` (number)',
      "Expected `signals` to be names of signals that a process can listen to, got `'SIGKILL'` (string)",
      "Expected `signals` to be names of signals that a process can listen to, got `'SIGNAL'` (string)",
      "Expected `onShutdown[0]` to be a function, or an object with `run`, got `'pool'` (string)",
      'Unknown option `timeout`; the options are `name`, `run`, `timeoutMs`',
      "Expected `onShutdown[1].name` to be a name for the log, got `''` (string)",
      'Expected `onShutdown[1].timeoutMs` to be a whole number of milliseconds from 1 to 2147483647, got `0` (number)',
    ]);
  });

  test.each([
    [{ signals: 'SIGTERM' }, /`signals` to be a list of signal names/],
    [{ onShutdown: () => undefined }, /`onShutdown` to be a list of functions/],
    [7, /`options` to be an object/],
  ])('such as %o', (options, message) => {
    const { health } = virtualHealth();
    expect(() => gracefulShutdown(createServer(), health, options as never)).toThrow(message);
    expect(process.listenerCount('SIGTERM')).toBe(0);
  });

  test('and invalid servers are named by their place', () => {
    const { health } = virtualHealth();
    const wrong = [createServer(), new TcpServer(), { close: () => undefined }] as never;
    expect(() => gracefulShutdown(wrong, health)).toThrow(/`servers\[1\]`[\s\S]*`servers\[2\]`/);
  });

  test('such as HTTP/2 under Bun', () => {
    const { bun } = process.versions;
    onTestFinished(
      () => void Object.defineProperty(process.versions, 'bun', { value: bun, configurable: true }),
    );
    Object.defineProperty(process.versions, 'bun', { value: '1.4.5', configurable: true });
    const { health } = virtualHealth();
    expect(() => gracefulShutdown(createHttp2Server(), health)).toThrow(/Bun 1\.4\.5 cannot end the HTTP\/2/);
  });

  test('that are not there are the defaults: it ends the process', async () => {
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
    onTestFinished(() => exit.mockRestore());
    const { health } = virtualHealth();
    const handle = gracefulShutdown(createServer(), health, {
      onShutdown: [{ name: 'flush', run: () => undefined }],
    });
    onTestFinished(() => handle.dispose());
    expect(await handle.shutdown()).toBe(0);
    expect(exit.mock.calls).toEqual([[0]]);
  });

  test('that are undefined are the defaults, and the logger the controller’s', async () => {
    const { health, clock, logger } = virtualHealth();
    const exit = vi.fn();
    const options = { drainDelayMs: undefined, signals: undefined, logger: undefined, exit, clock } as never;
    const handle = gracefulShutdown(createServer(), health, options);
    onTestFinished(() => handle.dispose());
    signal('SIGTERM');
    await until(() => exit.mock.calls.length > 0);
    expect(logger.lines.join('\n')).toContain('"drainDelayMs":7000');
  });
});
