import type { Format } from '../formats/format.ts';
import { healthJson } from '../formats/health-json.ts';
import { html } from '../formats/html.ts';
import { json } from '../formats/json.ts';
import { text } from '../formats/text.ts';

/** The formats on offer, in our order of preference: probers that accept anything get JSON. */
export const FORMATS: readonly Format[] = [json, healthJson, text, html];

/** One range of an `Accept` header, such as `text/*;q=0.5`. */
interface Range {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  /** Its place in the header. */
  readonly position: number;
}

/** How well a format fits a header. */
interface Fit {
  readonly specificity: number;
  readonly quality: number;
  readonly position: number;
}

const NO_FIT: Fit = { specificity: -1, quality: 0, position: -1 };

/**
 * The format that a header asks for (RFC 9110, 12.5.1). JSON if it names nothing that we have: probers send odd headers,
 * and a correct status code with the wrong body serves them better than a 406.
 */
export function negotiate(accept: string | undefined): Format {
  if (accept === undefined || accept === '*/*' || accept === json.mediaType) return json;
  const ranges = readAccept(accept);
  let best = json;
  let bestFit = NO_FIT;
  for (const format of FORMATS) {
    const fit = fitOf(format.mediaType, ranges);
    if (fit.quality > 0 && isBetter(fit, bestFit)) {
      best = format;
      bestFit = fit;
    }
  }
  return best;
}

/** The format of an answer: what the query names, else what `Accept` asks for. */
export function formatFor(target: string, hasQuery: boolean, accept: string | undefined): Format {
  return (hasQuery && formatAsked(target)) || negotiate(accept);
}

const ASKED = /[?&]format=([^&#]*)/;

/** The format that the query asks for by name; undefined if it does not, or if there is no such format. */
export function formatAsked(target: string): Format | undefined {
  const asked = ASKED.exec(target)?.[1];
  if (asked === undefined) return undefined;
  // Some decode a plus sign in a query as a space; here it can only mean a plus sign.
  const name = asked.replace(/%2b|%20/gi, '+').toLowerCase();
  return FORMATS.find((format) => format.name === name);
}

/** The higher quality wins, then the more precise range, then the header's order, then ours. */
function isBetter(one: Fit, other: Fit): boolean {
  if (one.quality !== other.quality) return one.quality > other.quality;
  if (one.specificity !== other.specificity) return one.specificity > other.specificity;
  return one.position < other.position;
}

/** The range that applies to a media type: the most specific one, whatever its quality; of two, the one of higher quality. */
function fitOf(mediaType: string, ranges: readonly Range[]): Fit {
  const [type, subtype] = mediaType.split('/');
  let fit = NO_FIT;
  for (const range of ranges) {
    const isType = range.type === type;
    const isSubtype = range.subtype === subtype;
    if ((!isType && range.type !== '*') || (!isSubtype && range.subtype !== '*')) continue;
    const specificity = (isType ? 2 : 0) + (isSubtype ? 1 : 0);
    const { quality, position } = range;
    const isCloser =
      specificity > fit.specificity || (specificity === fit.specificity && quality >= fit.quality);
    if (isCloser) fit = { specificity, quality, position };
  }
  return fit;
}

/** How much of a header is read, in characters; those of browsers and Prometheus have up to 350. */
const LONGEST_ACCEPT = 512;

/** How many ranges are read; browsers send up to 9. */
const MOST_RANGES = 16;

function readAccept(accept: string): Range[] {
  const ranges: Range[] = [];
  const parts = beginningOf(accept).toLowerCase().split(',');
  let count = 0;
  for (let position = 0; position < parts.length && count < MOST_RANGES; position++) {
    const part = parts[position] as string;
    if (part === '') continue;
    count++;
    const end = part.indexOf(';');
    const name = (end === -1 ? part : part.slice(0, end)).trim();
    const slash = name.indexOf('/');
    if (slash <= 0) continue;
    const quality = end === -1 ? 1 : qualityOf(part.slice(end + 1).split(';', MOST_RANGES));
    if (quality !== undefined)
      ranges.push({ type: name.slice(0, slash), subtype: name.slice(slash + 1), quality, position });
  }
  return ranges;
}

/** The part of a header that is read: whole ranges only, so that none is misread. */
function beginningOf(accept: string): string {
  return accept.length <= LONGEST_ACCEPT
    ? accept
    : accept.slice(0, Math.max(0, accept.lastIndexOf(',', LONGEST_ACCEPT)));
}

/** The quality of a range; undefined if a parameter narrows it down (`level=1`), because no format here has parameters. */
function qualityOf(parameters: readonly string[]): number | undefined {
  let quality = 1;
  for (const each of parameters) {
    const parameter = each.trim();
    if (parameter === '') continue;
    if (!parameter.startsWith('q=')) return undefined;
    if (parameter !== 'q=') quality = Number.parseFloat(parameter.slice(2));
  }
  return quality;
}
