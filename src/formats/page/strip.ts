import type { HistoryEntry } from '../../health/history.ts';
import { lazy } from '../../internal/lazy.ts';
import { isoTime } from '../iso-time.ts';
import { CHECK_TONES } from './marks.ts';
import { html, Markup } from './markup.ts';
import { duration, timeOfDay } from './quantities.ts';

/** Room for this many results: what a controller remembers. */
export const SLOTS = 60;
/** Each result takes 4 units of width: a bar of 3 and a gap. */
const STEP = 4;
const HEIGHT = 24;

/**
 * The last results as bars, oldest on the left, new ones coming in from the right. The height of an ok run's bar is
 * its duration relative to the slowest one shown; a warning is a full bar with a gap, an error a full bar: failures
 * are recognisable by shape as well. Hovering shows time, status and duration.
 */
export function strip(entries: readonly HistoryEntry[]): Markup {
  let slowest = 0.001;
  for (const { durationMs } of entries) slowest = Math.max(slowest, durationMs);
  const offset = SLOTS - entries.length;
  let bars = '';
  for (const [index, entry] of entries.entries()) bars += bar(entry, offset + index, slowest);
  return html`<svg class="strip" viewBox="0 0 ${SLOTS * STEP - 1} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${spoken(entries)}"><path class="base" d="M0 ${HEIGHT - 0.5}H${SLOTS * STEP - 1}"/>${new Markup(bars)}</svg>${ends(entries)}`;
}

/** Built 60 times per check, so not with {@link html} but from prepared pieces: numbers and fixed words need no escaping. */
function bar({ status, atMs, durationMs }: HistoryEntry, slot: number, slowest: number): string {
  const height = status === 'ok' ? 3 + Math.round((durationMs / slowest) * 15) : 0;
  const shape = SHAPES()[status][height];
  return `${BEGINNINGS()[status][slot]}${shape}${timeOfDay(atMs)} ${status}, ${duration(durationMs)}</title></path>`;
}

type Pieces = Readonly<Record<HistoryEntry['status'], readonly string[]>>;

/** By slot. */
const BEGINNINGS: () => Pieces = lazy(() => ({
  ok: beginnings('ok'),
  warning: beginnings('warning'),
  error: beginnings('error'),
}));

function beginnings(status: HistoryEntry['status']): readonly string[] {
  return Array.from(
    { length: SLOTS },
    (_, slot) => `<path class="${CHECK_TONES[status]}" d="M${slot * STEP} ${HEIGHT}`,
  );
}

/** By height, for a run that was ok; failures have one shape each. */
const SHAPES: () => Pieces = lazy(() => ({
  ok: Array.from({ length: 19 }, (_, height) => `v-${height}h3v${height}z"><title>`),
  warning: ['v-12h3v12zm0-15v-9h3v9z"><title>'],
  error: [`v-${HEIGHT}h3v${HEIGHT}z"><title>`],
}));

function spoken(entries: readonly HistoryEntry[]): string {
  const counts = { ok: 0, warning: 0, error: 0 };
  for (const { status } of entries) counts[status]++;
  return `Last ${entries.length} results: ${counts.ok} ok, ${counts.warning} warning, ${counts.error} error`;
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
