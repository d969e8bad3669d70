import { skipSpaces, trimmedEnd, wordEnd } from './characters.ts';
import { each, eachPlace } from './each.ts';
import { maskKeyMembers } from './json-web-key.ts';
import type { Passage } from './passage.ts';
import { isRandomWord } from './remarks.ts';
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
  /(?<![\w-])(?:334 (?:VXNlcm5hbWU6|UGFzc3dvcmQ6)|(?:set auth(?: \d+){0,3}|AUTH2?|SETUSER|REQUIREPASS|requirepass|masterauth|MASTERAUTH)(?![\w-]))/g;

const MECHANISM =
  /^(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM-MD5|DIGEST-MD5|NTLM|GSSAPI|SCRAM-SHA-\d+(?:-PLUS)?|EXTERNAL)$/;

/** SASL PLAIN: an identity, which may be empty, a NUL, the user, a NUL, the password. */
const SASL_PLAIN = /(?:\0|\\0|\\u0000|\\x00)[^\0\\\s]{1,200}(?:\0|\\0|\\u0000|\\x00)([^\0\s"']{1,400})/g;

/** `login app:x`, `user app/x`: a user and a password. */
const LOGIN = /\b(?:log[io]n|user(?:name)?|as|sign-?in)\s{1,3}[\w.-]{1,64}[:/](\S{6,200})/gi;

/** The login command of IMAP. */
const IMAP = /(?<![\w-])LOGIN "?[\w.@+-]{1,64}"? "?([^\s"']{6,200})/g;

/** A line of `.pgpass`, after the host: port, database, user, password. */
const PGPASS = /(?<=[\w.*-]):(?:\d{1,5}|\*):[\w*$-]{1,64}:[\w*$.-]{1,64}:(\S{4,200})/g;

/** The text of a QR code for a wireless network. */
const WIFI = /\bWIFI:[^\n]{0,80}?;P:([^;\n]{4,64})/g;

const PEM =
  /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|-----BEGIN OPENVPN STATIC KEY V1-----/g;

/** Masks secrets in the formats of protocols: PEM, SQL, Redis, SMTP, SASL, header errors. */
export function maskProtocols(passage: Passage): void {
  const { text, spans } = passage;
  maskPem(text, spans);
  maskKeyMembers(text, spans);
  each(INVALID_HEADER, text, (match, end) => {
    spans.add(match.index + 1, match.index + 1 + (match[1] as string).length);
    return end;
  });
  for (const pattern of [SASL_PLAIN, WIFI]) {
    each(pattern, text, (match, end) => {
      spans.add(end - (match[1] as string).length, end);
      return end;
    });
  }
  for (const pattern of [LOGIN, IMAP, PGPASS]) {
    each(pattern, text, (match, end) => {
      const start = end - (match[1] as string).length;
      const secret = text.slice(start, trimmedEnd(text, start, end));
      if (isRandomWord(secret)) spans.add(start, start + secret.length);
      return end;
    });
  }
  maskSql(passage);
  maskArguments(text, spans);
  each(AUTH, text, (match, end) => maskAuth(passage, end, match[0].startsWith('334')));
}

function maskPem(text: string, spans: Spans): void {
  each(PEM, text, (_match, begin) => {
    const stop = text.indexOf('-----END', begin);
    const end = stop === -1 ? text.length : stop;
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
      if (value !== '' && (isSensitive || value.split(/\s+/, 20).some(isRandomWord))) spans.add(begin, end);
      from = Math.max(end + 1, from + 1);
      while (text[from] === ',') from++;
    }
    return stop;
  });
}

/** Where the arguments end: with the line, at the latest after as much as Redis quotes. */
function argumentsEnd(text: string, first: number): number {
  const last = Math.min(text.length, first + 1_000);
  for (let at = first; at < last; at++) if (text[at] === '\n') return at;
  return last;
}

/** Masks what follows `AUTH`: a mechanism and Base64, or a user and a password. */
function maskAuth(passage: Passage, from: number, challenged: boolean): number {
  const { text, spans } = passage;
  let at = from;
  let isSasl = challenged;
  for (let count = 0; count < 10; count++) {
    let start = skipSpaces(text, at, 8);
    while ('"\'`,[>('.includes(text[start] ?? '?')) start++;
    if (passage.isCalm(start)) return at;
    const end = wordEnd(text, start, 4_000);
    if (end === start) return at;
    if (count === 0) passage.calm(start, end);
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
