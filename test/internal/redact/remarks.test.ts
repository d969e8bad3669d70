import { expect, describe as suite, test } from 'vitest';
import {
  isHarmless,
  isPlaceholder,
  isPlainWord,
  isProse,
  isRandomWord,
  isRemarkWord,
} from '../../../src/internal/redact/remarks.ts';

const F = 'k3Xq9ZmB2v';

suite('words with a random part', () => {
  test.each([
    'q7zk2m',
    `api-${F}`,
    `${F}.x`,
    `a/${F}`,
    `1.${F}`,
    // up to forty parts are looked at, however they are separated
    `${'a-'.repeat(39)}${F}`,
    `${'a..'.repeat(25)}${F}`,
    // long words are not remembered, and looked at all the same
    `${'a-'.repeat(24)}${F}-x`,
    `${'a-'.repeat(25)}${F}`,
    `${'a-'.repeat(26)}${F}`,
    // not the hash at the end of a name
    'q7zk2m9xvb-api',
    'api-q7zk2m9xvbz',
    'Api-q7zk2m9xvb',
    'api_q7zk2m9xvb',
    'api.q7zk2m9xvb',
    'xkqwzv-q7zk2m9xvb',
    '-q7zk2m9xvb',
  ])('%s has one', (word) => {
    expect(isRandomWord(word)).toBe(true);
  });

  test.each([
    'api-7d9f8b6c5-x2x9k',
    'api-q7zk2m9xvb',
    'api-x.q7zk2m9xvb',
    '550e8400-e29b-41d4-a716-446655440000',
    'short',
    'k3Xq9',
    'db-creds',
    '10.0.0.1:5432',
    `${'a-'.repeat(40)}${F}`,
  ])('%s has none', (word) => {
    expect(isRandomWord(word)).toBe(false);
  });

  test('are found again after a thousand others', () => {
    for (let index = 0; index < 1_100; index++) isRandomWord(`some-word-${index}`);
    expect(isRandomWord(F)).toBe(true);
    expect(isRandomWord('some-word-1')).toBe(false);
  });
});

suite('plain words', () => {
  test.each(['a', 'word', 'Word', "it's", "they're", 'well-known'])('%s is one', (word) => {
    expect(isPlainWord(word)).toBe(true);
  });

  test.each(['', 'w0rd', 'WORD', 'wOrd', 'a_b', 'a-b-c', "it'sab", 'xkqwzvbnjt', 'x-xkqwzvbnjt'])(
    '%j is none',
    (word) => {
      expect(isPlainWord(word)).toBe(false);
    },
  );
});

suite('placeholders', () => {
  test.each(
    '* *** xxx xxxx XXX XXXX .. ... … - -- ? $1 $12 $X $a.b %s %d %w% %NAME% < <hidden> [redacted] [redacted :name :n1 @name @v1 {{ (missing) (c'.split(
      ' ',
    ),
  )('%s', (value) => {
    expect(isPlaceholder(value)).toBe(true);
  });

  test.each([
    ['$', '{X}'].join(''),
    '{{ x }}',
    '<your password>',
    '[Object x]',
    '(not set',
    'process.env.X',
    'os.environ.get',
    'vault:secret/db',
    'op://vault/item',
    '/run/secrets/db',
    '/a dir/b',
    '~/x/y',
    '../a/b',
    'C:\\x/y',
  ])('%s, which refers to a value', (value) => {
    expect(isPlaceholder(value)).toBe(true);
  });

  test.each(
    'x xx . $ $123 $a-b %x <a.b> [1] (A) (k3X.9) :1a :na.b @1 @a.b ***x xxxk %sx a*** env/x xenv.X env. /run a/b /a/b! C/x/y'.split(
      ' ',
    ),
  )('%s is none', (value) => {
    expect(isPlaceholder(value)).toBe(false);
  });

  test.each(['env.X y', 'x /a/b', '%A B%', `/run/${F}`, `/${F}/x`, `/run/a-${F}`, 'C:'])(
    '%s is none, either',
    (value) => {
      expect(isPlaceholder(value)).toBe(false);
    },
  );
});

