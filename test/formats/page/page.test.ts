import { Script } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../../src/formats/page/markup.ts';
import { headers, render } from '../../../src/formats/page/page.ts';
import { dateAndTime, duration, percentile, quantity, span } from '../../../src/formats/page/quantities.ts';
import { SCRIPT } from '../../../src/formats/page/script.ts';
import { SLOTS, strip } from '../../../src/formats/page/strip.ts';
import { STYLE } from '../../../src/formats/page/style.ts';
import { HISTORY_LENGTH, type HistoryEntry } from '../../../src/health/history.ts';
import type { CheckReport } from '../../../src/health/report.ts';
import { error, ok, type Unit, warning } from '../../../src/health/result.ts';
import { virtualHealth } from '../../helpers/health.ts';
import { contextOf, stage } from '../../helpers/stage.ts';

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;`;

describe('the markup', () => {
  it('escapes what is put into it, wherever it stands', () => {
    expect(html`<a title="${HOSTILE}">${HOSTILE}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(2)&#39;&gt;&amp;amp;">' +
        '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(2)&#39;&gt;&amp;amp;</a>',
    );
  });

  it('leaves no way out of a text or an attribute, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('takes markup, lists of it, numbers and nothing as they are', () => {
    const items = [1, 2].map((each) => html`<li>${each}</li>`);
    expect(html`<ul>${items}</ul>${undefined}${html`<br>`}`.text).toBe('<ul><li>1</li><li>2</li></ul><br>');
  });
});

describe('quantities', () => {
  it('are written in few digits', () => {
    expect([0, 0.0004, 0.42, 1, 9.94, 12.4, 999.4, 1000, 59_999, 60_000, 5_400_000].map(duration)).toEqual([
      '0 µs',
      '0 µs',
      '420 µs',
      '1.0 ms',
      '9.9 ms',
      '12 ms',
      '999 ms',
      '1.0 s',
      '60.0 s',
      '1 min',
      '1 h 30 min',
    ]);
    expect([-5, 0, 59.9, 60, 61, 3600, 3661, 86_400, 190_000].map((each) => span(each))).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1 min',
      '1 min 1 s',
      '1 h',
      '1 h 1 min',
      '1 d',
      '2 d 4 h',
    ]);
    expect(span(3661, 1)).toBe('1 h');
  });

  it('of checks follow their unit', () => {
    const said = (value?: number, unit?: Unit) => quantity({ value, unit } as CheckReport);
    expect(said()).toBeUndefined();
    expect(said(41_500_000, 'bytes')).toBe('41.5 MB');
    expect(said(0, 'bytes')).toBe('0 B');
    expect(said(-1500, 'bytes')).toBe('-1.5 kB');
    expect(said(0.5, 'bytes')).toBe('0.5 B');
    expect(said(3.2e16, 'bytes')).toBe('32000 TB');
    expect(said(0.912, 'ratio')).toBe('91.2 %');
    expect(said(4242, 'seconds')).toBe('1 h 10 min');
    expect(said(0.25, 'seconds')).toBe('250 ms');
    expect(said(-3, 'seconds')).toBe('-3 s');
    expect(said(812, 'milliseconds')).toBe('812 ms');
    expect(said(17, 'count')).toBe('17');
    expect(said(1.2345)).toBe('1.2');
  });

  it('of dates are UTC', () => {
    expect(dateAndTime(Date.parse('2026-02-03T14:02:11.987Z'))).toBe('2026-02-03 14:02:11 UTC');
  });

  it('has percentiles by nearest rank', () => {
    const sorted = Array.from({ length: 20 }, (_, index) => index + 1);
    expect([0, 0.5, 0.95, 1].map((part) => percentile(sorted, part))).toEqual([1, 10, 19, 20]);
    expect(percentile([7], 0.5)).toBe(7);
  });
});

