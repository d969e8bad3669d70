import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { gracefulShutdown } from '../../src/shutdown/index.ts';
import { interruptionMessage, nameSome } from '../../src/shutdown/interruption.ts';
import type { ShutdownOptions } from '../../src/shutdown/options.ts';
import { memoryLogger, virtualHealth } from '../helpers/health.ts';
import { get, open, serve, until } from '../helpers/wire.ts';

const interruption = {
  code: 0,
  call: { place: 'at stop (/srv/app.js:1:2)' },
  afterMs: 12,
  isDraining: false,
  cutOff: [],
  hooks: [],
  finalCode: 0,
};

/** A process that leaves, with the exit code and the log of one that something ends in between. */
async function leaving(options: ShutdownOptions) {
  const { clock, health } = virtualHealth();
  const logger = memoryLogger();
  const server = createServer();
  const handle = gracefulShutdown(server, health, { logger, exit: () => undefined, clock, ...options });
  onTestFinished(() => handle.dispose());
  const port = await serve(server);
  const before = process.exitCode;
  onTestFinished(() => {
    process.exitCode = before;
  });
  /** What `process.exit()` does, without its end. */
  const exit = (code: number) => {
    process.exitCode = code;
    process.emit('exit', code);
    return process.exitCode;
  };
  process.emit('SIGTERM', 'SIGTERM');
  return { clock, logger, server, port, exit };
}

test('an exit during the drain delay is an error, though nothing is in flight', async () => {
  const { clock, logger, exit } = await leaving({});
  await clock.advance(1000);
  expect(exit(0)).toBe(1);
  expect(logger.lines.at(-1)).toMatch(
    /^error .*\(.*interruption\.test\.ts.*\) 1000 ms into the shutdown.*load balancers may not have noticed.*exit code is 1/,
  );
});

test('an exit while a request is in flight names it', async () => {
  const { clock, logger, server, port, exit } = await leaving({ drainDelayMs: 1000 });
  const client = await open(port);
  client.send(get('/orders?token=secret'));
  let requests = 0;
  server.on('request', () => requests++);
  await until(() => requests > 0);
  await clock.advance(1000);
  await until(() => !server.listening);
  expect(exit(0)).toBe(1);
  expect(logger.lines.at(-1)).toMatch(/before it was over \(cut off: GET \/orders \(after/);
});

test.each([
  ['that is last', [], 0, /^info .*hooks that did not end: `pool`\)\. Remove/],
  ['before others', ['second'], 1, /^error .*did not end: `pool`, `second`\), so the exit code is 1/],
])('a hook %s and calls `process.exit(0)`: what is lost decides', async (_, others, code, line) => {
  const run = vi.fn(() => new Promise<never>(() => undefined));
  const onShutdown = ['pool', ...others].map((name) => ({ name, run }));
  const { clock, logger, exit } = await leaving({ drainDelayMs: 0, onShutdown });
  await clock.advance(1000);
  await until(() => run.mock.calls.length > 0);
  expect(exit(0)).toBe(code);
  expect(logger.lines.at(-1)).toMatch(line);
});

test('the message names who, what and the exit code, as far as they are known', () => {
  expect(interruptionMessage({ ...interruption, cutOff: ['GET /a'], finalCode: 1 })).toBe(
    'process.exit(0) was called (at stop (/srv/app.js:1:2)) 12 ms into the shutdown, before it was over (cut off: GET /a), ' +
      'so the exit code is 1. Remove that call, or the signal handler that makes it, and do its work in `onShutdown`: ' +
      'gracefulShutdown exits when everything has ended',
  );
  expect(interruptionMessage({ ...interruption, code: 7, finalCode: 7, call: undefined })).toBe(
    'The process is ending with code 7, by an uncaught error or by the runtime 12 ms into the shutdown, before it was over',
  );
  expect(interruptionMessage({ ...interruption, call: { place: undefined } })).toMatch(
    /^process\.exit\(0\) was called 12 ms into the shutdown, before it was over\. Remove/,
  );
  const names = Array.from({ length: 12 }, (_, index) => String(index));
  expect(nameSome(names)).toBe('0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more');
});
