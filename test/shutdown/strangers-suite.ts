import { cp } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isAlive, patienceMs, temporaryFolder } from '../helpers/processes.ts';
import type { Runtime } from '../helpers/runtimes.ts';
import { ask, startService } from '../helpers/services.ts';
import { open, until, wire } from '../helpers/wire.ts';

const options = { timeout: 2 * patienceMs };

/** What a graceful shutdown promises next to other servers, listeners and exit codes, in child processes of a runtime. */
export function strangersSuite(runtime: Runtime): void {
  const service = (name: string, scenario?: object) => startService(runtime, name, scenario);

  describe('two handles in one process', options, () => {
    test('wait for each other: no request is lost, all hooks run, the last to end exits', async () => {
      const child = service('two-handles');
      const [first, second] = [await child.port('first'), await child.port('second')];
      const short = ask(`http://127.0.0.1:${first}/short?ms=500`);
      const long = ask(`http://127.0.0.1:${second}/long?ms=1500`);
      await Promise.all([child.says(/got \/short/), child.says(/got \/long/)]);
      child.kill('SIGTERM');
      expect([await short.answer, await long.answer]).toEqual(['/short', '/long']);
      expect(await child.exited(), child.output()).toBe('0');
      expect(child.output()).toMatch(
        /hook of the first[\s\S]*hook of the second[\s\S]*exit of the second: 0/,
      );
      expect(child.output()).not.toContain('exit of the first');
    });

    test('exit with the worst code', async () => {
      const child = service('two-handles', { first: 100 });
      const [first, second] = [await child.port('first'), await child.port('second')];
      const lost = ask(`http://127.0.0.1:${first}/endless`);
      const kept = ask(`http://127.0.0.1:${second}/long?ms=1500`);
      await Promise.all([child.says(/got \/endless/), child.says(/got \/long/)]);
      child.kill('SIGTERM');
      expect(await lost.answer).not.toBe('/endless');
      expect(await kept.answer).toBe('/long');
      expect(await child.exited(), child.output()).toBe('1');
      expect(child.output()).toContain('exit of the second: 1');
    });

    test('also across two copies of the package', async () => {
      const folder = await temporaryFolder();
      const root = fileURLToPath(new URL('../../', import.meta.url));
      await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
      await cp(join(root, 'package.json'), join(folder, 'package.json'));
      const child = service('two-handles', { copy: pathToFileURL(join(folder, 'dist/index.js')).href });
      const second = await child.port('second');
      await child.port('first');
      const long = ask(`http://127.0.0.1:${second}/long?ms=1500`);
      await child.says(/got \/long/);
      child.kill('SIGTERM');
      expect(await long.answer).toBe('/long');
      expect(await child.exited(), child.output()).toBe('0');
      expect(child.output()).toContain('exit of the second: 0');
    });
  });

  test('several servers shut down in one call, and a health server closes last', options, async () => {
    const child = service('three-servers');
    const [plain, secure] = [await child.port('plain'), await child.port('secure')];
    const requests = [
      ask(`http://127.0.0.1:${plain}/plain?ms=700`),
      ask(`https://127.0.0.1:${secure}/secure?ms=1500`),
    ];
    await Promise.all([child.says(/got \/plain/), child.says(/got \/secure/)]);
    child.kill('SIGTERM');
    expect(await Promise.all(requests.map(({ answer }) => answer))).toEqual(['/plain', '/secure']);
    expect(await child.exited(), child.output()).toBe('0');
    expect(child.output()).toMatch(/hook: false false 200[\s\S]*admin closed/);
  });

  describe('where the program listens to the signal too', options, () => {
    test('a server that is closed during the drain is a warning and exit code 1', async () => {
      const child = service('other-listeners', { listener: 'close', drainDelayMs: 600_000 });
      const { answer } = ask(`http://127.0.0.1:${await child.port('server')}/slow?ms=700`);
      await child.says(/got \/slow/);
      child.kill('SIGTERM');
      expect(await answer).toBe('/slow');
      expect(await child.exited(), child.output()).toBe('1');
      expect(child.output()).toMatch(/SIGTERM: shutting down.*another listener for SIGTERM/);
      expect(child.output()).toMatch(
        /warn The server stopped listening \d+ ms into the drain delay of 600000 ms.*other-listeners\.mjs.*Remove/,
      );
      expect(child.output()).toContain('hook');
    });

    test('a signal that it raises again skips nothing', async () => {
      const child = service('other-listeners', { listener: 'raise', workMs: 1500, drainDelayMs: 0 });
      const { answer } = ask(`http://127.0.0.1:${await child.port('server')}/slow?ms=3000`);
      await child.says(/got \/slow/);
      child.kill('SIGTERM');
      expect(await answer).toBe('/slow');
      expect(await child.exited(), child.output()).toBe('0');
      expect(child.output()).toMatch(/raising SIGTERM again[\s\S]*SIGTERM again.*SIGINT does/);
    });

    test.each([
      ['exit', 0],
      ['exitLater', 300],
    ])(
      '`process.exit(0)` during the drain is an error that names it, and exit code 1: %s',
      async (listener, workMs) => {
        const child = service('other-listeners', { listener, workMs, drainDelayMs: 600_000 });
        const { answer } = ask(`http://127.0.0.1:${await child.port('server')}/endless`);
        await child.says(/got \/endless/);
        child.kill('SIGTERM');
        expect(await answer).not.toBe('/endless');
        expect(await child.exited(), child.output()).toBe('1');
        expect(child.output()).toMatch(
          /error process\.exit\(0\) was called \(.*other-listeners\.mjs.*\) \d+ ms into the shutdown.*cut off: GET \/endless \(.*hooks that did not end: `onShutdown\[0\]`.*exit code is 1\. Remove/,
        );
      },
    );

    test('an error that nobody caught during the drain is named too, and its exit code kept', async () => {
      const child = service('other-listeners', { listener: 'throw', drainDelayMs: 600_000 });
      await child.port('server');
      child.kill('SIGTERM');
      expect(await child.exited(), child.output()).toBe('1');
      expect(child.output()).toContain('a bug');
      const line =
        /error The process is ending with code 1, by an uncaught error.*hooks that did not end: `onShutdown\[0\]`/;
      expect(line.test(child.output()), child.output()).toBe(runtime.reportsCrashes);
    });

    test.each(['one', 'each'])('one that removes ours is named, and ours is back: %s', async (removes) => {
      const child = service('other-listeners', { listener: 'none', removes, drainDelayMs: 1000 });
      const { answer } = ask(`http://127.0.0.1:${await child.port('server')}/slow?ms=700`);
      await child.says(/got \/slow/);
      child.kill('SIGTERM');
      if (!runtime.reportsRemovals) {
        expect(await child.exited(), child.output()).toBe('SIGTERM');
        return;
      }
      expect(await answer).toBe('/slow');
      expect(await child.exited(), child.output()).toBe('0');
      expect(child.output()).toMatch(
        /warn Something removed the listener of gracefulShutdown for SIGTERM \(.*other-listeners\.mjs.*It was put back[\s\S]*hook/,
      );
      expect(child.output().match(/Something removed/g)).toHaveLength(1);
    });

    test('one that removes all listeners of the process, and Node’s own with them, leaves a warning', async () => {
      const child = service('other-listeners', { listener: 'none', removes: 'all', drainDelayMs: 0 });
      await child.port('server');
      child.kill('SIGTERM');
      const isBack = (await child.exited()) === '0';
      const warning =
        /Something removed the listener of gracefulShutdown for SIGTERM \(.*It (is back|could not be put back)/;
      if (runtime.reportsRemovals)
        expect(warning.exec(child.output())?.[1]).toBe(isBack ? 'is back' : 'could not be put back');
    });

    test('SIGINT skips the waiting all the same', async () => {
      const child = service('other-listeners', { listener: 'nothing', drainDelayMs: 600_000 });
      await child.port('server');
      child.kill('SIGTERM');
      await child.says(/shutting down/);
      while (!child.output().includes('A second signal')) {
        child.kill('SIGINT');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(await child.exited(), child.output()).toBe('0');
    });
  });

  describe('the exit code of the program', options, () => {
    test.each([
      ['process.exitCode', '3'],
      ['uncaught', '4'],
      ['rejected', '1'],
    ])('is kept: %s', async (how, code) => {
      const child = service('exit-code', { how });
      await child.port('server');
      if (how === 'process.exitCode') child.kill('SIGTERM');
      expect(await child.exited(), child.output()).toBe(code);
      expect(child.output()).toContain(`exit code ${code}`);
    });
  });

  describe('the log of what was cut off', options, () => {
    test('names the path that the client asked for, whatever a router made of it', async () => {
      const child = service('small-truths', { program: 'router' });
      const { answer } = ask(`http://127.0.0.1:${await child.port('server')}/api/orders/7?token=secret`);
      await child.says(/got \/7/);
      child.kill('SIGTERM');
      await answer;
      expect(await child.exited(), child.output()).toBe('1');
      expect(child.output()).toContain('GET /api/orders/7 (after');
    });

    test('names half a request', async () => {
      const child = service('small-truths', { program: 'plain' });
      const client = await open(await child.port('server'));
      await child.says(/connected/);
      client.send('POST /orders HTTP/1.1\r\nHo');
      await client.send('st: test\r\n');
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill('SIGTERM');
      const isSeen = runtime.countsBytes;
      expect(await child.exited(), child.output()).toBe(isSeen ? '1' : '0');
      expect(child.output().includes('a request that had not arrived completely, from 127.0.0.1')).toBe(
        isSeen,
      );
    });

    test('names a TLS handshake that stalls', async () => {
      const child = service('small-truths', { program: 'secure' });
      const client = await open(await child.port('server'));
      await child.says(/connected/);
      client.send('\x16\x03\x01\x02\x00\x01');
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill('SIGTERM');
      const isSeen = runtime.countsBytes;
      expect(await child.exited(), child.output()).toBe(isSeen ? '1' : '0');
      expect(child.output().includes('a TLS handshake that had not completed, from 127.0.0.1')).toBe(isSeen);
    });
  });

  test(
    'twelve handles, also of one server, make no warning about listeners or each other',
    options,
    async () => {
      const child = service('small-truths', { program: 'twelve' });
      expect(await ask(`http://127.0.0.1:${await child.port('server')}/`).answer).toBe('/');
      child.kill('SIGTERM');
      expect(await child.exited(), child.output()).toBe('0');
      expect(child.output()).not.toMatch(/MaxListeners|warn/);
    },
  );

  test('an `exit` that does nothing leaves no timer that keeps the process', options, async () => {
    const child = service('small-truths', { program: 'noExit' });
    const { answer } = ask(`http://127.0.0.1:${await child.port('server')}/`);
    expect(await answer).toBe('/');
    child.kill('SIGTERM');
    expect(await child.exited(), child.output()).toBe('0');
    expect(child.output()).toContain('exit called with 0 timers');
  });

  test('the socket file of the next process stays when the previous one exits', options, async () => {
    const path = join(await temporaryFolder(), 'service.sock');
    const last = service('small-truths', { program: 'socketFile', path });
    await last.says(/on a file/);
    const next = service('small-truths', { program: 'socketFile', path });
    await next.says(/on a file/);
    last.kill('SIGTERM');
    expect(await last.exited(), last.output()).toBe('0');
    const client = wire(connect(path));
    client.send('GET /after HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n');
    expect(await client.until(/\/after/)).toMatch(/^HTTP\/1\.1 200/);
    next.kill('SIGTERM');
    expect(await next.exited(), next.output()).toBe('0');
    await until(() => !isAlive(next.pid));
  });
}
