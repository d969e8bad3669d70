import type { HistoryEntry } from '../../health/history.ts';
import { isoTime } from '../iso-time.ts';
import { CHECK_TONES } from './marks.ts';
import { html, type Markup } from './markup.ts';
import { duration, timeOfDay } from './quantities.ts';

/** Room for this many results: what a controller remembers. */
export const SLOTS = 60;
/** Each result takes 4 units of width: a bar of 3 and a gap. */
const STEP = 4;
const HEIGHT = 24;

/**
 * The last results as bars, oldest on the left, new ones coming in from the right. The bar of an ok run is as high
 * as it took long, against the slowest shown; a warning is a full bar with a gap, an error a full bar: failures
 * are told by shape as well. Hovering tells time, status and duration.
 */
export function strip(entries: readonly HistoryEntry[]): Markup {
  const slowest = Math.max(...entries.map((entry) => entry.durationMs), 0.001);
  const offset = SLOTS - entries.length;
  const bars = entries.map((entry, index) => bar(entry, (offset + index) * STEP, slowest));
  return html`<svg class="strip" viewBox="0 0 ${SLOTS * STEP - 1} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${spoken(entries)}"><path class="base" d="M0 ${HEIGHT - 0.5}H${SLOTS * STEP - 1}"/>${bars}</svg>${ends(entries)}`;
}

function bar({ status, atMs, durationMs }: HistoryEntry, x: number, slowest: number): Markup {
  const title = `${timeOfDay(atMs)} ${status}, ${duration(durationMs)}`;
  return html`<path class="${CHECK_TONES[status]}" d="M${x} ${HEIGHT}${outline(status, durationMs / slowest)}"><title>${title}</title></path>`;
}

function outline(status: HistoryEntry['status'], part: number): string {
  if (status === 'error') return `v-${HEIGHT}h3v${HEIGHT}z`;
  if (status === 'warning') return 'v-12h3v12zm0-15v-9h3v9z';
  const height = 3 + Math.round(part * 15);
  return `v-${height}h3v${height}z`;
}

function spoken(entries: readonly HistoryEntry[]): string {
  const count = (status: HistoryEntry['status']) => entries.filter((each) => each.status === status).length;
  return `Last ${entries.length} results: ${count('ok')} ok, ${count('warning')} warning, ${count('error')} error`;
}

/** The times of the first and the last result; side by side as long as the first one is not on the left edge. */
function ends(entries: readonly HistoryEntry[]): Markup | undefined {
  const first = entries[0];
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const from = first === last ? undefined : html`${clock(first.atMs)}${entries.length < SLOTS ? '–' : ''}`;
  return html`<span class="ends${entries.length < SLOTS ? ' few' : ''}">${from}${clock(last.atMs)}</span>`;
}

function clock(epochMs: number): Markup {
  return html`<time datetime="${isoTime(epochMs)}">${timeOfDay(epochMs)}</time>`;
}
