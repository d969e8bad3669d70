import { maskWord } from './at-signs.ts';
import { isLineEnd, isQuote, isSpace, runEnd, runStart, SCHEME, WORD } from './characters.ts';
import { eachPlace } from './each.ts';
import { isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';

/** Schemes whose paths often contain `@`, also directly after a port. */
const WEB = /^(?:https?|wss?|ftp|git|oci|docker|file|s3|gs)$/i;

/** Path segments that a secret follows, one to three segments later. */
const HOOKS =
  /\/(?:web-?hooks?|hooks?|webhookb2|services|inputs|receiver|integrations?|catch|workflows|tokens?|reset(?:-password)?|password-reset|verify|confirm|activate|magic|invite|invitations?|unsubscribe|triggers|push|ping|bot|http|v[23])\//i;

/** How many characters of a path are searched. */
const MAX_PATH = 600;

/** The most characters of a password with spaces. */
const REACH = 160;

/** Masks user and password of every URL, and the secret segments of its path. */
export function maskUrls(text: string, spans: Spans): void {
  eachPlace('://', text, (at, from) => {
    const start = Math.max(from, runStart(text, at, SCHEME, 30));
    return maskUrl(text, start, at + 3, spans);
  });
}

interface Url {
  readonly scheme: string;
  /** Where the authority begins and ends, and where the URL ends. */
  readonly begin: number;
  authorityEnd: number;
  end: number;
  colon: number;
  lastAt: number;
  /** The last `@` of the authority. */
  hostAt: number;
}

function readUrl(text: string, start: number, begin: number): Url {
  const url: Url = {
    scheme: text.slice(start, begin - 3),
    begin,
    authorityEnd: -1,
    end: begin,
    colon: -1,
    lastAt: -1,
    hostAt: -1,
  };
  const outer = text.charCodeAt(start - 1);
  let at = begin;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code) || code === 60 || code === 62) break;
    if (
      isQuote(code) &&
      (text[at - 1] !== '\\' || text[start - 2] === '\\') &&
      (code === outer || endsUrl(text, at + 1))
    )
      break;
    noteCharacter(url, text[at] as string, at);
  }
  // the backslash of a quote within a string
  url.end = text[at - 1] === '\\' ? at - 1 : at;
  if (url.authorityEnd === -1) url.authorityEnd = url.end;
  return url;
}

function endsUrl(text: string, at: number): boolean {
  return at >= text.length || isSpace(text.charCodeAt(at)) || ',;:)]}>.'.includes(text[at] as string);
}

function noteCharacter(url: Url, character: string, at: number): void {
  if (character === '@') {
    url.lastAt = at;
    if (url.authorityEnd === -1) url.hostAt = at;
  } else if (character === ':') {
    if (url.colon === -1 && url.authorityEnd === -1) url.colon = at;
  } else if ((character === '/' || character === '?' || character === '#') && url.authorityEnd === -1) {
    url.authorityEnd = at;
  }
}

function maskUrl(text: string, start: number, begin: number, spans: Spans): number {
  const url = readUrl(text, start, begin);
  if (url.hostAt !== -1) maskUserInfo(text, url, spans);
  else if (url.colon !== -1 && !isPort(text, url)) return maskOddPassword(text, url, start, spans);
  if (url.lastAt > url.authorityEnd) {
    if (hasOddToken(text, url)) spans.add(begin, url.lastAt);
    else maskWord(text.slice(url.authorityEnd, url.end), url.authorityEnd, spans);
  }
  maskHooks(text, url, spans);
  return url.end;
}

/** Whether a token with a `#` in it comes before the `@`: `https://to/k3n#x@host`. */
function hasOddToken(text: string, { begin, lastAt, hostAt }: Url): boolean {
  const token = text.slice(begin, lastAt);
  return hostAt === -1 && token.includes('#') && /[a-z]\d[a-z]/i.test(token.slice(token.lastIndexOf('#')));
}

/** Whether a port follows the colon: digits up to the path. */
function isPort(text: string, { colon, authorityEnd, scheme, lastAt }: Url): boolean {
  const port = text.slice(colon + 1, authorityEnd);
  if (!/^\d{0,5}[\])}.,;:]*$|^(?:port|\$?\{?\w*port\}?|<port>)$/i.test(port)) return false;
  return lastAt === -1 || WEB.test(scheme) || /^\d/.test(text.slice(lastAt + 1, lastAt + 2));
}

/** Masks user and password. A user alone is shown if it is a name, as in `ssh://git@host`. */
function maskUserInfo(text: string, url: Url, spans: Spans): void {
  if (url.colon !== -1 && url.colon < url.hostAt) {
    const query = text.slice(url.authorityEnd, url.lastAt).includes('?');
    const last = url.lastAt > url.hostAt && !query ? url.lastAt : url.hostAt;
    spans.add(url.begin, last);
    return;
  }
  const user = text.slice(url.begin, url.hostAt);
  const isMixed = /^https?$/i.test(url.scheme) && /^\w{8,}$/.test(user) && /\d[A-Za-z]/.test(user);
  if (isMixed || user.split(/[-_.~%]/).some(isRandomWord) || /^[0-9a-f]{16,}$/i.test(user))
    spans.add(url.begin, url.hostAt);
}

/** Masks a password with unescaped `/`, `?`, `#` or white space: up to the last `@` that can belong to it. */
function maskOddPassword(text: string, url: Url, start: number, spans: Spans): number {
  let last = url.lastAt;
  const outer = text.charCodeAt(start - 1);
  let words = 0;
  for (let at = url.end; last === -1 && at < text.length && at < url.end + REACH; at++) {
    const code = text.charCodeAt(at);
    if (isLineEnd(code) || (isQuote(outer) && code === outer)) break;
    if (isSpace(code) && ++words > (isQuote(outer) ? 8 : 3)) break;
    if (code === 64 && !isSpace(text.charCodeAt(at - 1)) && !isSpace(text.charCodeAt(at + 1))) last = at;
  }
  if (last !== -1) {
    spans.add(url.begin, last);
    return Math.max(url.end, last);
  }
  // the host is missing, or was cut off
  const password = text.slice(url.colon + 1, url.authorityEnd);
  if (isRandomWord(password)) spans.add(url.begin, url.authorityEnd);
  return url.end;
}

function maskHooks(text: string, url: Url, spans: Spans): void {
  // up to the end of a segment: half a secret must not be shown
  const last = Math.min(url.end, runEnd(text, url.authorityEnd + MAX_PATH, WORD, 400));
  const path = text.slice(url.authorityEnd, last);
  const hook = HOOKS.exec(path);
  if (hook === null && !text.startsWith('hc-ping.', url.begin)) return;
  const begin = hook === null ? 0 : hook.index + hook[0].length - 1;
  let at = url.authorityEnd + begin;
  for (const segment of path.slice(begin).split(/([/?#&=])/)) {
    const word = segment.replace(/[^\w-].*$/, '');
    if (isRandomWord(word)) spans.add(at, at + segment.length);
    at += segment.length;
  }
}