describe('the history strip', () => {
  const entry = (second: number, status: HistoryEntry['status'], durationMs: number): HistoryEntry => ({
    status,
    atMs: Date.UTC(2026, 1, 3, 14, 2, second),
    durationMs,
  });

  it('has room for what a controller remembers', () => {
    expect(SLOTS).toBe(HISTORY_LENGTH);
  });

  it('shows time, status and duration of each result, and sums it up in one sentence', () => {
    const { text } = strip([entry(1, 'ok', 1), entry(2, 'warning', 2), entry(3, 'error', 3)]);
    expect(text).toContain('<title>14:02:01 ok, 1.0 ms</title>');
    expect(text).toContain('<title>14:02:02 warning, 2.0 ms</title>');
    expect(text).toContain('<title>14:02:03 error, 3.0 ms</title>');
    expect(text).toContain('aria-label="Last 3 results: 1 ok, 1 warning, 1 error"');
  });

  it('shows failures by shape: no two states have the same outline', () => {
    const outline = (status: HistoryEntry['status']) =>
      /<path class="\w+" d="M\d+ 24([^"]+)"/.exec(strip([entry(1, status, 5)]).text)?.[1];
    expect(new Set([outline('ok'), outline('warning'), outline('error')]).size).toBe(3);
  });

  it('draws a run that took no time at all', () => {
    expect(strip([entry(1, 'ok', 0)]).text).toContain('v-3h3v3z');
  });
});

describe('the page', () => {
  it('runs only the script and the style that its policy names', () => {
    expect(headers()[1]).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(headers()[1]).not.toContain('unsafe');
    expect(`${SCRIPT}${STYLE}`).not.toMatch(/<\/|<!--/);
    expect(() => new Script(SCRIPT)).not.toThrow();
  });

  it('loads nothing from elsewhere', async () => {
    const { report, context } = await stage('unhealthy');
    const page = render(report, context).replace(/http:\/\/www\.w3\.org\/2000\/svg/g, '');
    expect(page).not.toMatch(/\b(?:src|href)="(?!\/api\/v1\/health|\?format=|#check-|data:image\/svg)/);
    expect(page).not.toMatch(/https?:|@import|url\(/);
    expect(page).not.toMatch(/ style="| on\w+="/);
  });

  it('without details holds names and statuses, and no time, duration, message, group or service', async () => {
    const { report, context } = await stage('unhealthy');
    const page = render(report, undefined).replace(SCRIPT, '').replace(STYLE, '');
    const withheld = [
      'SELECT 1',
      'ETIMEDOUT',
      'notes-api',
      '1.4.2',
      '4242',
      '2000-01-01',
      'datetime',
      'ready',
    ];
    for (const text of withheld) expect(page).not.toContain(text);
    for (const text of ['database', 'error', 'Unhealthy', '1 of 4 checks not ok'])
      expect(page).toContain(text);
    expect(render(report, context)).toContain('SELECT 1');
  });

  it('escapes what a checker and the service return', async () => {
    const { health } = virtualHealth({ service: { name: HOSTILE, version: HOSTILE, description: HOSTILE } });
    health
      .register('evil', () => error(HOSTILE, { code: HOSTILE, details: { [HOSTILE]: HOSTILE } }))
      .register('other', () => warning(HOSTILE), { groups: ['web'] });
    const page = render(await health.report(), contextOf(health));
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toContain('<img');
  });

  it('has a sentence for one check, for none, and before the first result', async () => {
    const { health } = virtualHealth();
    const page = async (group?: string) => render(health.lastReport(group), contextOf(health));
    expect(await page()).toContain('No checks to show.');
    health.register('only', () => new Promise(() => {}), { intervalMs: 1000, groups: ['web'] });
    expect(await page()).toContain('1 of 1 check not ok');
    expect(await page()).toContain('no result yet');
    health.unregister('only');
    health.register('only', () => ok('fine'));
    await health.report();
    expect(await page('checks/only')).toContain('The only check is ok.');
  });

  it('links the groups below a base path of "/" too', async () => {
    const { report, context } = await stage('healthy');
    const page = render(report, { ...context, path: '/' });
    expect(page).toContain('href="/" aria-current="page"');
    expect(page).toContain('href="/ready"');
  });

  it('says that a background check is due, runs next, or runs no more', async () => {
    const { health, clock } = virtualHealth();
    health.register('a', () => {}, { intervalMs: 60_000 });
    const context = contextOf(health);
    expect(render(await health.report(), context)).toMatch(/every 1 min, next in (?:5\d s|1 min)/);
    const late = { ...context, nowMs: clock.epochMs() + 90_000 };
    expect(render(await health.report(), late)).toContain('every 1 min, next one now');
    await health.close();
    expect(render(await health.report(), context)).toContain('<dd>every 1 min</dd>');
  });
});
