import { isQuote, runStart, skipSpaces, trimmedEnd, UNQUOTED, wordEnd } from './characters.ts';
import type { KeyKind } from './key-words.ts';
import type { Passage } from './passage.ts';
import { isHarmless, isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';
import { closeOf, quoteAt } from './values.ts';
import { words } from './words.ts';

/** Words between the name of a secret and the secret in a sentence: `the password for app is …`. */
const GAPS = words(
  'is was of value provided received given supplied used got the a an as to set be with invalid wrong bad incorrect rejected ' +
    'for user header string hash found sent entered passed ist lautet war est es era "" ' +
    'not valid unknown this that following from -> - : = => using by login account app has been changed into now actual expected but does match matches instead vs and generated 0 5 7 8 9',
);

/** The same for names with other uses: `session id …`. */
const WEAK_GAPS = words('id value is was token of');

/** Words that the secret follows directly. */
const LINKS = words('is was ist war lautet est era');

/** Words that a name may follow. */
const NAMED = words('for of user login account role');

/** Names of things that look random but are not secret. */
const IDENTIFIED = words(
  'request trace span id ids commit pod container node job build run message correlation transaction order image digest file path version host ' +
    'table column bucket index release revision deployment instance task event object row record partition topic shard replica worker process thread',
);

/** How many words after a key are read. */
const REACH = 7;

/** Whether a word looks like a credential by itself: `app:secret` in Base64, or long and padded. */
function isEncodedPair(word: string): boolean {
  if (word.length < 6 || word.length > 400 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(word)) return false;
  if (word.endsWith('=') && word.length > 7) return true;
  return /.[A-Z0-9]/.test(word) && /^[ -~]*:[ -~]*$/.test(Buffer.from(word, 'base64').toString('latin1'));
}

/** Whether a word is long hexadecimal, which directly after `password` or `token` is a secret. */
function isLongHex(word: string): boolean {
  return word.length >= 16 && /^[0-9a-f-]+$/i.test(word) && /\d/.test(word);
}

/** Whether a word of eight or more letters and digits has a letter after a digit: enough after a key, not elsewhere. */
export function isMixed(word: string): boolean {
  return (
    word.length > 7 &&
    /\d[A-Za-z]/.test(word) &&
    /^[A-Za-z0-9]+$/.test(word) &&
    !/^(?:(?:0x)?[0-9a-f]+$|base\d\d|sha\d|utf\d|oauth\d|pkcs\d)/i.test(word)
  );
}

/** The part after the colon in `app:…`. */
function partner(word: string): string {
  return word.slice(word.indexOf(':') + 1);
}

function isCredential(kind: KeyKind, word: string, distance: number): boolean {
  if (isRandomWord(word)) return true;
  if (distance > 0) return false;
  if (kind !== 'weak' && isMixed(partner(word))) return true;
  if (kind === 'scheme') return isEncodedPair(word) || isLongHex(word);
  return (kind === 'password' || kind === 'token') && isLongHex(word);
}

const OPENING = '([{<=:>';

/** The end of the sequence of words after `end` that look random. */
export function randomEnd(text: string, end: number): number {
  let last = end;
  for (let count = 0; count < 8; count++) {
    const start = skipSpaces(text, last, 2);
    if (start === last) return last;
    const stop = trimmedEnd(text, start, wordEnd(text, start));
    const word = text.slice(start, stop);
    if (word.includes('=') || !isRandomWord(word) || text[stop] === ':') return last;
    last = stop;
  }
  return last;
}

function maskQuoted(text: string, at: number, kind: KeyKind, distance: number, spans: Spans): number {
  const quote = quoteAt(text, at);
  if (quote === undefined) return -1;
  const end = closeOf(text, quote);
  const content = text.slice(quote.from, Math.min(end, quote.from + 400));
  const isSecret =
    distance === 0 && kind === 'password'
      ? !isHarmless(content, 3)
      : content.split(/\s+/, 20).some((word) => isCredential(kind, word, distance));
  if (!isSecret) return 0;
  spans.add(quote.from, end);
  return end;
}

/** Words between a secret and its name when the secret comes first: `… is not a valid token`. */
const REFUSALS = words('an a the your not invalid valid wrong bad incorrect unknown expired revoked api');
const REFUSES = words('as is was');

/** How many words before a key are read. */
const REACH_BACK = 6;

/** Masks a secret that comes before its name in a sentence: `… is not a valid token`, `with … as password`. */
export function maskRefused(text: string, start: number, spans: Spans): void {
  let end = start;
  let isRefused = false;
  for (let count = 0; count < REACH_BACK; count++) {
    if (isQuote(text.charCodeAt(end - 1))) end--;
    if (!isRefused && text[end - 1] !== ' ') return;
    if (text[end - 1] === ' ') end--;
    if (isQuote(text.charCodeAt(end - 1))) end--;
    const begin = runStart(text, end, UNQUOTED, 100);
    const word = text.slice(begin, end);
    if (isRefused) {
      if (isRandomWord(word)) spans.add(begin, end);
      return;
    }
    isRefused = REFUSES.has(word);
    if (!isRefused && !REFUSALS.has(word.toLowerCase())) return;
    end = begin;
  }
}

/**
 * Masks a secret that comes after its name in a sentence: `the password is …`, `bad password (…)`, `Bearer …`. Only words
 * that look random count, because most sentences about passwords hold none.
 * @returns where to continue
 */
export function maskProse(passage: Passage, from: number, kind: KeyKind): number {
  const { text } = passage;
  let done = maskNext(passage, from, kind);
  let last = from;
  // one secret may follow another: the token was …, expected …
  while (done > last) {
    last = done;
    const next = text[done] === ',' ? done + 1 : done;
    const end = maskNext(passage, next, 'scheme');
    if (end > next) done = end;
  }
  return last;
}

/** Masks the first secret of a sentence. Returns its end, or `from` if there is none. */
function maskNext(passage: Passage, from: number, kind: KeyKind): number {
  const { text, spans } = passage;
  let at = from;
  let free = 0;
  // words such as `is` in `the password is …` do not add distance
  let linked = 0;
  for (let distance = 0; distance < REACH; distance++) {
    let start = skipSpaces(text, at, 40);
    const quoted = maskQuoted(text, start, kind, distance, spans);
    if (quoted >= 0) return quoted === 0 ? from : quoted;
    while (OPENING.includes(text[start] ?? '?')) start++;
    if (start === at || start >= text.length || passage.isMarkedHarmless(start)) return from;
    const inner = quoteAt(text, start) === undefined ? -1 : maskQuoted(text, start, kind, distance, spans);
    if (inner > 0) return inner;
    const end = wordEnd(text, start);
    const stop = trimmedEnd(text, start, end);
    const word = text.slice(start, stop);
    if (isCredential(kind, word, distance - linked)) {
      const last = randomEnd(text, stop);
      spans.add(start, last);
      return last;
    }
    passage.markHarmless(start, end);
    const lower = word.toLowerCase();
    if (kind === 'weak' ? !WEAK_GAPS.has(lower) : IDENTIFIED.has(lower)) return from;
    if (/[.;]$/.test(text.slice(stop, end))) return from;
    if (LINKS.has(lower)) linked++;
    if (GAPS.has(lower) || kind === 'weak') free = NAMED.has(lower) ? 2 : 0;
    else if (free-- <= 0) return from;
    at = end;
  }
  return from;
}
