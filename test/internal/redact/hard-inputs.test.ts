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

const SIZE = 20_000;

/** 100 ns a character is the goal on an idle machine. The bound is twenty times that, and catches what is quadratic. */
const MAX_MS = SIZE * 0.002 + 40;

function duration(pattern: string): number {
  const text = pattern.repeat(Math.ceil(SIZE / pattern.length)).slice(0, SIZE);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3 && best > MAX_MS / 4; round++) {
    const started = performance.now();
    redact(text);
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** Breeds patterns that take long: the slowest are changed by one atom, again and again. */
function slowest(seed: number, generations: number): { pattern: string; ms: number } {
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
    found.push({ atoms, ms: duration(atoms.join('')) });
    found.sort((a, b) => b.ms - a.ms);
    found.length = Math.min(found.length, 30);
  }
  const [worst] = found;
  return { pattern: (worst?.atoms ?? []).join(''), ms: worst?.ms ?? 0 };
}

suite('the time of redaction is linear', () => {
  test.each([1, 2, 3])('no input found by search takes longer than its length allows (seed %i)', (seed) => {
    const { pattern, ms } = slowest(seed, 250);
    expect(ms, JSON.stringify(pattern)).toBeLessThan(MAX_MS);
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
  ])('%j over and over takes four times as long for four times the length', (pattern) => {
    const time = (size: number): number => {
      const text = pattern.repeat(Math.ceil(size / pattern.length));
      const times = [1, 2, 3].map(() => {
        const started = performance.now();
        redact(text);
        return performance.now() - started;
      });
      return Math.min(...times);
    };
    // quadratic would be sixteen times
    expect(time(120_000)).toBeLessThan(time(30_000) * 12 + 40);
  });
});
