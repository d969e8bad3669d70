import { createServer, type Server } from 'node:http';
import { onTestFinished, vi } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import { gracefulShutdown } from '../../src/shutdown/index.ts';
import type { ShutdownOptions } from '../../src/shutdown/options.ts';
import { memoryLogger, virtualHealth } from './health.ts';
import { serve } from './wire.ts';

/** A server that is shut down on a virtual clock, with what it did in `events`. */
export async function setUp(options: ShutdownOptions = {}, given: Server = createServer()) {
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

export function signal(name: NodeJS.Signals): void {
  process.emit(name, name);
}

export async function statusOf(port: number, path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
}
