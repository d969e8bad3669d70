import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import { prometheus } from '../../src/metrics/prometheus.ts';
import { hostileHealth, SECRETS } from './hostile-requests.ts';
import { anything, stream } from './raw-requests.ts';

/** How long a conversation may take, in milliseconds: far more than it needs. */
const HANG_MS = 20_000;

/** What begins every connection of HTTP/2 (RFC 9113, 3.4), with empty settings. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');

type Stream = typeof stream extends fc.Arbitrary<infer T> ? T : never;

/** Sends requests side by side over one connection and gives code and body of each; of those that are cut off, nothing. */
async function converse(
  port: number,
  requests: readonly Stream[],
  vanishes: boolean,
): Promise<[number, string][]> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  const answers = requests.map(
    ({ method, target, headers, body }) =>
      new Promise<[number, string]>((resolve, reject) => {
        const sent = session.request(
          { ':method': method, ':path': target, ...headers },
          { endStream: body === '' },
        );
        let status = 0;
        let text = '';
        sent.on('response', (head) => {
          status = Number(head[':status']);
          // Not here: Node 20 corrupts its memory where a session is destroyed while it reads.
          if (vanishes) setImmediate(() => session.destroy());
        });
        sent.setEncoding('latin1').on('data', (chunk) => {
          text += chunk;
        });
        sent.on('error', reject);
        sent.on('close', () => resolve([status, text]));
        if (body !== '') sent.end(body);
      }),
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`No answer within ${HANG_MS} ms to ${JSON.stringify(requests)}`)),
      HANG_MS,
    );
  });
  try {
    const settled = await Promise.race([Promise.allSettled(answers), late]);
    if (!vanishes) for (const each of settled) if (each.status === 'rejected') throw each.reason;
    return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  } finally {
    clearTimeout(timer);
    session.destroy();
  }
}

/** Sends bytes that are no HTTP/2, or not for long. Node may wait for more; what counts is that the server lives. */
async function disturb(port: number, bytes: Buffer): Promise<void> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write(bytes, () => setImmediate(() => socket.resetAndDestroy()));
  await new Promise((resolve) => socket.on('close', resolve));
}

const conversation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      streams: fc.array(stream, { minLength: 1, maxLength: 8 }),
      vanishes: fc.oneof(
        { weight: 9, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      bytes: fc
        .tuple(fc.boolean(), anything)
        .map(([prefaced, { bytes }]) => (prefaced ? Buffer.concat([PREFACE, bytes]) : bytes)),
    }),
  },
);

/**
 * Throws conversations at a server of HTTP/2 in clear.
 * @returns how often each code was answered
 */
export async function bombardHttp2(runs: number): Promise<ReadonlyMap<number, number>> {
  const health = hostileHealth();
  const mounted = middleware(health, { details: 'never', metrics: prometheus(health) });
  const server = http2.createServer((request, response) =>
    mounted(request, response, () => {
      response.statusCode = 418;
      response.end('application');
    }),
  );
  // What clients do wrong is told here; it is theirs.
  server.on('sessionError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const counts = new Map<number, number>();
  const count = ([code, text]: [number, string], vanishes: boolean) => {
    if (code === 0 && vanishes) return;
    counts.set(code, (counts.get(code) ?? 0) + 1);
    expect([200, 405, 417, 418, 503]).toContain(code);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  };
  await fc.assert(
    fc.asyncProperty(conversation, async (sent) => {
      if ('bytes' in sent) await disturb(port, sent.bytes);
      else
        for (const answer of await converse(port, sent.streams, sent.vanishes)) count(answer, sent.vanishes);
    }),
    { numRuns: runs },
  );
  await health.close();
  return counts;
}
