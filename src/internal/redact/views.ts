import { lazy } from '../lazy.ts';

/** A text in one of the forms in which it can be read. */
export interface View {
  readonly text: string;
  /** The position of each character, and of the end, in the original; undefined if nothing differs. */
  readonly places?: Uint32Array;
}

/** Invisible characters: zero-width and formatting characters, variation selectors, and a terminal's colours. */
const UNSEEN = ['\\p{Cf}', '\\p{Variation_Selector}', '\\u034f', '\\u001b\\[[\\d;]{0,20}[A-Za-z]'];

/** Created at first use and not a literal: for a literal, the parser would load Unicode's tables at import. */
const INVISIBLE = lazy(() => new RegExp(UNSEEN.join('|'), 'gu'));

/** ASCII in full width, from East Asian keyboards. */
const FULL_WIDTH = /[\uff01-\uff5e]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROLS = /[\0-\u0008\u000b\u000c\u000e-\u001f]/g;

const MAYBE_ODD = /[^\t\n\r -~]/;
const MAYBE_ESCAPED =
  /%(?:25)*(?:3[aAdD]|40|2[2267fF]|5[bBdD]|7[bBdD])|&(?:quot|apos|amp|lt|gt|#)|\\[ux][0-9a-fA-F]/;
const ESCAPE =
  /%(?:25){0,3}([0-9a-fA-F]{2})|&(quot|apos|amp|lt|gt|#\d{2,3}|#x[0-9a-fA-F]{2});|\\(?:u00|x)([0-9a-fA-F]{2})/g;

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>' };

/**
 * The forms of a text in which a key or a credential may show: without invisible characters, without control characters, and
 * with its escapes decoded. Plain text has one.
 */
export function viewsOf(text: string): View[] {
  let seen: View = { text };
  const views: View[] = [];
  if (MAYBE_ODD.test(text)) {
    seen = replaced(seen, INVISIBLE(), () => '');
    seen = { ...seen, text: seen.text.replace(FULL_WIDTH, halfWidth) };
    const uncontrolled = replaced(seen, CONTROLS, () => '');
    if (uncontrolled !== seen) views.push(uncontrolled);
  }
  views.push(seen);
  if (MAYBE_ESCAPED.test(seen.text)) views.push(replaced(seen, ESCAPE, decoded));
  return views;
}

function halfWidth(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
}

/** The character of an escape. White space stays escaped: it is part of the value, and would end it. */
function decoded(match: RegExpExecArray): string {
  const entity = match[2];
  if (entity !== undefined) {
    if (!entity.startsWith('#')) return ENTITIES[entity] as string;
    return readable(
      match,
      entity[1] === 'x' ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1)),
    );
  }
  return readable(match, Number.parseInt(match[1] ?? (match[3] as string), 16));
}

function readable(match: RegExpExecArray, code: number): string {
  return code > 32 && code < 127 ? String.fromCharCode(code) : match[0];
}

function replaced(view: View, pattern: RegExp, replacement: (match: RegExpExecArray) => string): View {
  const { text } = view;
  pattern.lastIndex = 0;
  let match = pattern.exec(text);
  if (match === null) return view;
  const pieces: string[] = [];
  const places = new Uint32Array(text.length + 1);
  let done = 0;
  let length = 0;
  const copy = (end: number): void => {
    pieces.push(text.slice(done, end));
    while (done < end) places[length++] = done++;
  };
  for (; match !== null; match = pattern.exec(text)) {
    copy(match.index);
    const put = replacement(match);
    pieces.push(put);
    for (let at = 0; at < put.length; at++) places[length++] = match.index + (put.length === 1 ? 0 : at);
    done += match[0].length;
  }
  copy(text.length);
  places[length] = text.length;
  return { text: pieces.join(''), places: composed(view.places, places.subarray(0, length + 1)) };
}

function composed(first: Uint32Array | undefined, second: Uint32Array): Uint32Array {
  return first === undefined ? second : second.map((place) => first[place] as number);
}
