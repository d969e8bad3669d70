import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import { Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type HealthServer, listen } from '../../src/adapters/listen.ts';
import { LISTEN_DEFAULTS, type ListenOptions } from '../../src/adapters/listen-options.ts';
import { isConfigError } from '../../src/internal/config-error.ts';
import { gracefulShutdown } from '../../src/shutdown/index.ts';
import { gate, virtualHealth } from '../helpers/health.ts';
import { askSocket, freshSocketPath } from '../helpers/unix-socket.ts';
import { get, open, serving } from '../helpers/wire.ts';

const metrics = { contentType: 'text/plain', metrics: async () => 'up 1\n' };

async function setUp(options: ListenOptions & { thread?: false } = {}) {
  const { health, logger } = virtualHealth();
  health.register('database', () => ({ status: 'error', message: 'gone' }));
  const listener = await listen(health, { port: 0, ...options });
  onTestFinished(() => listener.close());
  return { health, logger, listener };
}

async function answer(listener: HealthServer, path: string): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${listener.port}${path}`);
  return [response.status, await response.text()];
}

async function statuses(listener: HealthServer, paths: readonly string[]): Promise<number[]> {
  return Promise.all(paths.map(async (path) => (await answer(listener, path))[0]));
}

async function faultsOf(options: unknown): Promise<readonly string[]> {
  const { health } = virtualHealth();
  const thrown = await listen(health, options as ListenOptions).catch((reason: unknown) => reason);
  return isConfigError(thrown) ? thrown.issues : [String(thrown)];
}

describe('a health listener', () => {
  test('answers on the middleware’s paths and those of Kubernetes', async () => {
    const { listener } = await setUp({ metrics });
    const paths = ['/api/v1/health', '/livez', '/readyz/', '/startupz?x', '/healthz', '/metrics'];
    expect(await statuses(listener, paths)).toEqual([503, 200, 503, 503, 503, 200]);
    expect(listener).toMatchObject({ host: '127.0.0.1', url: `http://127.0.0.1:${listener.port}` });
    expect(listener.port).toBeGreaterThan(0);
  });

  test('answers 404 as JSON elsewhere, and on /metrics when it has none', async () => {
    const { listener } = await setUp();
    for (const path of ['/metrics', '/nothing', '/livez/'.repeat(2)])
      expect(await answer(listener, path)).toEqual([404, '{"error":"not found"}']);
  });

  test('shows people the page at its root, and answers programs there', async () => {
    const { listener } = await setUp();
    const page = await fetch(listener.url, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    expect(await answer(listener, '/')).toEqual([
      503,
      '{"status":"unhealthy","checks":{"database":"error"}}',
    ]);
  });

  test('takes the middleware’s options, over its own paths too', async () => {
    const paths = { '/livez': 'all', '/mine': 'live' };
    const { listener } = await setUp({ path: '/healthz', metricsPath: '/readyz', metrics, paths });
    const asked = ['/healthz', '/healthz/live', '/livez', '/mine', '/readyz', '/startupz'];
    expect(await statuses(listener, asked)).toEqual([503, 200, 503, 200, 200, 503]);
  });

  test('shows details on loopback, and hides them elsewhere unless told otherwise', async () => {
    const shows = async (options: ListenOptions & { thread?: false }) =>
      (await answer((await setUp(options)).listener, '/healthz?verbose'))[1].includes('gone');
    expect(await shows({})).toBe(true);
    expect(await shows({ host: '127.0.0.1', details: 'never' })).toBe(false);
    expect(await shows({ host: '0.0.0.0' })).toBe(false);
    expect(await shows({ host: '0.0.0.0', details: 'always' })).toBe(true);
  });

  test('returns a URL that can be opened', async () => {
    const { listener } = await setUp({ host: '0.0.0.0' });
    expect(listener.url).toBe(`http://localhost:${listener.port}`);
    const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    if (!addresses.some(({ address }) => address === '::1')) return;
    const { listener: six } = await setUp({ host: '::1' });
    expect(six.url).toBe(`http://[::1]:${six.port}`);
    expect((await fetch(`${six.url}/livez`)).status).toBe(200);
  });

  test('stays up while the service drains, and closes connections after each reply', async () => {
    const { health, listener } = await setUp();
    const client = await open(listener.port);
    client.send(get('/livez'));
    expect(await client.until(/healthy/)).toMatch(/200 OK[\s\S]*Connection: keep-alive/);
    health.drain();
    client.send(get('/livez'));
    expect(await client.until(/Connection: close/)).not.toContain('503');
    expect(await client.ended).toBeUndefined();
    expect(await statuses(listener, ['/readyz'])).toEqual([503]);
  });

  test('that begins during the drain closes it with the first reply', async () => {
    const { health } = virtualHealth();
    health.drain();
    const listener = await listen(health, { port: 0 });
    onTestFinished(() => listener.close());
    const client = await open(listener.port);
    client.send(get('/livez'));
    await client.until(/Connection: close/);
  });

  test('closes with the controller', async () => {
    const { health, listener } = await setUp();
    const closed = once(listener.server, 'close');
    await health.close();
    await closed;
    expect(listener.server.listening).toBe(false);
  });

  test('closes by itself, once, with the reply in progress', async () => {
    const { health } = virtualHealth();
    const scrape = gate<string>();
    const source = { contentType: 'text/plain', metrics: () => scrape.promise };
    const listener = await listen(health, { port: 0, metrics: source });
    const received = once(listener.server, 'request');
    const response = fetch(`${listener.url}/metrics`);
    await received;
    const closed = listener.close();
    expect(listener.close()).toBe(closed);
    scrape.open('up 1\n');
    expect(await (await response).text()).toBe('up 1\n');
    await closed;
    await expect(fetch(listener.url)).rejects.toThrow();
    await health.close();
  });

  test('waits for a reply no longer than an answer may take', async () => {
    const { health } = virtualHealth({ timeoutMs: 50 });
    const source = { contentType: 'text/plain', metrics: () => new Promise<string>(() => undefined) };
    const listener = await listen(health, { port: 0, metrics: source });
    const received = once(listener.server, 'request');
    const response = fetch(`${listener.url}/metrics`).catch(() => 'cut off');
    await received;
    await listener.close();
    expect(await response).toBe('cut off');
  });

  test('survives an error while it accepts, and logs it', async () => {
    const { listener, logger } = await setUp();
    listener.server.emit('error', new Error('EMFILE'));
    expect(logger.lines.join('\n')).toMatch(/cannot accept connections.*EMFILE/);
  });

  test('by default is on port 9091 of loopback', () => {
    expect(LISTEN_DEFAULTS).toMatchObject({ host: '127.0.0.1', port: 9091 });
  });
});

