import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { html } from '../../src/formats/html.ts';
import { SCRIPT } from '../../src/formats/page/script.ts';
import { STYLE } from '../../src/formats/page/style.ts';
import { summarise } from '../../src/formats/summary.ts';
import { type CheckResult, error, ok, warning } from '../../src/health/result.ts';
import { FORMATS } from '../../src/http/negotiate.ts';
import { virtualHealth } from '../helpers/health.ts';
import { STATES, stage } from '../helpers/stage.ts';

const EXTENSIONS: Record<string, string> = {
  json: 'json',
  'health+json': 'health.json',
  text: 'txt',
  html: 'html',
};

/** Style and script are the same in every page, and tested in a browser. */
function withoutConstants(page: string): string {
  return page.replace(STYLE, '…').replace(SCRIPT, '…');
}

describe('golden files', () => {
  beforeAll(() => html.load?.());
  // The jitter of a background check is the only chance in a report.
  beforeEach(() => vi.spyOn(Math, 'random').mockReturnValue(0.5));
  afterEach(() => vi.restoreAllMocks());

  for (const format of FORMATS)
    for (const state of STATES)
      for (const details of [false, true])
        it(`${format.name} renders ${state} ${details ? 'with' : 'without'} details as it always has`, async () => {
          const { report, context } = await stage(state);
          const body = format.render(report, details ? context : undefined);
          const file = `../golden/${state}${details ? '-details' : ''}.${EXTENSIONS[format.name]}`;
          await expect(format === html ? withoutConstants(body) : body).toMatchFileSnapshot(file);
        });
});

describe('the summary, which is the wire contract', () => {
  const bodies = {
    healthy: '{"status":"healthy","checks":{"database":"ok","memory":"ok","disk":"ok","uptime":4242}}',
    degraded: '{"status":"degraded","checks":{"database":"ok","memory":"ok","disk":"warning","uptime":4242}}',
    unhealthy: '{"status":"unhealthy","checks":{"database":"error","memory":"ok","disk":"ok","uptime":4242}}',
    draining:
      '{"status":"unhealthy","checks":{"database":"ok","memory":"ok","disk":"ok","uptime":4242},"draining":true}',
  };
  it('shows a value in place of a status only while the check is ok', async () => {
    const { health } = virtualHealth();
    const lag = (result: CheckResult) =>
      ({ kind: 'process', display: 'value', check: () => result }) as const;
    health
      .register('fine', lag(ok(undefined, { value: 3 })))
      .register('slow', lag(warning('slow', { value: 30 })))
      .register('lost', lag(error('lost', { value: 300 })))
      .register('none', lag(ok()));
    expect(summarise(await health.report())).toBe(
      '{"status":"unhealthy","checks":{"fine":3,"slow":"warning","lost":"error","none":"ok"}}',
    );
  });

  for (const state of STATES)
    it(`is byte for byte this when ${state}`, async () => {
      const { report } = await stage(state);
      expect(FORMATS[0]?.render(report, undefined)).toBe(bodies[state]);
    });
});
