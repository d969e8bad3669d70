import { once } from 'node:events';
import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Child, patienceMs, signalUntil, start } from '../helpers/processes.ts';
import type { Runtime } from '../helpers/runtimes.ts';

const fixture = fileURLToPath(new URL('../fixtures/graceful-server.mjs', import.meta.url));

interface Scenario {
  drainDelayMs?: number;
  timeoutMs?: number;
  hooks?: ('pool' | 'throws' | 'hangs')[];
  webSocket?: 'polite' | 'silent';
}

/** What a graceful shutdown promises on a signal, in child processes of a runtime. */
export function signalSuite({ program, args }: Runtime): void {
  const startFixture = (scenario: string) => start(program, [...args, fixture, scenario]);

  /** The fixture as a child process that listens. */
  async function running(scenario: Scenario): Promise<Child & { url: string }> {
    const child = startFixture(JSON.stringify(scenario));
    const [, port] = await child.says(/listening on (\d+)/);
    return { ...child, url: `http://127.0.0.1:${port}` };
  }

  /** The text of the answer to a request that the child has got; wrapped, so that nobody waits for it by chance. */
  async function inFlight(
    child: Child & { url: string },
    path: string,
  ): Promise<{ answer: Promise<string> }> {
    const answer = fetch(child.url + path).then((response) => response.text());
    answer.catch(() => undefined);
    await child.says(new RegExp(`got ${path.replace(/\?.*/, '')}`));
    return { answer };
  }

  function ended(child: Child, code: number) {
    return child.ended.then((end) => expect(end, child.output()).toEqual({ code, signal: null }));
  }

  describe('on a signal', { timeout: 2 * patienceMs }, () => {
    test('a client that keeps its connection alive is told to close it, and meets no reset', async () => {
      const child = await running({ drainDelayMs: 600_000 });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      onTestFinished(() => agent.destroy());
      const ask = async () => {
        const [reply] = (await once(httpGet(child.url, { agent }), 'response')) as [IncomingMessage];
        reply.resume();
        await once(reply, 'end');
        return reply.headers.connection;
      };
      expect([await ask(), await ask()]).toEqual(['keep-alive', 'keep-alive']);
      child.kill('SIGTERM');
      await child.says(/shutting down/);
      const replies: unknown[] = [];
      while (replies.length < 50) replies.push(await ask());
      expect(new Set(replies)).toEqual(new Set(['close']));
      await signalUntil(child, 'SIGTERM', /A second signal/);
      await ended(child, 0);
    });

    test('readiness and the base path are 503 at once, liveness 200 as long as it accepts', async () => {
      const child = await running({ drainDelayMs: 600_000 });
      const statuses = () =>
        Promise.all(
          ['', '/ready', '/live'].map(
            async (path) => (await fetch(`${child.url}/api/v1/health${path}`)).status,
          ),
        );
      await vi.waitFor(async () => expect(await statuses()).toEqual([200, 200, 200]), {
        timeout: patienceMs,
      });
      child.kill('SIGINT');
      await child.says(/shutting down/);
      for (let round = 0; round < 10; round++) expect(await statuses()).toEqual([503, 503, 200]);
      await signalUntil(child, 'SIGINT', /A second signal/);
      await ended(child, 0);
    });

    test('a request of three seconds that is in flight is answered', async () => {
      const child = await running({});
      const { answer } = await inFlight(child, '/slow?ms=3000');
      child.kill('SIGTERM');
      expect(await answer).toBe('slow');
      await ended(child, 0);
    });

    test('a request that outlives timeoutMs is cut off and named, the hooks run, and the code is 1', async () => {
      const child = await running({ timeoutMs: 300 });
      const { answer } = await inFlight(child, '/held');
      child.kill('SIGTERM');
      await expect(answer).rejects.toThrow();
      await ended(child, 1);
      expect(child.output()).toMatch(/Cut off 1 that had not ended \d+ ms.*GET \/held.*timeoutMs.*\(300\)/);
      expect(child.output()).toContain('hook pool');
    });

    test('a second SIGTERM from a second later on skips the waiting, and the hooks run', async () => {
      const child = await running({ drainDelayMs: 600_000, timeoutMs: 600_000 });
      const { answer } = await inFlight(child, '/held');
      child.kill('SIGTERM');
      await child.says(/shutting down/);
      await signalUntil(child, 'SIGTERM', /A second signal, SIGTERM: cutting off what is in flight/);
      await expect(answer).rejects.toThrow();
      await ended(child, 1);
      expect(child.output()).toContain('hook pool');
    });

    test('two SIGINT within a millisecond count as one', async () => {
      const child = await running({ drainDelayMs: 3000 });
      const { answer } = await inFlight(child, '/held');
      child.kill('SIGINT');
      child.kill('SIGINT');
      await child.says(/shutting down/);
      await fetch(`${child.url}/release`);
      expect(await answer).toBe('released');
      await ended(child, 0);
      expect(child.output()).not.toContain('second signal');
    });

    test('a hook that throws and one that hangs prevent neither the next hook nor the exit', async () => {
      const child = await running({ hooks: ['throws', 'hangs', 'pool'] });
      child.kill('SIGTERM');
      await ended(child, 1);
      expect(child.output()).toMatch(
        /`throws` failed.*cannot flush[\s\S]*hook hangs[\s\S]*`hangs` did not end within its 200 ms[\s\S]*hook pool/,
      );
    });

    test('background checks have ended when the pool closes', async () => {
      const child = await running({});
      await vi.waitFor(async () => expect((await fetch(`${child.url}/api/v1/health`)).status).toBe(200), {
        timeout: patienceMs,
      });
      child.kill('SIGTERM');
      await ended(child, 0);
      expect(child.output()).toContain('hook pool');
      expect(child.output()).not.toContain('ASKED A CLOSED POOL');
    });

    test('during start-up, before it listens, the hooks run and it ends at once', async () => {
      const child = startFixture(JSON.stringify({ startUp: 'endless', drainDelayMs: 600_000 }));
      await child.says(/starting/);
      child.kill('SIGTERM');
      await ended(child, 0);
      expect(child.output()).toMatch(/is not listening[\s\S]*hook pool/);
    });
  });

  describe('a WebSocket that is open at the signal', { timeout: 2 * patienceMs }, () => {
    async function dial(child: Child & { url: string }) {
      const socket = new WebSocket(`${child.url.replace('http', 'ws')}/chat?token=secret`);
      onTestFinished(() => socket.terminate());
      const closed = once(socket, 'close');
      await once(socket, 'message');
      return { closed };
    }

    test('is waited for, then cut off and named', async () => {
      const child = await running({ webSocket: 'silent', timeoutMs: 300 });
      const { closed } = await dial(child);
      child.kill('SIGTERM');
      expect((await closed)[0]).toBe(1006);
      await ended(child, 1);
      expect(child.output()).toContain('websocket /chat');
      expect(child.output()).not.toContain('secret');
    });

    test('can be closed by the service when draining begins', async () => {
      const child = await running({ webSocket: 'polite', timeoutMs: 600_000 });
      const { closed } = await dial(child);
      child.kill('SIGTERM');
      expect((await closed)[0]).toBe(1012);
      await ended(child, 0);
    });
  });
}
