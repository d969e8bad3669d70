import { trimmedEnd } from './characters.ts';
import { each, maskGroups } from './each.ts';
import { isMixed } from './prose.ts';
import { isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';

/** Fixed forms: the group at the end is always a secret, whatever it looks like. */
const CERTAIN: readonly RegExp[] = [
  // SASL PLAIN: an identity, which may be empty, a NUL, the user, a NUL, the password
  /(?:\0|\\0|\\u0000|\\x00)[^\0\\\s]{1,200}(?:\0|\\0|\\u0000|\\x00)([^\0\s"']{1,400})/g,
  // the proof of SCRAM (RFC 5802)
  /\bc=[\w+/=]{1,100},r=[^,\s]{1,200},p=([\w+/=]{1,200})/g,
  // the login command of IMAP, with its tag
  /\b[A-Za-z]{0,4}\d{1,6} LOGIN "?[\w.@+-]{1,64}"? "([^"\r\n]{1,200})(?=")/g,
  // the text of a QR code for a wireless network
  /\bWIFI:[^\n]{0,80}?;P:([^;\n]{4,64})/g,
  // a line of a cookie jar: domain, subdomains, path, secure, expiry, name, value
  /\t(?:TRUE|FALSE)\t\S{1,200}\t(?:TRUE|FALSE)\t\d{1,12}\t\S{1,100}\t(\S{1,400})/g,
  // a query of InfluxDB
  /[?&]u=[^&\s]{1,100}&p=([^&\s"']{1,200})/g,
];

/** Forms that other text has too: the group at the end is a secret only if it looks random. */
const LIKELY: readonly RegExp[] = [
  // `login app:x`, `user app/x`
  /\b(?:log[io]n|user(?:name)?|as|sign-?in)\s{1,3}[\w.-]{1,64}[:/](\S{6,200})/gi,
  // the login commands of IMAP, FTP and IRC
  /(?<![\w-])LOGIN "?[\w.@+-]{1,64}"? "?([^\s"']{6,200})/g,
  /(?<![\w-])(?:PASS|IDENTIFY)\s(?:[\w.@-]{1,64}\s)?(\S{6,200})/g,
  // a line of `.pgpass`, after the host: port, database, user, password
  /(?<=[\w.*-]):(?:\d{1,5}|\*):[\w*$-]{1,64}:[\w*$.-]{1,64}:(\S{4,200})/g,
];

/** Masks the passwords of logins, in the fixed forms of protocols and files. */
export function maskLogins(text: string, spans: Spans): void {
  for (const pattern of CERTAIN) maskGroups(pattern, text, spans);
  for (const pattern of LIKELY) {
    each(pattern, text, (match, end) => {
      const start = end - (match[1] as string).length;
      const secret = text.slice(start, trimmedEnd(text, start, end));
      if (isRandomWord(secret) || isMixed(secret)) spans.add(start, start + secret.length);
      return end;
    });
  }
}
