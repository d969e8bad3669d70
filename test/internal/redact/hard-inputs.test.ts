import { expect, describe as suite, test } from 'vitest';
import { redact } from '../../../src/internal/redact/redact.ts';
import { seeded } from '../../helpers/random.ts';

/** What the search stumbles over, if over anything: names, separators, quotes, brackets, marks of protocols. */
const ATOMS: readonly string[] = [
  ...'password token key secret auth authorization cookie code basic bearer session sig state name value user for is the of with as AUTH PLAIN set'.split(
    ' ',
  ),
  ...'= : " \' \\ { } [ ] ( ) < > / @ % ; , . - _ # ? + * | & $'.split(' '),
  ...['\\"', '://', '=>', '%3a', '%22', '&quot;', '\\u0022', ' ', '\n', '\0', '\u200b', 'é', ': ', ' = '],
  ...[
    'A',
    '1',
    'Aa1',
    'a1b2c3d4',
    'k3Xq9ZmB2v',
    'identified by ',
    'curl ',
    '-u',
    '-p',
    'redis-cli ',
    'mysql',
  ],
  ...[
    'with args beginning with:',
    '-'.repeat(5),
    'BEGIN PRIVATE KEY',
    'ey',
    'J',
    'http',
    'VALUES (',
    'crypt(',
  ],
  ...['hook/', 'app:', 'x@y', 'is not a valid ', 'as ', ':1:', '- ', '>-\n', 'replace ', 'rn:'],
];

const SIZE = 30_000;

/**
 * How many times longer than an ordinary text with secrets the worst may take. What is quadratic takes hundreds of
 * times as long at this length.
 */
const MAX_RATIO = 20;

/** Milliseconds that this process computed, whatever else the machine does meanwhile: the least of three rounds. */
function cpuMs(text: string, enough = 0): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3 && least > enough; round++) {
    const before = process.cpuUsage();
    redact(text);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function repeated(pattern: string, size: number): string {
  return pattern.repeat(Math.ceil(size / pattern.length)).slice(0, size);
}

/** What is allowed for a text of {@link SIZE} characters. */
function limitMs(): number {
  const ordinary = repeated(
    'connect to postgres://app:x7Kq2mZ9@db/app failed, password=k3Xq9ZmB2v (attempt 2). ',
    SIZE,
  );
  cpuMs(ordinary);
  return cpuMs(ordinary) * MAX_RATIO + 20;
}

/** Breeds patterns that take long: the slowest are changed by one atom, again and again. */
function slowest(seed: number, generations: number, enoughMs: number): { pattern: string; ms: number } {
  const random = seeded(seed);
  const pick = (): string => ATOMS[Math.floor(random() * ATOMS.length)] as string;
  const found: { atoms: string[]; ms: number }[] = [];
  for (let count = 0; count < generations; count++) {
    const parent = found[Math.floor(random() * Math.min(found.length, 12))];
    const atoms =
      parent === undefined || random() < 0.3
        ? Array.from({ length: 1 + Math.floor(random() * 5) }, pick)
        : parent.atoms.with(Math.floor(random() * parent.atoms.length), pick());
    if (random() < 0.3) atoms.push(pick());
    found.push({ atoms, ms: cpuMs(repeated(atoms.join(''), SIZE), enoughMs) });
    found.sort((a, b) => b.ms - a.ms);
    found.length = Math.min(found.length, 30);
  }
  const [worst] = found;
  return { pattern: (worst?.atoms ?? []).join(''), ms: worst?.ms ?? 0 };
}

suite('the time of redaction is linear', () => {
  test.each([1, 2])('no input found by search takes longer than its length allows (seed %i)', (seed) => {
    const limit = limitMs();
    const { pattern, ms } = slowest(seed, 80, limit / 4);
    expect(ms, JSON.stringify(pattern)).toBeLessThan(limit);
  });

  test.each([
    'password="',
    "password='\\",
    'authorization: ',
    'code=',
    '{"password":{',
    'a://',
    'x@a://',
    '"name":"password"',
    'with args beginning with: ',
    'basic>\\[',
    'key:1:',
    'token a1b2c3x9, ',
    "identified by 'x' replace ",
    'AUTH;',
  ])('%j over and over takes no more than its length explains', (pattern) => {
    const short = cpuMs(repeated(pattern, 30_000));
    // quadratic would be sixteen times
    expect(cpuMs(repeated(pattern, 120_000))).toBeLessThan(short * 10 + 40);
  });
});
