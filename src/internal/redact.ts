/** Put in the place of a credential. */
const MASK = '***';

/** The longest message that leaves a checker, in characters; what is over it is cut. */
export const MAX_TEXT_LENGTH = 1024;

/** Text is cut to this before it is searched, so that a checker that returns megabytes costs milliseconds. */
const MAX_SEARCHED_LENGTH = 16_384;

/** The same for all texts of one `details` together: the copy ends where this is used up. */
const MAX_SEARCHED_IN_DETAILS = 65_536;

/** How much of `details` is kept: enough to read at night, too little to harm. */
const MAX_DETAIL_DEPTH = 4;
const MAX_DETAIL_VALUES = 200;

const SECRET_WORD =
  '(?:pass(?:word|wd|phrase)|pwd|secret|token|credential|authorization|api[-_]?key|access[-_]?key|private[-_]?key|cookie)';

/** Where a URL begins. */
const URL_SCHEME = /[a-z][a-z0-9+.-]{0,30}:\/\//i;

/** `user:password@` without a scheme, as in `http//user:password@host` or `user:password@tcp(host)`. */
const BARE_CREDENTIALS = /[\w.+%-]{0,64}:(?!\/\/)[^\s@]{1,256}@/g;

/** SQL that sets a password: `PASSWORD 'x'`, `IDENTIFIED BY 'x'`. */
const SQL_CREDENTIALS =
  /\b(password|identified\s{1,3}(?:with\s{1,3}\S{1,40}\s{1,3})?(?:by|as))(\s{1,3})(?:"[^"]*(?:"|$)|'(?:[^']|'')*(?:'|$))/gi;

/** What undici says of a header with a line break in its value: `Headers.append: "x y" is an invalid header value.` */
const HEADER_CREDENTIALS = /"[^"]*" is an invalid header/gi;

/** Headers that are nothing but secret, to the end of the line: `Authorization: Digest a="b", c="d"`, `Cookie: a=b; c=d`. */
const SECRET_HEADERS = /\b(authorization|cookie)(\s{0,3}:\s{0,3})(?![\s"'\\])[^\r\n]+/gi;

/** `Authorization: Bearer x` and `Basic x`. */
const SCHEME_CREDENTIALS = /\b(bearer|basic)\s+[^\s"'<>]{4,}/gi;

/** A JSON Web Token, wherever it stands. */
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*)?/g;

/** `password=x`, `"client_secret": "x"`, `PGPASSWORD='x y'`, also where the closing quote was cut off. */
const KEYED_CREDENTIALS = new RegExp(
  `([\\w-]{0,40}${SECRET_WORD}[\\w-]{0,40}\\\\?["']?\\s{0,3}[=:]\\s{0,3})` +
    `("(?:[^"\\\\]|\\\\.)*(?:"|\\\\?$)|'(?:[^'\\\\]|\\\\.)*(?:'|\\\\?$)|[^\\s&]+)`,
  'gi',
);

/** Keys of details whose values are masked; `args` because ioredis tells of a failed login with `{ name: 'auth', args }`. */
const SECRET_KEY = new RegExp(`${SECRET_WORD}|^args$`, 'i');

/** The characters that forge log lines, move terminals and turn text around. */
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Takes credentials out of a text: user and password in URLs and in front of an `@`, `password=` and its kin,
 * passwords in SQL, bearer and basic tokens, JSON Web Tokens. It errs on the side of taking too much.
 *
 * @example redact('connect postgres://app:s3cret@db/app') // 'connect postgres://***@db/app'
 */
export function redact(text: string): string {
  return text
    .replace(/\S+/g, withoutUrlCredentials)
    .replace(BARE_CREDENTIALS, `${MASK}@`)
    .replace(SQL_CREDENTIALS, `$1$2'${MASK}'`)
    .replace(HEADER_CREDENTIALS, `"${MASK}" is an invalid header`)
    .replace(SECRET_HEADERS, `$1$2${MASK}`)
    .replace(SCHEME_CREDENTIALS, `$1 ${MASK}`)
    .replace(JSON_WEB_TOKEN, MASK)
    .replace(KEYED_CREDENTIALS, `$1${MASK}`);
}

/**
 * Of a word, `scheme://user:password@` up to the last `@`: an unescaped password may hold any of `/?#@"`. Not one
 * pattern for all of the text, which would look for an `@` anew behind each of many schemes.
 */
function withoutUrlCredentials(word: string): string {
  const end = word.lastIndexOf('@');
  const scheme = end === -1 ? null : URL_SCHEME.exec(word);
  if (scheme === null) return word;
  const begin = scheme.index + scheme[0].length;
  return begin > end ? word : `${word.slice(0, begin)}${MASK}${word.slice(end)}`;
}

/** A text from outside as it may be shown: on one line, without credentials, at most {@link MAX_TEXT_LENGTH} characters. */
export function cleanText(text: string): string {
  const line = head(text).replace(CONTROL_CHARACTERS, ' ');
  const safe = redact(line).trim();
  return safe.length > MAX_TEXT_LENGTH ? `${safe.slice(0, MAX_TEXT_LENGTH - 1)}…` : safe;
}

/** The start of a long text, without its last word: half a credential is one that no pattern recognises. */
function head(text: string): string {
  if (text.length <= MAX_SEARCHED_LENGTH) return text;
  const start = text.slice(0, MAX_SEARCHED_LENGTH);
  return `${start.slice(0, Math.max(start.lastIndexOf(' '), 0))} …`;
}

/**
 * A copy of a checker's `details` that is safe to print: plain JSON values, credentials removed (by key and
 * in text), circular references cut, bounded in depth, number and length. May throw what a hostile getter throws.
 */
export function cleanDetails(details: object): Record<string, unknown> {
  return new DetailsCopy().object(details, 1);
}

class DetailsCopy {
  #values = 0;
  #searched = 0;
  readonly #path = new Set<object>();

  object(source: object, depth: number): Record<string, unknown> {
    const copy: Record<string, unknown> = Object.create(null);
    this.#path.add(source);
    for (const key of Object.keys(source)) {
      if (this.#isFull()) break;
      const value: unknown = (source as Record<string, unknown>)[key];
      copy[this.#text(key)] = SECRET_KEY.test(key) ? MASK : this.#value(value, depth);
    }
    this.#path.delete(source);
    return Object.freeze(copy) as Record<string, unknown>;
  }

  #isFull(): boolean {
    return this.#values++ >= MAX_DETAIL_VALUES || this.#searched >= MAX_SEARCHED_IN_DETAILS;
  }

  #text(text: string): string {
    this.#searched += Math.min(text.length, MAX_SEARCHED_LENGTH);
    return cleanText(text);
  }

  #value(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value === 'boolean' || value === null || value === undefined) return value;
    if (typeof value !== 'object')
      return typeof value === 'function' ? '[function]' : this.#text(String(value));
    return this.#nested(value, depth);
  }

  #nested(value: object, depth: number): unknown {
    if (this.#path.has(value)) return '[circular]';
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof Error) return this.#text(String(value.message));
    if (ArrayBuffer.isView(value)) return '[bytes]';
    if (depth >= MAX_DETAIL_DEPTH) return Array.isArray(value) ? '[array]' : '[object]';
    return Array.isArray(value) ? this.#array(value, depth + 1) : this.object(value, depth + 1);
  }

  #array(source: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = [];
    this.#path.add(source);
    for (const value of source) {
      if (this.#isFull()) break;
      copy.push(this.#value(value, depth));
    }
    this.#path.delete(source);
    return Object.freeze(copy) as unknown[];
  }
}
