import { expect, describe as suite, test } from 'vitest';
import {
  isHarmless,
  isPlaceholder,
  isPlainWord,
  isRandomWord,
} from '../../../src/internal/redact/remarks.ts';

const F = 'k3Xq9ZmB2v';

suite('words', () => {
  test.each([`api-${F}`, `${F}.x`, `a/${F}`, `1.${F}`])('%s has a random part', (word) => {
    expect(isRandomWord(word)).toBe(true);
  });

  test.each([
    'api-7d9f8b6c5-x2x9k',
    '550e8400-e29b-41d4-a716-446655440000',
    'short',
    'db-creds',
    '10.0.0.1:5432',
  ])('%s has none', (word) => {
    expect(isRandomWord(word)).toBe(false);
  });

  test.each(['word', 'Word', "don't", 'well-known'])('%s is plain', (word) => {
    expect(isPlainWord(word)).toBe(true);
  });

  test.each(['w0rd', 'WORD', 'a_b', '', 'xkqwzvbnjt'])('%j is not', (word) => {
    expect(isPlainWord(word)).toBe(false);
  });

  test.each([
    '',
    ' ',
    '***',
    '}',
    'disabled',
    'Expired.',
    'not set',
    '(missing)',
    '12',
    '91 days',
    '2025-01-01',
    '1.5s',
    'v1.2',
    ['$', '{X}'].join(''),
    '$X',
    '<hidden>',
    '[redacted]',
    '{{ x }}',
    '%s',
    'process.env.X',
    '/run/secrets/db',
    'is too short',
    'invalid_grant',
    'null',
    'scram-sha-256',
    '12 of 100',
  ])('%j says nothing secret', (value) => {
    expect(isHarmless(value, 3)).toBe(true);
  });

  test.each([
    'hunter2',
    '1234',
    'dragon',
    `is ${F}`,
    'correct horse',
    '/k3Xq9ZmB2v',
    'a$b',
    '12 monkeys k3Xq9ZmB2v',
  ])('%j may be a secret', (value) => {
    expect(isHarmless(value, 3)).toBe(false);
  });

  test.each([
    ['***', true],
    ['xxxx', true],
    ['...', true],
    ['?', true],
    [':name', true],
    ['x', false],
    ['$', false],
  ])('%j is a placeholder: %s', (value, is) => {
    expect(isPlaceholder(value as string)).toBe(is);
  });
});
