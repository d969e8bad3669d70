import { expect, describe as suite, test } from 'vitest';
import type { KeyKind } from '../../../src/internal/redact/key-words.ts';
import { isListedSecret } from '../../../src/internal/redact/lists.ts';

const F = 'k3Xq9ZmB2v';

suite('what follows the name of a secret in a list', () => {
  test.each<[KeyKind, string]>([
    ['cookie', 'a=b'],
    ['cookie', 'dragonfly'],
    ['authorization', 'Basic dragonfly'],
    ['authorization', 'dragonfly'],
    ['password', F],
    ['password', `two words ${F}`],
    ['password', `${'a '.repeat(19)}${F}`],
    ['password', `${'a  '.repeat(19)}${F}`],
    ['token', 'p@ss'],
    ['token', 'a/b'],
  ])('%s: %s is its value', (kind, value) => {
    expect(isListedSecret(kind, value)).toBe(true);
  });

  test.each<[KeyKind, string]>([
    ['cookie', 'Path=/'],
    ['authorization', 'denied for role app'],
    ['password', 'dragonfly'],
    ['token', 'first-name'],
    ['token', 'two words'],
    ['token', 'a.b_c'],
    ['password', `${'a '.repeat(20)}${F}`],
  ])('%s: %s is the next name', (kind, value) => {
    expect(isListedSecret(kind, value)).toBe(false);
  });
});
