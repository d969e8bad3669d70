import { skipSpaces } from './characters.ts';
import type { Key } from './keyed.ts';
import { hasRandomWord, isHarmless } from './remarks.ts';
import type { Spans } from './spans.ts';

const CDATA = '<![CDATA[';

/** How long the attributes of an element may be, in characters. */
const REACH = 200;

/** Masks the content of an XML element: `<password type="x">…</password>`. */
export function maskElement(text: string, { end, kind }: Key, spans: Spans): number {
  const open = text.slice(end, end + REACH).indexOf('>');
  if (open === -1 || text[end + open - 1] === '/') return end;
  let start = skipSpaces(text, end + open + 1);
  let stop: number;
  if (text.startsWith(CDATA, start)) {
    start += CDATA.length;
    stop = text.indexOf(']]>', start);
  } else stop = text.indexOf('<', start);
  const isOpen = stop === -1;
  if (isOpen) stop = text.length;
  const value = text.slice(start, Math.min(stop, start + 400));
  const isSecret =
    !isOpen && (kind === 'password' || kind === 'token') ? !isHarmless(value, 3) : hasRandomWord(value);
  if (!isSecret) return end;
  spans.add(start, stop);
  return stop;
}
