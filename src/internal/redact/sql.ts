import { trimmedEnd, wordBefore, wordEnd } from './characters.ts';
import { each, eachPlace } from './each.ts';
import { type Passage, SECRET_COLUMN } from './passage.ts';
import { isMixed } from './prose.ts';
import { maskRandomWords } from './random-words.ts';
import { isHarmless, isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';
import { closeOf, quoteAt } from './values.ts';

const IDENTIFIED =
  /\bidentified\s{1,3}(?:with\s{1,3}\S{1,40}\s{1,3})?(?:by|as|using)(?:\s{1,3}password)?\s{1,3}(?=\S)/gi;

const ALGORITHM =
  /^(?:sha\d+|md5|(?:caching_)?sha\d+(?:_password)?|mysql_\w+|scram\S*|ed25519|native|pam|plugin|kerberos|unix_socket)$/i;

const PASSWORD_FOR =
  /\bpassword\s{1,3}(?:for\s{1,3}\S{1,80}\s{0,3}=?\s{0,3}|=\s{0,3}|to\s{1,3})?(?:(?:old_)?password\s{0,2}\(\s{0,2})?(?=(?:[ENB]|U&)?['"]|\$)/gi;

/** Names of functions that take secrets, and of procedures. */
const FUNCTION = /crypt|hmac|passw|connect|pdo|construct|sequelize|log_?in|auth|credential|secret|token/i;
const PROCEDURE = /\bsp_(?:addlogin|password)\s/gi;

/** The parameters that an ORM logs with a statement: `params: …`, `-- PARAMETERS: […]`. */
const PARAMETERS =
  /(?<![\w.-])(?:(?:param(?:eter)?s?|bind(?:ing)?s|values)\\{0,3}["'`]?\s{0,3}[:=]|binding parameter .{1,40} <?-)\s{0,3}(?=\S)/gi;

/** Masks the passwords that SQL statements set, and the parameters of such statements. */
export function maskSql(passage: Passage): void {
  const { text, spans } = passage;
  each(IDENTIFIED, text, (_match, end) => {
    const close = maskLiteral(text, end, true, spans);
    const replaced = /^["']?\s{1,3}replace\s{1,3}/i.exec(text.slice(close, close + 16));
    return replaced === null ? close : maskLiteral(text, close + replaced[0].length, true, spans);
  });
  each(PASSWORD_FOR, text, (_match, end) => maskLiteral(text, end, false, spans));
  maskCalls(text, spans);
  each(PROCEDURE, text, (_match, begin) => maskLiterals(text, begin, spans));
  each(PARAMETERS, text, (_match, begin) => maskParameters(passage, begin));
}

/** Masks the parameters of a statement: all if it is about passwords, the random ones if it is about other secrets. */
function maskParameters(passage: Passage, begin: number): number {
  const { text, spans, statement } = passage;
  if (statement === 'none') return begin;
  const { from, end } = extentAt(passage, begin);
  if (statement === 'password' && !isHarmless(text.slice(from, Math.min(end, from + 200)), 3))
    spans.add(from, end);
  else maskRandomWords(text, from, Math.min(end, from + 2_000), spans);
  return end;
}

/** The extent of the parameters: a string, a list in brackets, or the rest of the line. */
function extentAt(passage: Passage, begin: number): { from: number; end: number } {
  const quote = quoteAt(passage.text, begin);
  if (quote !== undefined) return { from: quote.from, end: closeOf(passage.text, quote) };
  if ('[({'.includes(passage.text[begin] as string))
    return { from: begin + 1, end: passage.closingOf(begin) };
  return { from: begin, end: passage.lineEnd(begin) };
}

/** Masks the literals in `crypt('…', '…')`, `auth.basic('…', '…')`, `(name, password) VALUES ('…', '…')`. */
function maskCalls(text: string, spans: Spans): void {
  eachPlace('(', text, (at) => {
    const name = wordBefore(text, text[at - 1] === ' ' ? at - 1 : at);
    const isSecret =
      FUNCTION.test(name) || (name === 'values' && SECRET_COLUMN.test(text.slice(Math.max(0, at - 200), at)));
    return isSecret ? maskLiterals(text, at + 1, spans) : at;
  });
}

/** Masks the literals in parentheses that look random. Returns how far it has searched. */
function maskLiterals(text: string, begin: number, spans: Spans): number {
  const stop = Math.min(text.length, begin + 100);
  let at = begin;
  for (; at < stop && text[at] !== ')'; at++) {
    const quote = quoteAt(text, at);
    if (quote === undefined) continue;
    const close = closeOf(text, quote);
    const value = text.slice(quote.from, Math.min(close, quote.from + 200));
    if (isRandomWord(value) || isMixed(value)) spans.add(quote.from, close);
    at = close;
  }
  return at;
}

/** Masks an SQL literal: quoted, dollar-quoted, or, where Oracle allows it, bare. */
function maskLiteral(text: string, at: number, bare: boolean, spans: Spans): number {
  const prefix = /^(?:[ENRBX]|U&)?(?=')/i.exec(text.slice(at, at + 4))?.[0].length ?? 0;
  const quote = quoteAt(text, at + prefix);
  if (quote !== undefined) {
    const close = closeOf(text, quote);
    const value = text.slice(quote.from, Math.min(close, quote.from + 200));
    if (!isHarmless(value, 0) && !ALGORITHM.test(value)) spans.add(quote.from, close);
    return close;
  }
  const dollar = /^\$\w{0,20}\$/.exec(text.slice(at, at + 24))?.[0];
  if (dollar !== undefined) {
    const close = text.indexOf(dollar, at + dollar.length);
    const end = close === -1 ? text.length : close;
    spans.add(at + dollar.length, end);
    return end;
  }
  const end = wordEnd(text, at);
  const value = text.slice(at, trimmedEnd(text, at, Math.min(end, at + 200)));
  if (!bare || !isRandomWord(value)) return at;
  spans.add(at, at + value.length);
  return at + value.length;
}
