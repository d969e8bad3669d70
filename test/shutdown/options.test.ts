import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { Server as TcpServer } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isConfigError } from '../../src/internal/config-error.ts';
import { gracefulShutdown } from '../../src/shutdown/index.ts';
import { virtualHealth } from '../helpers/health.ts';
import { signal } from '../helpers/shutdown.ts';
import { until } from '../helpers/wire.ts';

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
