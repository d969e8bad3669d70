import { Server as TcpServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SHUTDOWN_DEFAULTS } from '../../src/shutdown/options.ts';
import { setUp, signal } from '../helpers/shutdown.ts';
import { until } from '../helpers/wire.ts';

const { drainDelayMs } = SHUTDOWN_DEFAULTS;

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
      /warn The server stopped listening 0 ms into the drain delay of 7000 ms.*other-listeners\.test\.ts/,
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