describe('a health listener on a Unix socket', () => {
  test('answers there, reports where, and removes it on close', async () => {
    const socketPath = freshSocketPath();
    const { health } = virtualHealth();
    const listener = await listen(health, { socketPath });
    expect(listener).toMatchObject({
      socketPath,
      port: 0,
      host: '',
      url: `http+unix://${encodeURIComponent(socketPath)}`,
    });
    expect(await askSocket(socketPath)).toBe(200);
    await listener.close();
    expect(readdirSync(dirname(socketPath))).toEqual([]);
  });

  test('replaces what a killed process left, and leaves alone what another process has put there since', async () => {
    const socketPath = freshSocketPath();
    const { health } = virtualHealth();
    const left = spawnSync(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    expect(left.signal).toBe('SIGKILL');
    expect(existsSync(socketPath)).toBe(true);
    const first = await listen(health, { socketPath });
    expect(await askSocket(socketPath)).toBe(200);
    rmSync(socketPath);
    const second = await listen(health, { socketPath });
    await first.close();
    expect(await askSocket(socketPath)).toBe(200);
    await second.close();
    expect(existsSync(socketPath)).toBe(false);
  });

  test('rejects one that a process listens on, and a file that is not a socket', async () => {
    const socketPath = freshSocketPath();
    const { health } = virtualHealth();
    const first = await listen(health, { socketPath });
    await expect(listen(health, { socketPath })).rejects.toThrow(
      /^Cannot serve health on the socket .*: a process listens on .* Expected `socketPath` to be/,
    );
    expect(await askSocket(socketPath)).toBe(200);
    await first.close();
    writeFileSync(socketPath, 'precious');
    await expect(listen(health, { socketPath })).rejects.toThrow(/exists and is not a socket/);
    expect(readFileSync(socketPath, 'utf8')).toBe('precious');
  });

  test('that cannot be made says so', async () => {
    const { health } = virtualHealth();
    await expect(listen(health, { socketPath: '/nowhere/at/all.sock' })).rejects.toThrow(
      /^Cannot serve health on the socket \/nowhere\/at\/all\.sock: .*(?:EACCES|ENOENT)/,
    );
    expect(await faultsOf({ socketPath: 'é'.repeat(51), port: 1 })).toEqual([
      'Expected `socketPath` to be a path of up to 100 bytes, which every system takes for a socket, got one of 102',
      'Give either `socketPath`, or `port` and `host`, not both',
    ]);
  });

  test.each([1, 5, 30])('takes a path of 100 bytes, of which its name is %i', async (length) => {
    const folder = mkdtempSync(join(tmpdir(), 'allswell-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const inner = join(folder, 'x'.repeat(100 - length - 2 - folder.length));
    mkdirSync(inner);
    const socketPath = join(inner, 's'.repeat(length));
    expect(socketPath).toHaveLength(100);
    const bound = vi.spyOn(Server.prototype, 'listen');
    onTestFinished(() => bound.mockRestore());
    const listener = await listen(virtualHealth().health, { socketPath });
    expect(await askSocket(socketPath)).toBe(200);
    // The limit of macOS.
    for (const [path] of bound.mock.calls) expect(String(path).length).toBeLessThanOrEqual(103);
    await listener.close();
    expect(readdirSync(inner)).toEqual([]);
  });

  test('of a relative path is removed also where the process has gone elsewhere', async () => {
    const socketPath = freshSocketPath();
    const home = process.cwd();
    onTestFinished(() => process.chdir(home));
    process.chdir(dirname(socketPath));
    const listener = await listen(virtualHealth().health, { socketPath: basename(socketPath) });
    expect(existsSync(socketPath)).toBe(true);
    process.chdir(home);
    await listener.close();
    expect(existsSync(socketPath)).toBe(false);
  });

  test('shows no details unless asked to', async () => {
    const socketPath = freshSocketPath();
    const { health } = virtualHealth();
    health.register('database', () => ({ status: 'error', message: 'gone' }));
    const listener = await listen(health, { socketPath });
    onTestFinished(() => listener.close());
    const text = await new Promise<string>((resolve) => {
      http.get({ socketPath, path: '/healthz?verbose' }, (response) =>
        response.setEncoding('utf8').on('data', resolve),
      );
    });
    expect(text).not.toContain('gone');
  });
});

describe('a health listener on loopback', () => {
  test.each([
    ['127.0.0.1:9091', true],
    ['localhost', true],
    ['LOCALHOST:1', true],
    ['[::1]:9091', true],
    ['evil.example', false],
    ['localhost.evil.example:9091', false],
    ['127.0.0.1.evil.example', false],
    ['', false],
  ])('for the Host %j shows details: %s', async (host, shown) => {
    const { listener } = await setUp();
    for (const target of ['/healthz?verbose', '/?format=html']) {
      const client = await open(listener.port);
      client.send(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      await client.ended;
      expect(client.text().includes('gone')).toBe(shown);
    }
  });

  test('shows them without a Host, which a browser always sends, and to all where the policy was given', async () => {
    const { listener } = await setUp();
    const client = await open(listener.port);
    client.send('GET /healthz?verbose HTTP/1.0\r\n\r\n');
    await client.until(/gone/);
    const { listener: given } = await setUp({ details: 'always' });
    const other = await open(given.port);
    other.send('GET /healthz?verbose HTTP/1.1\r\nHost: evil.example\r\n\r\n');
    await other.until(/gone/);
  });
});

describe('a health listener and the process', () => {
  test('lets it end after unref(), and keeps it running otherwise', async () => {
    const { listener } = await setUp();
    const unref = vi.spyOn(listener.server, 'unref');
    const ref = vi.spyOn(listener.server, 'ref');
    listener.unref();
    listener.ref();
    expect([unref.mock.calls.length, ref.mock.calls.length]).toEqual([1, 1]);
  });

  test('is limited in what slow clients may take', async () => {
    const { listener } = await setUp();
    expect(listener.server).toMatchObject({
      headersTimeout: 5000,
      requestTimeout: 10_000,
      // Node looks at both only this often.
      connectionsCheckingInterval: 1000,
    });
    expect(listener.server.listenerCount('connection')).toBeGreaterThan(1);
    await listener.close();
    expect(listener.server.listenerCount('request')).toBe(1);
  });

  test('is taken by gracefulShutdown', async () => {
    const { health } = virtualHealth();
    const listener = await listen(health, { port: 0 });
    const exit = vi.fn();
    const { shutdown } = gracefulShutdown(listener, health, { exit, signals: [], drainDelayMs: 0 });
    await shutdown();
    expect(exit).toHaveBeenCalledWith(0);
    expect(listener.server.listening).toBe(false);
  });

  test('after the controller was closed is released', async () => {
    const { health } = virtualHealth();
    await health.close();
    await expect(listen(health, { port: 0 })).rejects.toThrow(
      'Port 0 of 127.0.0.1 was released, because the controller is closed',
    );
  });
});

describe('a health listener that cannot be', () => {
  test('on a port in use rejects with the port and what to do', async () => {
    const { port } = await serving(() => undefined);
    const { health } = virtualHealth();
    const failure: Error = await listen(health, { port }).then(
      () => expect.unreachable(),
      (thrown) => thrown,
    );
    expect(failure.message).toBe(
      `Cannot serve health on port ${port} of 127.0.0.1: port ${port} is in use. Stop what listens there, or choose another ` +
        '`port`; 0 picks a free one',
    );
    expect(failure.cause).toMatchObject({ code: 'EADDRINUSE' });
  });

  test('on an address of another machine is reported', async () => {
    const { health } = virtualHealth();
    await expect(listen(health, { port: 0, host: '192.0.2.1' })).rejects.toThrow(
      /^Cannot serve health on port 0 of 192\.0\.2\.1: .*EADDRNOTAVAIL.* Expected `host` to be an address of this machine/,
    );
  });

  test('because the controller closed before it listened says so', async () => {
    const { health } = virtualHealth();
    const listening = listen(health, { port: 0 });
    void health.close();
    await expect(listening).rejects.toThrow(/the controller is closed/);
  });

  test('lists the issues in where to listen and what to mount at once', async () => {
    const options = { port: 65_536, host: '', prot: 1, path: 'health', details: 'sometimes' };
    expect(await faultsOf(options)).toEqual([
      expect.stringMatching(
        /^Unknown option `prot`; the options are `port`, `host`, `socketPath`, `thread`, `stallMs`, `stackAfterMs`, `path`, /,
      ),
      'Expected `port` to be a whole number from 0 to 65535, got `65536` (number)',
      "Expected `host` to be a non-empty string, got `''` (string)",
      expect.stringMatching(/^Expected `path` to be a path/),
      expect.stringMatching(/^Expected `details` to be one of/),
    ]);
    expect(await faultsOf({ paths: 1 })).toEqual(['Expected `paths` to be an object, got `1` (number)']);
    expect(await faultsOf('9091')).toEqual(["Expected `options` to be an object, got `'9091'` (string)"]);
    expect(await faultsOf({ path: '/metrics', metrics })).toEqual([
      'The path `/metrics` is given twice; each path can serve only one thing',
    ]);
  });
});
