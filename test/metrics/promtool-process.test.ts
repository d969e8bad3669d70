import { spawnSync } from 'node:child_process';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { prometheus } from '../../src/metrics/prometheus.ts';
import { virtualHealth } from '../helpers/health.ts';

const promtool = spawnSync('promtool', ['--version']).status === 0;
test.runIf(promtool)('promtool finds nothing to say about them', async () => {
  const { health } = virtualHealth();
  health.register('a', () => undefined);
  const text = await prometheus(health, { registry: new Registry() }).metrics();
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
});
