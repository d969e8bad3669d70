import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import pg from 'pg';
import { expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import { postgres } from '../../src/checkers/postgres/postgres.ts';
import { HealthController } from '../../src/health/controller.ts';
import { memoryLogger, messageOf } from '../helpers/health.ts';

/** A message of PostgreSQL's protocol: its letter, its length, its content. */
function message(letter: string, content: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, Buffer.from(content, 'latin1')]);
}

const AUTHENTICATED = message('R', '\0\0\0\0');
const READY = message('Z', 'I');
const TERMINATED = message('E', 'SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');

/** A server that lets a client in and throws it out in one breath, as one that is told to stop may do. */
async function inhospitable(): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, TERMINATED])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return `postgres://app:x@127.0.0.1:${(server.address() as AddressInfo).port}/app`;
}

suite('a server that welcomes and terminates in one breath', () => {
  test.each([false, true])('does not end the process (dedicated: %s)', async (dedicated) => {
    const uncaught = vi.fn();
    const pool = new pg.Pool({ connectionString: await inhospitable(), max: 2 });
    const health = new HealthController({ logger: memoryLogger() });
    health.register('database', postgres(pool, { dedicated }), { maxAgeMs: 0 });
    process.on('uncaughtExceptionMonitor', uncaught);
    for (let run = 0; run < 3; run++) expect(messageOf(await health.report(), 'database')).toMatch(/\w/);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('uncaughtExceptionMonitor', uncaught);
    expect(uncaught).not.toHaveBeenCalled();
    expect(pool.totalCount).toBe(0);
    await health.close();
    await pool.end();
  });
});
