import { describe, expect, test } from 'vitest';
import { patienceMs } from '../helpers/processes.ts';
import type { Runtime } from '../helpers/runtimes.ts';
import { startService } from '../helpers/services.ts';
import { ReconnectingClient } from '../helpers/web-socket-client.ts';
import { get, open, until } from '../helpers/wire.ts';

/** What a graceful shutdown promises to WebSockets that come back, in child processes of a runtime. */
export function webSocketSuite(runtime: Runtime): void {
  describe('five WebSockets that come back when they are closed', { timeout: 2 * patienceMs }, () => {
    const running = async (scenario: object) => {
      const child = startService(runtime, 'web-sockets', {
        drainDelayMs: 1500,
        timeoutMs: 1000,
        ...scenario,
      });
      const port = await child.port('server');
      const clients = Array.from(
        { length: 5 },
        () => new ReconnectingClient(() => `ws://127.0.0.1:${port}/chat`),
      );
      await until(() => clients.every(({ isOpen }) => isOpen));
      return { child, port, clients };
    };

    test('are sent elsewhere during the drain, and the exit code is 0', async () => {
      const { child, clients } = await running({});
      child.kill('SIGTERM');
      expect(await child.exited(), child.output()).toBe('0');
      for (const { ends, opened } of clients) {
        expect([opened, ends[0], ends[1]]).toEqual([1, 1012, '503, retry after 1, connection close']);
        expect(ends).not.toContain(1006);
      }
    });

    test('are accepted again where upgrades are allowed, and eventually cut off', async () => {
      const { child, clients } = await running({ upgrades: 'allow' });
      child.kill('SIGTERM');
      expect(await child.exited(), child.output()).toBe('1');
      for (const { ends } of clients) expect(ends).toContain(1006);
      expect(child.output()).toContain('Cut off 5');
    });

    test('a request that offers another protocol is not a WebSocket, and is left alone', async () => {
      const { child, port } = await running({});
      const offer = get(
        '/offer',
        'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n',
      );
      const answerTo = async () => {
        const client = await open(port);
        client.send(offer);
        await client.ended;
        return client.text();
      };
      const before = await answerTo();
      child.kill('SIGTERM');
      await child.says(/shutting down/);
      expect(await answerTo()).toBe(before);
      expect(await child.exited(), child.output()).toBe('0');
    });
  });
}
