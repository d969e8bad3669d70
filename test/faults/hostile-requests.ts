import net from 'node:net';
import fc from 'fast-check';
import { expect } from 'vitest';
import { HealthController } from '../../src/health/controller.ts';
import type { HealthSource } from '../../src/health/source.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { prometheus } from '../../src/metrics/prometheus.ts';
import { memoryLogger } from '../helpers/health.ts';
import { type Mount, raw, serve } from '../helpers/http.ts';
import { type Conversation, conversation } from './raw-requests.ts';

/** How long a connection may stay open after its last byte, in milliseconds: far more than it needs. */
const HANG_MS = 20_000;

/** Words that stand in details only. */
export const SECRETS = ['xyzzy', 'EPLUGH', '424243'];

/** Sends a conversation and gives what came back, in full once the server has closed. */
async function converse(port: number, { bytes, cuts, end }: Conversation): Promise<string> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
    if (end === 'interrupt') socket.resetAndDestroy();
  });
  // The server may hang up on rubbish while it is still being sent.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve, reject) => {
    socket.on('close', () => resolve());
    timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`The server neither answered nor closed within ${HANG_MS} ms; it said: ${text}`));
    }, HANG_MS);
  });
  closed.catch(() => undefined);
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    if (cut <= from || cut >= bytes.length) continue;
    socket.write(bytes.subarray(from, cut));
    from = cut;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (end === 'answer') socket.write(bytes.subarray(from));
  else if (end === 'vanish') socket.write(bytes.subarray(from), () => socket.resetAndDestroy());
  else socket.end(bytes.subarray(from));
  await closed.finally(() => clearTimeout(timer));
  return text;
}

/** Codes of all answers in a stream. Nothing but a status line holds this, because bodies have no such word. */
function codesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, code]) => Number(code));
}

export function hostileHealth(): HealthController {
  return new HealthController({ logger: memoryLogger() })
    .register('fine', () => ({ status: 'ok', message: 'xyzzy', code: 'EPLUGH', value: 424243 }))
    .register('broken', async () => ({
      status: 'error',
      message: 'xyzzy',
      code: 'EPLUGH',
      value: 424243,
      details: { xyzzy: 424243 },
    }));
}

/** Puts health on a server. @returns its port */
type Open = (health: HealthSource, options: HttpOptions) => Promise<number>;

/** Opens a server that health is mounted in. */
export const mounted =
  (mount: Mount): Open =>
  async (health, options) =>
    (await serve(mount.listener(health, options))).port;

/**
 * Throws conversations at a server that keeps details to itself.
 * @returns how often each code was answered
 */
export async function bombard(open: Open, runs: number): Promise<ReadonlyMap<number, number>> {
  const health = hostileHealth();
  const port = await open(health, { details: 'never', metrics: prometheus(health) });
  const counts = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(conversation, async (sent) => {
      const text = await converse(port, sent);
      const codes = codesIn(text);
      if (sent.end === 'answer') expect(codes.length, String(sent.bytes).slice(0, 2000)).toBe(sent.requests);
      for (const code of codes) {
        counts.set(code, (counts.get(code) ?? 0) + 1);
        if (code >= 500) expect(code).toBe(503);
      }
      for (const secret of SECRETS) expect(text).not.toContain(secret);
    }),
    { numRuns: runs },
  );
  const { statusCode, body } = await raw(
    port,
    'GET /api/v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  );
  expect({ statusCode, body }).toEqual({
    statusCode: 503,
    body: '{"status":"unhealthy","checks":{"fine":"ok","broken":"error"}}',
  });
  await health.close();
  return counts;
}

/**
 * Holds that a bombardment reached what it is about.
 * @param elsewhere the code where a request is not for health
 */
export function expectVariety(counts: ReadonlyMap<number, number>, elsewhere = 418): void {
  for (const code of [200, 400, 405, elsewhere, 503])
    expect(counts.get(code), `answers ${code}`).toBeGreaterThan(0);
}
