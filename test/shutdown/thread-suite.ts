import { describe, expect, test } from 'vitest';
import { patienceMs, signalUntil } from '../helpers/processes.ts';
import type { Runtime } from '../helpers/runtimes.ts';
import { ask, startService } from '../helpers/services.ts';

/** What a graceful shutdown promises with health in a thread, in child processes of a runtime; that it is refused where there is none. */
export function threadSuite(runtime: Runtime): void {
  describe('health in a thread', { timeout: 2 * patienceMs }, () => {
    if (!runtime.listensInThread) {
      test('is refused in words', async () => {
        const child = startService(runtime, 'threaded');
        const [, name] = runtime.name.split(/^(\w+) /);
        await child.says(
          new RegExp(
            `refused: Cannot listen in a thread under ${name} [\\d.]+: .thread: true. needs Node. Leave it out`,
          ),
        );
        expect(await child.exited()).toBe('3');
      });
      return;
    }

    test('is 503 for readiness and 200 for liveness while the service drains, and its port is closed at the end', async () => {
      const child = startService(runtime, 'threaded', { drainDelayMs: 600_000 });
      const port = await child.port('admin');
      await child.port('server');
      const statuses = () =>
        Promise.all(
          ['/livez', '/readyz', '/healthz'].map(
            async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).status,
          ),
        );
      expect(await statuses()).toEqual([200, 200, 200]);
      child.kill('SIGTERM');
      await child.says(/shutting down/);
      for (let round = 0; round < 10; round++) expect(await statuses()).toEqual([200, 503, 503]);
      await signalUntil(child, 'SIGTERM', /A second signal/);
      expect(await child.exited(), child.output()).toBe('0');
      expect(child.output()).toMatch(/^admin is closed: ECONNREFUSED$/m);
      expect(child.output()).not.toContain('The health thread ended');
    });

    test('answers until the last request of the application has been answered', async () => {
      const child = startService(runtime, 'threaded', { drainDelayMs: 0, timeoutMs: 60_000 });
      const [admin, server] = [await child.port('admin'), await child.port('server')];
      const slow = ask(`http://127.0.0.1:${server}/slow?ms=2000`);
      await child.says(/got \/slow/);
      child.kill('SIGTERM');
      await child.says(/shutting down/);
      expect(await ask(`http://127.0.0.1:${admin}/livez`).answer).toBe('{"status":"healthy","checks":{}}');
      expect(await slow.answer).toBe('/slow');
      expect(await child.exited(), child.output()).toBe('0');
      expect(child.output()).toMatch(/^admin is closed: ECONNREFUSED$/m);
    });
  });
}
