import type { HistoryEntry } from '../../health/history.ts';
import type { CheckReport } from '../../health/report.ts';
import type { RenderContext } from '../format.ts';
import { CHECK_TONES, mark } from './marks.ts';
import { html, type Markup } from './markup.ts';
import { age, dateAndTime, duration, percentile, quantity, span } from './quantities.ts';
import { strip } from './strip.ts';

// The roles repeat what the elements mean: where the style turns the table into cards, browsers no longer treat it as a table.

/** The table of the checks; without a context it has names and statuses only. */
export function table(checks: readonly CheckReport[], context: RenderContext | undefined): Markup {
  const headings = context === undefined ? plainHeadings() : allHeadings();
  const rows = checks.map((check) => (context === undefined ? plainRow(check) : row(check, context)));
  return html`<table role="table" class="${context === undefined ? 'plain' : 'full'}"><caption class="hush">Checks</caption><thead role="rowgroup"><tr role="row">${headings}</tr></thead><tbody role="rowgroup">${rows}</tbody></table>`;
}

const NUMBERS = ['Last', 'Age', 'p50', 'p95', 'Max'] as const;

function plainHeadings(): Markup[] {
  return ['Check', 'Status'].map((name) => heading(name));
}

function allHeadings(): Markup[] {
  return [...plainHeadings(), heading('Last 60 results'), ...NUMBERS.map((name) => heading(name, 'number'))];
}

function heading(name: string, className?: string): Markup {
  return html`<th role="columnheader" scope="col"${className && html` class="${className}"`}>${name}</th>`;
}

function plainRow(check: CheckReport): Markup {
  return html`<tr role="row" id="check-${check.name}">${nameCell(check)}<td role="cell" class="state">${word(check)}</td></tr>`;
}

function nameCell({ name, status }: CheckReport): Markup {
  return html`<th role="rowheader" scope="row" class="name"><span>${mark(CHECK_TONES[status])}${name}</span></th>`;
}

function word({ status }: CheckReport): Markup {
  return html`<b class="${CHECK_TONES[status]}">${status}</b>`;
}

function row(check: CheckReport, context: RenderContext): Markup {
  const history = context.history(check.name);
  const { name, message, code } = check;
  const value = quantity(check);
  const shown = value === undefined ? undefined : html` <span>· ${value}</span>`;
  const coded = code === undefined || message?.includes(code) ? undefined : html` <code>${code}</code>`;
  const said = message === undefined && coded === undefined ? undefined : html`<p>${message}${coded}</p>`;
  const bars = history.length === 0 ? html`<span class="soft">no result yet</span>` : strip(history);
  return html`<tr role="row" id="check-${name}">${nameCell(check)}<td role="cell" class="state"><p>${word(check)}${damped(check)} <span class="soft">for ${age(context.nowMs, check.sinceMs)}</span>${shown}</p>${said}${more(check, context.nowMs)}</td><td role="cell" class="history">${bars}</td>${numbers(check, context.nowMs, history)}</tr>`;
}

/** That a threshold keeps the last run from counting yet. */
function damped({ damping }: CheckReport): Markup | undefined {
  return damping && html` <span class="soft">(${damping.runs} of ${damping.of} before it counts)</span>`;
}

function numbers(check: CheckReport, nowMs: number, history: readonly HistoryEntry[]): Markup[] {
  // Typed arrays sort by value, without calling back.
  const sorted = Float64Array.from(history, (entry) => entry.durationMs).sort();
  const hasRun = sorted.length > 0;
  const values = hasRun
    ? [
        duration(check.durationMs),
        age(nowMs, check.checkedAtMs, 1),
        ...[0.5, 0.95, 1].map((part) => duration(percentile(sorted, part))),
      ]
    : NUMBERS.map(() => '–');
  return NUMBERS.map(
    (label, index) => html`<td role="cell" class="number" data-label="${label}">${values[index]}</td>`,
  );
}

/** What is not needed at a glance, opened without JavaScript. */
function more(check: CheckReport, nowMs: number): Markup {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Since', dateAndTime(check.sinceMs)],
    ['Checked', dateAndTime(check.checkedAtMs)],
    ['Last ok', check.lastOkAtMs === undefined ? 'never' : dateAndTime(check.lastOkAtMs)],
    ['Failures in a row', String(check.consecutiveFailures)],
    ['Groups', check.groups.join(', ')],
    ['Fails on', check.failOn],
    ['Runs', runs(check, nowMs)],
    ...Object.entries(check.details ?? {}).map(([key, value]) => [key, plain(value)] as const),
  ];
  const entries = facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
  return html`<details id="more-${check.name}"><summary>More<span class="hush"> about ${check.name}</span></summary><dl>${entries}</dl></details>`;
}

function runs({ intervalMs, nextRunAtMs }: CheckReport, nowMs: number): string {
  if (intervalMs === undefined) return 'on demand';
  const every = `every ${span(intervalMs / 1000)}`;
  if (nextRunAtMs === undefined) return every;
  const inSeconds = (nextRunAtMs - nowMs) / 1000;
  return inSeconds > 0 ? `${every}, next in ${span(inSeconds)}` : `${every}, next one now`;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
