import { skipSpaces, trimmedEnd, wordEnd } from './characters.ts';
import { each, eachPlace } from './each.ts';
import { maskKeyMembers } from './json-web-key.ts';
import { maskLogins } from './logins.ts';
import type { Passage } from './passage.ts';
import { hasRandomWord, isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';
import { maskSql } from './sql.ts';
import { closeOf, quoteAt } from './values.ts';

/** undici's message for a header with a line break in its value: `Headers.append: "x y" is an invalid header value.` */
const INVALID_HEADER = /"([^"]*)" is an invalid header/g;

/** How Redis quotes the arguments of an unknown command. */
const ARGUMENTS = 'with args beginning with:';

const SENSITIVE_COMMAND = /(?:auth|hello|acl|config|migrate|replicaof|sentinel|eval|set)\b/i;

/** `AUTH` of Redis and SMTP, only in capitals because many sentences contain `auth`; `set auth` of memcached. */
const AUTH =
  /(?:(?<![\w-])|(?<=\\n))(?:334 (?:VXNlcm5hbWU6|UGFzc3dvcmQ6)|(?:set auth(?: \d+){0,3}|AUTH2?|SETUSER|REQUIREPASS|requirepass|masterauth|MASTERAUTH)(?![\w-]))/g;

const MECHANISM =
  /^(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM-MD5|DIGEST-MD5|NTLM|GSSAPI|SCRAM-SHA-\d+(?:-PLUS)?|EXTERNAL)$/;

const PEM =
  /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|-----BEGIN OPENVPN STATIC KEY V1-----|Private-Lines: \d+/g;

/** What ends a key in PEM, and in PuTTY's format. */
const PEM_END = /-----END|Private-MAC/g;

/** Masks secrets in the formats of protocols: PEM, SQL, Redis, SMTP, SASL, header errors. */
export function maskProtocols(passage: Passage): void {
  const { text, spans } = passage;
  maskPem(text, spans);
  maskKeyMembers(text, spans);
  each(INVALID_HEADER, text, (match, end) => {
    spans.add(match.index + 1, match.index + 1 + (match[1] as string).length);
    return end;
  });
  maskLogins(text, spans);
  maskSql(passage);
  maskArguments(text, spans);
  each(AUTH, text, (match, end) => maskAuth(passage, end, match[0].startsWith('334')));
}

function maskPem(text: string, spans: Spans): void {
  each(PEM, text, (_match, begin) => {
    PEM_END.lastIndex = begin;
    const end = PEM_END.exec(text)?.index ?? text.length;
    spans.add(begin, end);
    return end;
  });
}

/** Masks the arguments of an unknown command: all of them if the command carries secrets, otherwise the random ones. */
function maskArguments(text: string, spans: Spans): void {
  eachPlace(ARGUMENTS, text, (at) => {
    const isSensitive = SENSITIVE_COMMAND.test(text.slice(Math.max(0, at - 60), at));
    const first = at + ARGUMENTS.length;
    const stop = argumentsEnd(text, first);
    for (let from = skipSpaces(text, first); from < stop; from = skipSpaces(text, from)) {
      const quote = quoteAt(text, from);
      const begin = quote === undefined ? from : quote.from;
      const end = quote === undefined ? wordEnd(text, from) : closeOf(text, quote);
      const value = text.slice(begin, Math.min(end, begin + 400)).replace(/,$/, '');
      if (value !== '' && (isSensitive || hasRandomWord(value))) spans.add(begin, end);
      from = Math.max(end + 1, from + 1);
      while (text[from] === ',') from++;
    }
    return stop;
  });
}

/** Where the arguments end: at the end of the line, but after no more than Redis quotes. */
function argumentsEnd(text: string, first: number): number {
  const last = Math.min(text.length, first + 1_000);
  for (let at = first; at < last; at++) if (text[at] === '\n') return at;
  return last;
}

/** What separates the arguments of `AUTH`, in printed lists and in the protocol of Redis too. */
const GAP = /(?:[\s"'`,[>(]|\\[rn]|\$\d{1,3}(?=\\r|\r)){0,16}/y;

/** Where an argument ends; line breaks may be escaped. */
function argumentEnd(text: string, start: number): number {
  const end = wordEnd(text, start, 4_000);
  const length = text.slice(start, end).search(/\\[rn]/);
  return length === -1 ? end : start + length;
}

/** Masks what follows `AUTH`: a mechanism and Base64, or a user and a password. */
function maskAuth(passage: Passage, from: number, challenged: boolean): number {
  const { text, spans } = passage;
  let at = from;
  let isSasl = challenged;
  for (let count = 0; count < 10; count++) {
    GAP.lastIndex = at;
    const start = at + (GAP.exec(text)?.[0].length ?? 0);
    if (passage.isMarkedHarmless(start)) return at;
    const end = argumentEnd(text, start);
    if (end === start) return at;
    if (count === 0) passage.markHarmless(start, end);
    const word = text.slice(start, trimmedEnd(text, start, end));
    at = end;
    if (MECHANISM.test(word)) isSasl = true;
    else if (isRandomWord(word) || /[a-z]\d|\d[a-z]/i.test(word) || (isSasl && isBase64(word)))
      spans.add(start, start + word.length);
    else if (!isSasl && (count > 1 || word.length > 100 || /[^\w.@*~+-]/.test(word))) return from;
  }
  return at;
}

function isBase64(word: string): boolean {
  if (/^[A-Za-z0-9+/]{2,}={1,2}$/.test(word)) return true;
  return /^(?:[A-Za-z0-9+/]{4})+$/.test(word) && /[A-Z]/.test(word.slice(1)) && /[a-z]/.test(word);
}
