import { describe, expect, test } from 'vitest';
import { SHUTDOWN_DEFAULTS } from '../../src/shutdown/options.ts';
import { setUp, signal } from '../helpers/shutdown.ts';
import { until } from '../helpers/wire.ts';

const { drainDelayMs, hookTimeoutMs } = SHUTDOWN_DEFAULTS;

describe('hooks', () => {
  test('run in order, each with a time limit of its own, and a failure does not keep the next from running', async () => {
    const { clock, logger, events } = await setUp({
      onShutdown: [
        function flush() {
          events.push('flush');
          throw new Error('disk full');
        },
        { name: 'pool', run: () => new Promise(() => events.push('pool')), timeoutMs: 300 },
        () => Promise.reject('no reason'),
        () => new Promise(() => events.push('hangs')),
        () => void events.push('last'),
      ],
    });
    signal('SIGTERM');
    await clock.advance(drainDelayMs);
    await until(() => events.includes('pool'));
    await clock.advance(299);
    expect(events.at(-1)).toBe('pool');
    await clock.advance(1);
    expect(events.at(-1)).toBe('hangs');
    await clock.advance(hookTimeoutMs - 1);
    expect(events.at(-1)).toBe('hangs');
    await clock.advance(1);
    expect(events.slice(2)).toEqual(['flush', 'pool', 'hangs', 'last', 'exit 1']);
    const errors = logger.lines.filter((line) => line.startsWith('error'));
    expect(errors).toHaveLength(4);
    expect(errors[0]).toMatch(/hook `flush` failed.*disk full/);
    expect(errors[1]).toMatch(/hook `pool` did not end within its 300 ms.*give it more time/);
    expect(errors[2]).toMatch(/hook `onShutdown\[2\]` failed.*no reason/);
    expect(errors[3]).toMatch(/hook `onShutdown\[3\]` did not end within its 5000 ms/);
    expect(clock.pending).toBe(0);
  });
});
