import { isDigit, isLower, isUpper } from './characters.ts';
import { type Words, words } from './words.ts';

/**
 * How common each pair of letters is in English and in identifiers, from 0 to 9: a row for the first letter, a column for the
 * second. Random letters would score 5.
 */
const PAIRS: readonly string[] = [
  '26761462615868061878554353',
  '62216000520621510552500030',
  '71527007606621821647510040',
  '62248232720422620552532030',
  '74786653422768464987354641',
  '50116500700510600424500030',
  '51117135500425410642500021',
  '60017000600332610425400030',
  '65767660213769861677260405',
  '30004000200000410030300000',
  '32026110500213210051200010',
  '72358321802721730155531070',
  '74127100700352660142500030',
  '72777582724335631278441041',
  '55663451424679660866756331',
  '71227025601621750755500030',
  '00000000000100000000500000',
  '83559352805465740576543060',
  '62628316704443662278613140',
  '72428327900532720776603160',
  '55545350501657250766000211',
  '50007000600000400010100000',
  '51015004500204500441000000',
  '30304001400010050004100110',
  '32214110300333340142002000',
  '30005000300000200000000011',
];

/** Technical terms whose letters do not look like words. */
const JARGON: Words = words(
  'webhook webhooks mysqld psqlrc htpasswd kubectl pgbouncer nginx grpc grpcs https sqlite sqlstate pgsql plpgsql jdbc odbc libpq rsync systemd mkdir fsync epoll wrongpass noauth nxdomain servfail econnrefused econnreset enotfound etimedout ehostunreach epipe eaddrinuse xmlhttp jsonwebtoken sha hmac scram ecdsa eddsa pbkdf bcrypt scrypt pkcs oauth openid ldaps smtps imaps amqps mqtts rediss mongodb cqlsh zlib gzip bzip utf ascii latin http xml jsonb uuid ulid ksuid',
);

const HEX = /^(?:0x)?[0-9a-f]+$|^(?:0x)?[0-9A-F]+$/;

/** Well-known names with digits in the middle: `v1beta2`, `log4j2`, `x509v3`. */
const KNOWN_MIX = /^(?:v\d+[a-z]{1,6}\d+|log4j2|x509v\d|secp\d+[kr]\d|[a-z]+\d+x\d+|utf16le)$/i;

function pairScore(letters: string): number {
  let sum = 0;
  for (let at = 1; at < letters.length; at++) {
    const row = PAIRS[letters.charCodeAt(at - 1) - 97] as string;
    sum += row.charCodeAt(letters.charCodeAt(at) - 97) - 48;
  }
  return sum / (letters.length - 1);
}

/** The score of a change from one word to the next, as in camelCase: random letters have many. */
const SCORE_OF_SEAM = 3;

/** The score of a pair of letters in a word of {@link JARGON}. */
const SCORE_OF_JARGON = 6;

/** The score of digits between letters. */
const SCORE_OF_DIGITS = 1;

/** Where the word that begins at `from` ends: at a digit, or where camelCase begins another word. */
function wordEndIn(text: string, from: number): number {
  let at = from;
  while (isUpper(text.charCodeAt(at))) at++;
  // the last of several capitals begins the next word: URLParser
  if (at - from > 1 && isLower(text.charCodeAt(at))) return at - 1;
  while (isLower(text.charCodeAt(at))) at++;
  return at;
}

/** Statistics of a run of letters and digits. */
interface Look {
  /** The sum over all pairs of letters, seams and digits between letters. */
  score: number;
  pairs: number;
  letters: number;
  digitRuns: number;
}

function addWord(look: Look, word: string, afterWord: boolean): void {
  const pairs = word.length - 1;
  if (pairs > 0) look.score += (JARGON.has(word) ? SCORE_OF_JARGON : pairScore(word)) * pairs;
  look.pairs += pairs;
  look.letters += word.length;
  if (!afterWord) return;
  look.score += SCORE_OF_SEAM;
  look.pairs++;
}

function lookAt(text: string): Look {
  const look: Look = { score: 0, pairs: 0, letters: 0, digitRuns: 0 };
  let at = 0;
  while (at < text.length) {
    const start = at;
    while (isDigit(text.charCodeAt(at))) at++;
    if (at === start) {
      at = wordEndIn(text, at);
      addWord(look, text.slice(start, at).toLowerCase(), start > 0 && !isDigit(text.charCodeAt(start - 1)));
      continue;
    }
    look.digitRuns++;
    if (start === 0 || at === text.length) continue;
    look.score += SCORE_OF_DIGITS;
    look.pairs++;
  }
  return look;
}

/** The lowest mean score of a harmless run: short runs vary more than long ones. */
function leastScore({ letters, digitRuns }: Look, length: number): number {
  if (digitRuns > 1) return 5.2;
  if (digitRuns === 1 && length > 7) return 4.9;
  return letters < 7 ? 4 : letters < 9 ? 4.6 : 5;
}

/**
 * Whether a run of six or more letters and digits (ASCII only) looks random. Hexadecimal does not count: commit hashes and
 * trace ids are not secret.
 */
export function isRandomRun(text: string): boolean {
  if (text.length < 6 || HEX.test(text) || KNOWN_MIX.test(text)) return false;
  const look = lookAt(text);
  if (look.digitRuns > 2) return true;
  if (look.pairs === 0) return look.digitRuns > 1;
  return look.score / look.pairs < leastScore(look, text.length);
}
