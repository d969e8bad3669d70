import type { ReportStatus } from '../../health/report.ts';
import type { CheckStatus } from '../../health/result.ts';
import { html, type Markup } from './markup.ts';

/** The three looks of a state, of a check or of a whole report. */
export type Tone = 'good' | 'fair' | 'bad';

/** The look of a check's status. */
export const CHECK_TONES: Readonly<Record<CheckStatus, Tone>> = { ok: 'good', warning: 'fair', error: 'bad' };

/** The look of a report's status. */
export const REPORT_TONES: Readonly<Record<ReportStatus, Tone>> = {
  healthy: 'good',
  degraded: 'fair',
  unhealthy: 'bad',
};

/** Circle, triangle, square: distinguishable without colour, and at 16 px. The sign inside is cut out. */
const SHAPES: Readonly<Record<Tone, string>> = {
  good: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-1.1 10.2L3.8 8.1l1.3-1.3 1.8 1.8 4-4 1.3 1.3Z',
  fair: 'M8 1 .6 14.4h14.8ZM7.1 5.8h1.8v4.4H7.1Zm0 5.4h1.8V13H7.1Z',
  bad: 'M2 1h12l1 1v12l-1 1H2l-1-1V2Zm2.4 4.7L6.7 8l-2.3 2.3 1.3 1.3L8 9.3l2.3 2.3 1.3-1.3L9.3 8l2.3-2.3-1.3-1.3L8 6.7 5.7 4.4Z',
};

/** The signs in the tab's title, for tabs too narrow for words. */
export const SIGNS: Readonly<Record<Tone, string>> = { good: '✓', fair: '!', bad: '✕' };

/** An icon cannot follow the colour scheme of the tab bar, so these are readable on dark and on light. */
const ICON_COLOURS: Readonly<Record<Tone, string>> = { good: '#2da44e', fair: '#d4870b', bad: '#e5484d' };

/** The mark of a state. It always comes with a word, so it is hidden from screen readers. */
export function mark(tone: Tone): Markup {
  return html`<svg class="mark ${tone}" viewBox="0 0 16 16" aria-hidden="true"><path fill-rule="evenodd" d="${SHAPES[tone]}"/></svg>`;
}

/** The mark as a `data:` URL for the tab. */
export function icon(tone: Tone): string {
  return iconOf(SHAPES[tone], ICON_COLOURS[tone]);
}

function iconOf(shape: string, colour: string): string {
  const path = `<path fill="${colour}" fill-rule="evenodd" d="${shape}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${path}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** An empty ring: the state is not known. */
export function lostIcon(): string {
  return iconOf('M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z', '#8b949e');
}
