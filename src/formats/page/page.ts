import type { CheckReport, Report, ReportStatus } from '../../health/report.ts';
import type { Stall } from '../../health/stalls.ts';
import { sha256 } from '../../internal/digest.ts';
import { lazy } from '../../internal/lazy.ts';
import type { RenderContext } from '../format.ts';
import { icon, lostIcon, mark, REPORT_TONES, SIGNS } from './marks.ts';
import { html, Markup } from './markup.ts';
import { dateAndTime, span } from './quantities.ts';
import { table } from './row.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** The headers of the page. Its policy allows only our own script, whatever a check's name or message contains. */
export const headers: () => readonly string[] = lazy(pageHeaders);

function pageHeaders(): readonly string[] {
  return [
    'Content-Security-Policy',
    `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; img-src data:; connect-src 'self'; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'Referrer-Policy',
    'no-referrer',
  ];
}

function hashOf(inline: string): string {
  return `'sha256-${sha256(inline).toString('base64')}'`;
}

/**
 * The page for people: one document that loads nothing else, rendered here and readable without JavaScript. With
 * JavaScript it keeps itself up to date.
 */
export function render(report: Report, context: RenderContext | undefined): string {
  const tone = REPORT_TONES[report.status];
  const name = (context && report.service.name) ?? 'Health';
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${SIGNS[tone]} ${title(report)} · ${name}</title><link rel="icon" href="${icon(tone)}" data-lost="${lostIcon()}"><style>${new Markup(STYLE)}</style></head>
<body><div class="contact" role="status"></div>
<header><strong>${name}</strong>${context && version(report)}</header>
<main data-status="${report.status}" data-at="${context && dateAndTime(context.nowMs)}">
<section class="verdict">${mark(tone)}<div><h1 class="${tone}">${title(report)}</h1><p role="status">${sentence(report, context)}</p></div></section>
${context && facts(report, context)}${context && groups(report, context)}${table(Object.values(report.checks), context)}
</main>
<footer><p>${context ? 'Times are UTC.' : 'Names and statuses only; details are not shown to this caller.'}</p><nav aria-label="Other formats"><ul>${otherFormats()}</ul></nav></footer>
<noscript><p>Without JavaScript this page does not update itself. Reload it to see the current state.</p></noscript>
<script>${new Markup(SCRIPT)}</script></body></html>
`.text;
}

function otherFormats(): Markup[] {
  return ['json', 'health+json', 'text'].map(
    (name) => html`<li><a href="?format=${encodeURIComponent(name)}&amp;verbose">${name}</a></li>`,
  );
}

const TITLES: Readonly<Record<ReportStatus, string>> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  unhealthy: 'Unhealthy',
};

function title(report: Report): string {
  if (report.draining) return 'Draining';
  if (report.stalled !== undefined) return 'Blocked';
  return report.held ? 'Held' : TITLES[report.status];
}

function version({ service }: Report): Markup | undefined {
  const { version, description } = service;
  return html`${version && html`<span>${version}</span>`}${description && html`<span class="soft">${description}</span>`}`;
}

/** Why the verdict is what it is, in one sentence that a screen reader reads out when it changes. */
function sentence(report: Report, context: RenderContext | undefined): Markup {
  const failing = Object.values(report.checks).filter((check) => check.status !== 'ok');
  const count = Object.keys(report.checks).length;
  const leaving = report.draining
    ? 'This instance is draining and takes no new traffic. '
    : held(report, context);
  return html`${stalled(report)}${leaving}${failing.length === 0 ? allOk(count) : notOk(failing, count)}`;
}

/** How long the event loop has been blocked. */
function stalled({ stalled: seconds, atMs }: Report): string {
  if (seconds === undefined) return '';
  const since = dateAndTime(atMs - seconds * 1000);
  return `The event loop has been blocked for ${seconds} s, since ${since}; the check results are from before that. `;
}

/** Why a hold keeps traffic away; the reasons only to those who may see details. */
function held({ held, holds }: Report, context: RenderContext | undefined): string {
  if (!held) return '';
  return context === undefined ? 'Traffic is held back. ' : `Traffic is held back: ${holds.join('; ')}. `;
}

function allOk(count: number): string {
  if (count === 0) return 'No checks to show.';
  return count === 1 ? 'The only check is ok.' : `All ${count} checks are ok.`;
}

function notOk(failing: readonly CheckReport[], count: number): Markup {
  const links = failing.map(
    ({ name }, index) => html`${index === 0 ? '' : ', '}<a href="#check-${name}">${name}</a>`,
  );
  return html`${failing.length} of ${count} ${count === 1 ? 'check' : 'checks'} not ok: ${links}`;
}

function facts({ group, service }: Report, { nowMs, uptimeSeconds, lastStall }: RenderContext): Markup {
  const known: readonly (readonly [string, string | undefined])[] = [
    ['As of', dateAndTime(nowMs)],
    ['Uptime', span(uptimeSeconds)],
    ['Group', group],
    ['Release', service.releaseId],
    ['Instance', service.serviceId],
    ['Last blocked', lastStall && describeStall(lastStall)],
  ];
  const entries = known
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<dl class="facts">${entries}</dl>`;
}

function describeStall({ sinceMs, durationMs, stack }: Stall): string {
  const where = stack === undefined ? '' : ` in ${stack}`;
  return `${dateAndTime(sinceMs)} for ${span(durationMs / 1000)}${where}`;
}

function groups(report: Report, context: RenderContext): Markup {
  const base = context.path === '/' ? '' : context.path;
  const links = context.groups.map(({ group, status }) => {
    const href = group === 'all' ? context.path : `${base}/${group}`;
    const current = group === report.group ? new Markup(' aria-current="page"') : undefined;
    return html`<li><a href="${href}"${current}>${mark(REPORT_TONES[status])}<span>${group}<span class="hush"> ${status}</span></span></a></li>`;
  });
  return html`<nav class="groups" aria-label="Groups"><ul>${links}</ul></nav>`;
}