suite('single words that are remarks', () => {
  test.each(['expired', 'Expired.', '(expired)', "'expired'", '"vault"', 'user', '', '()', '.', 'not_set'])(
    '%j is one',
    (word) => {
      expect(isRemarkWord(word)).toBe(true);
    },
  );

  test.each(['hunter2', 'vaults', '***', '(*)', 'a_b', 'not.set'])('%j is none', (word) => {
    expect(isRemarkWord(word)).toBe(false);
  });

  // one of each line of the lists
  test.each(
    'undefined incorrect disabled mismatch hidden number scram-sha-256 basic xoauth2 strict must without expected tomorrow falsch user secret'.split(
      ' ',
    ),
  )('%s is one', (word) => {
    expect(isRemarkWord(word)).toBe(true);
  });

  test.each('not-set db_expired invalid_grant_type a_b_c_d_e_f_not'.split(' '))(
    '%s is one, made of several',
    (word) => {
      expect(isRemarkWord(word)).toBe(true);
    },
  );

  test.each('a_b a_b_c_d_e_f_g_not not_d1 not_1d in_xkqwzvbnjt'.split(' '))(
    '%s is none, made of several',
    (word) => {
      expect(isRemarkWord(word)).toBe(false);
    },
  );
});

suite('values that say nothing secret', () => {
  test.each(['', ' ', '***', '}', '..=', '=-', 'disabled', 'not set', '(missing) value', 'null', ' null '])(
    '%j',
    (value) => {
      expect(isHarmless(value, 3)).toBe(true);
    },
  );

  test.each(
    '12 123 -1 <5 ~12 +-3 12% 12ms 1.5s 12,5 10:00 1_000 91days 2hours 1hour 2minutes 1minute 9seconds 1second 12bytes v1 v15 v1.22.3 10.0.0.1:5432 2025-01-01 2025-01-01T10:00:00 2025-01-01T10:00:00Z 2025-01-01T10:00:00.123Z 2025-01-01T10:00:00+01:00 2025-01-01T10:00:00-0130'.split(
      ' ',
    ),
  )('%s, which is a fact', (value) => {
    expect(isHarmless(value, 3)).toBe(true);
  });

  test.each([
    'is too short',
    'wrong for user',
    'wrong  for',
    'missing a',
    'none of it',
    'is "a"',
    'valid until 2025-01-01',
    'expired 3 days ago',
    'expired dragon at',
    '91 days',
    '12 of 100',
  ])('%s, which is a sentence', (value) => {
    expect(isHarmless(value, 3)).toBe(true);
  });

  test('numbers up to so many digits', () => {
    expect(isHarmless('12345', 5)).toBe(true);
    expect(isHarmless('12345', 4)).toBe(false);
  });
});

suite('values that may be a secret', () => {
  test.each(['hunter2', 'dragon', '/k3Xq9ZmB2v', 'a$b', 'é', '=-=-'])('%j', (value) => {
    expect(isHarmless(value, 3)).toBe(false);
  });

  test.each(
    '1234 12abcd abcdef12 >=5 <<<5 xv15 v1x 2025-01-01T10:00:00X 2025-01-01T10:00:00+01:0 2025-01-01T10:00:00+0x:00 2025-01-01T10:00:00+01:x0 12025-01-01T10:00:00Z 5-01-01T10:00:00Z 2025-x1-01T10:00:00Z 2025-01-x1T10:00:00Z'.split(
      ' ',
    ),
  )('%s, which is no fact', (value) => {
    expect(isHarmless(value, 3)).toBe(false);
  });

  test.each([
    `is ${F}`,
    `is the ${F}`,
    `is${'  a'.repeat(15)}  ${F}`,
    'wrong hunter2',
    'correct horse',
    'valid dragon unicorn',
    '12 monkeys',
    '12 monkeys k3Xq9ZmB2v',
    '1234 of 10000',
  ])('%s, which is no sentence', (value) => {
    expect(isHarmless(value, 3)).toBe(false);
  });
});

suite('a word goes on as a sentence', () => {
  const goesOn = (text: string): boolean => isProse(text, 0, text.search(/ |$/));

  test.each(['denied for role', 'dragon is bad', "dragon isn't", 'rejected', 'expired:', 'only x'])(
    '%s',
    (text) => {
      expect(goesOn(text)).toBe(true);
    },
  );

  test.each(
    'dragon|dragon 12|dragon WORD|dragon user=a|dragon user: a|dragon, is|dragon; is|hunter2 is|word to=x|sing|red|sedan'.split(
      '|',
    ),
  )('%s does not', (text) => {
    expect(goesOn(text)).toBe(false);
  });
});
