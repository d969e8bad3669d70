import { IN_ADDRESS, runEnd, runStart } from './characters.ts';
import { eachPlace } from './each.ts';
import { isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';

/** Words before the colon of an address that are not users: `mailto:ops@example.com`. */
const NO_USER =
  /^(?:mailto|xmpp|sips?|im|acct|from|to|cc|bcc|reply-to|sender|smtp|email|mail|user|tel|nats|jid|urn|npm|git|pkg|docker|image|sha\d+)$/i;

/** All but the last host of a list of addresses: `a@example.com,b`. */
const ADDRESSES = /^[\w.+-]+(?:@[\w.-]+[,;][\w.+-]+)+$/;

const MAX_WORD = 2_000;

/** The longest password in quotes that is searched for. */
const MAX_PASSWORD = 100;

/** Masks `user:password@host` and `user/password@host` without a scheme; reads each run of characters once. */
export function maskAtSigns(text: string, spans: Spans): void {
  eachPlace('@', text, (at, from) => {
    const start = Math.max(from, runStart(text, at, IN_ADDRESS, MAX_WORD));
    const end = runEnd(text, at, IN_ADDRESS, MAX_WORD);
    const word = text.slice(start, end);
    if (!word.includes('://')) maskWord(word, start, spans);
    if (text[at - 1] === '"') maskQuotedPassword(text, at - 1, spans);
    return end;
  });
}

/** `app/"password"@db`, as Oracle accepts passwords with special characters. */
function maskQuotedPassword(text: string, close: number, spans: Spans): void {
  const open = text.lastIndexOf('"', close - 1);
  if (open > close - MAX_PASSWORD && text[open - 1] === '/') spans.add(open + 1, close);
}

/** Where the name of the user begins, after `next=`, `(` or `//`. */
function userStart(word: string, colon: number): number {
  for (let at = colon; at > 0; at--) if ('=?&,;([{/|'.includes(word[at - 1] as string)) return at;
  return 0;
}

/** Masks the credentials of one run of characters that has an `@` and begins at `start`. */
export function maskWord(word: string, start: number, spans: Spans): void {
  const last = word.lastIndexOf('@');
  const colon = word.indexOf(':');
  if (colon !== -1) {
    const begin = userStart(word, colon);
    if (isPassword(word, begin, colon, last)) {
      spans.add(start + begin, start + last);
      return;
    }
  }
  maskOracle(word, start, last, spans);
}

function isPassword(word: string, begin: number, colon: number, last: number): boolean {
  const user = word.slice(begin, colon);
  const password = word.slice(colon + 1, last);
  if (/^(?:sha\d+|md5):/i.test(word.slice(last + 1))) return false;
  if (colon === 0) return password.length > 2;
  if (
    NO_USER.test(user) &&
    (!/[:@]/.test(password) || ADDRESSES.test(password)) &&
    !(/^(?:user|git|docker)$/i.test(user) && isRandomWord(password))
  )
    return false;
  // an @ within the password; scoped packages and digests have one too
  if (/^[^/]+@[^/@]+$/.test(password) && /[^\w.@-]|\d[A-Za-z]|[A-Za-z]\d/.test(password)) return true;
  return (
    isRandomWord(password) || /[a-z]\d[a-z]|[!$%^&*#?]/i.test(password.replace(/\d(?:ms|s|m|h|d)\b/g, ''))
  );
}

/** `app/password@db`, as Oracle's tools and drivers accept it. */
function maskOracle(word: string, start: number, last: number, spans: Spans): void {
  const slash = word.lastIndexOf('/', last - 1);
  if (slash <= 0 || /^v?\d/.test(word.slice(last + 1))) return;
  const hasUser = /(?:^|[=([{,;|])[\w$]+$/.test(word.slice(0, slash));
  const password = word.slice(slash + 1, last);
  const isOracle = /^jdbc:oracle:/i.test(word);
  if (isOracle || (hasUser && isRandomWord(password))) spans.add(start + slash + 1, start + last);
}
