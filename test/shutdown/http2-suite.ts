import { Agent, get as httpsGet, type RequestOptions } from 'node:https';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Http2Client } from '../helpers/http2-client.ts';
import { patienceMs } from '../helpers/processes.ts';
import type { Runtime } from '../helpers/runtimes.ts';
import { startService } from '../helpers/services.ts';

/** What a graceful shutdown promises to clients over HTTP/2, in child processes of a runtime. */
export function http2Suite(runtime: Runtime): void {
  if (!runtime.endsHttp2) {
    test('HTTP/2 is refused when the service starts, by name', async () => {
      const child = startService(runtime, 'http2', { isSecure: true });
      expect(await child.exited(), child.output()).toBe('1');
      expect(child.output()).toMatch(/Bun \d\S+ cannot end the HTTP\/2 sessions of `server`/);
    });
    return;
  }

  describe.each([
    ['h2c', false],
    ['TLS with allowHTTP1', true],
  ])('HTTP/2 over %s', { timeout: 2 * patienceMs }, (_name, isSecure) => {
    const running = async (scenario: object) => {
      const child = startService(runtime, 'http2', { isSecure, ...scenario });
      const url = `${isSecure ? 'https' : 'http'}://127.0.0.1:${await child.port('server')}`;
      const client = new Http2Client(() => url);
      onTestFinished(() => client.close());
      return { child, url, client };
    };

    test('a stream in flight is completed, and the session gets a GOAWAY', async () => {
      const { child, client } = await running({});
      const slow = client.get('/slow?ms=1500');
      await child.says(/got \/slow/);
      child.kill('SIGTERM');
      expect(await slow).toEqual({ body: '/slow', retries: 0 });
      // While the stream was in flight. Another may follow when the last stream has ended (RFC 9113, 6.8).
      expect(client.goaways).toBeGreaterThanOrEqual(1);
      expect(await child.exited(), child.output()).toBe('0');
    });

    test('during the drain each session serves on and then gets a GOAWAY; no request is lost', async () => {
      const { child, client } = await running({ drainDelayMs: 1500 });
      expect((await client.get('/before')).body).toBe('/before');
      child.kill('SIGTERM');
      await child.says(/shutting down/);
      let asked = 0;
      for (const end = performance.now() + 700; performance.now() < end; asked++)
        expect((await client.get(`/${asked}`)).body).toBe(`/${asked}`);
      expect(asked).toBeGreaterThan(0);
      expect(await child.exited(), child.output()).toBe('0');
      expect(client.goaways).toBeGreaterThan(0);
    });

    test('an idle session is no reason to wait', async () => {
      const { child, client } = await running({ timeoutMs: 600_000 });
      await client.get('/');
      child.kill('SIGTERM');
      expect(await child.exited(), child.output()).toBe('0');
    });

    test('a stream that outlives timeoutMs is cut off and named', async () => {
      const { child, client } = await running({ timeoutMs: 300 });
      const endless = client.get('/endless?token=secret').catch(() => 'lost');
      await child.says(/got \/endless/);
      child.kill('SIGTERM');
      expect(await endless).toBe('lost');
      expect(await child.exited(), child.output()).toBe('1');
      expect(child.output()).toMatch(/Cut off 1 that.*GET \/endless \(after/);
      expect(child.output()).not.toContain('secret');
    });
  });

  test('HTTP/1 on the same server is told to close', { timeout: 2 * patienceMs }, async () => {
    const child = startService(runtime, 'http2', { isSecure: true, drainDelayMs: 1500 });
    const port = await child.port('server');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const options: RequestOptions = { port, host: '127.0.0.1', agent, rejectUnauthorized: false };
    const ask = (path: string) =>
      new Promise((resolve, reject) => {
        httpsGet({ ...options, path }, (reply) => {
          reply.resume().on('end', () => resolve(reply.headers.connection));
        }).on('error', reject);
      });
    expect(await ask('/')).toBe('keep-alive');
    const slow = ask('/slow?ms=2500');
    await child.says(/got \/slow/);
    child.kill('SIGTERM');
    expect(await slow).toBe('close');
    expect(await child.exited(), child.output()).toBe('0');
  });
}
