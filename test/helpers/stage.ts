import type { RenderContext } from '../../src/formats/format.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { ControllerOptions } from '../../src/health/controller-options.ts';
import { error, ok, warning } from '../../src/health/result.ts';
import { engineOf } from '../../src/health/source.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { memoryLogger } from './health.ts';

/** The states that a service can be in, as the golden files have them. */
export const STATES = ['healthy', 'degraded', 'unhealthy', 'draining'] as const;
export type State = (typeof STATES)[number];

/** Who the service of the tests is. */
export const SERVICE = {
  name: 'notes-api',
  version: '1.4.2',
  releaseId: 'b252aab',
  serviceId: 'notes-7f9c',
  description: 'Notes over HTTP',
} satisfies ControllerOptions['service'];

/** A service in a given state after three rounds of checks, on a clock that stands still. */
export async function stage(state: State) {
  const clock = new VirtualClock();
  const health = new HealthController({ clock, logger: memoryLogger(), service: SERVICE });
  let round = 0;
  const isFailing = () => state === 'unhealthy' && round > 1;
  health
    .register('database', async () => {
      clock.block(2.125);
      if (isFailing()) return error('no answer to SELECT 1 within 800 ms', { code: 'ETIMEDOUT' });
      return undefined;
    })
    .register('memory', {
      kind: 'process',
      check: () => ok(undefined, { value: 41_500_000, unit: 'bytes' }),
    })
    .register(
      'disk',
      () =>
        state === 'degraded'
          ? warning('91 % of /var is used', { value: 0.912, unit: 'ratio', details: { mount: '/var' } })
          : ok(undefined, { value: 0.5, unit: 'ratio' }),
      { failOn: 'error', intervalMs: 30_000, groups: ['web'] },
    )
    .register('uptime', {
      kind: 'process',
      display: 'value',
      check: () => ok(undefined, { value: 4242, unit: 'seconds' }),
    });
  for (; round < 3; round++) {
    await Promise.all(health.groups.map((group) => health.report(group)));
    await clock.advance(1000);
  }
  if (state === 'draining') health.drain();
  return { clock, health, report: await health.report(), context: contextOf(health) };
}

/** What a page or `?verbose` shows to callers who may see details. */
export function contextOf(health: HealthController): RenderContext {
  return {
    nowMs: engineOf(health).clock.epochMs() + 400,
    uptimeSeconds: 4242,
    path: '/api/v1/health',
    groups: health.groups.map((group) => health.lastReport(group)),
    history: (check) => health.history(check),
  };
}
