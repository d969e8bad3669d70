import { expect, describe as suite, test } from 'vitest';
import {
  isListedDetail,
  isSecretDetail,
  isSecretParameters,
  nameIn,
  secretArguments,
} from '../../../src/internal/redact/details.ts';
import type { KeyKind } from '../../../src/internal/redact/key-words.ts';

const F = 'k3Xq9ZmB2v';

suite('the name that a pair gives to its value', () => {
  test.each<[object, KeyKind | undefined]>([
    [{ name: 'password', value: 'x' }, 'password'],
    [{ Name: 'API_TOKEN' }, 'token'],
    [{ key: 'auth' }, 'weak'],
    // the first name says nothing of a secret, the second does
    [{ name: 'db', key: 'password' }, 'password'],
    // parameter stores name by path, and only the last part counts
    [{ name: '/prod/db/pass' }, 'password'],
    [{ name: '/prod/db-password/owner' }, undefined],
    [{ name: 'owner' }, undefined],
    [{ name: 3 }, undefined],
    [{ NAME: 'password' }, 'password'],
    [
      { ...Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`k${index}`, 1])), name: 'password' },
      'password',
    ],
    [
      { ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, 1])), name: 'password' },
      undefined,
    ],
    [Object.create({ name: 'password' }), undefined],
    [{}, undefined],
  ])('of %j is of the kind %s', (pair, kind) => {
    expect(nameIn(pair)).toBe(kind);
  });
});

suite('the value of a key', () => {
  const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, index]));

  test.each<[string, KeyKind, unknown]>([
    ['args', 'none', 'x'],
    ['Args', 'none', 1],
    ['x', 'password', 1234],
    ['x', 'password', 1234n],
    ['x', 'password', 'word'],
    ['x', 'password', { used: 1 }],
    ['x', 'token', 'word'],
    ['x', 'token', Symbol('word')],
    ['x', 'token', [1, 2]],
    ['x', 'token', {}],
    ['x', 'token', { used: 1, of: 'x' }],
    ['x', 'token', { ...twenty, more: 1 }],
    ['x', 'weak', F],
    ['x', 'weak', `two words ${F}`],
    ['x', 'weak', `${'a  '.repeat(15)}${F}`],
    ['x', 'code', F],
    ['x', 'scheme', F],
  ])('%s of the kind %s is masked: %o', (key, kind, value) => {
    expect(isSecretDetail(key, kind, value)).toBe(true);
  });

  test.each<[string, KeyKind, unknown]>([
    ['x', 'none', F],
    ['x', 'password', null],
    ['x', 'password', undefined],
    ['x', 'password', true],
    ['x', 'password', '***'],
    ['x', 'token', 1234],
    ['x', 'token', 1234n],
    ['x', 'token', '***'],
    ['x', 'token', { used: 1, limit: 2 }],
    ['x', 'token', { used: 1, exceeded: true }],
    ['x', 'token', twenty],
    ['x', 'weak', 'word'],
    ['x', 'weak', 12_345_678],
    ['x', 'code', 'ECONNREFUSED'],
    ['x', 'scheme', 'word'],
    ['x', 'weak', `${'-'.repeat(2_000)} ${F}`],
  ])('%s of the kind %s is shown: %o', (key, kind, value) => {
    expect(isSecretDetail(key, kind, value)).toBe(false);
  });
});

suite('what follows the name of a secret in a list', () => {
  test.each<[KeyKind, unknown, boolean]>([
    ['password', 'x', true],
    ['password', 'correct_horse_battery', true],
    ['password', F, false],
    ['weak', F, true],
    ['token', { a: 1 }, true],
  ])('after a %s is masked: %j (a list of two: %s)', (kind, value, isPair) => {
    expect(isListedDetail(kind, value, isPair)).toBe(true);
  });

  test.each<[KeyKind, unknown, boolean]>([
    ['password', 'token', true],
    ['password', 'reset_token_expires_at', true],
    ['password', 'x', false],
    ['password', `${'-'.repeat(2_000)} ${F}`, false],
    ['weak', 'word', true],
    ['token', 5, true],
    ['token', null, true],
    ['token', { a: 1 }, false],
  ])('after a %s is shown: %j (a list of two: %s)', (kind, value, isPair) => {
    expect(isListedDetail(kind, value, isPair)).toBe(false);
  });
});

suite('the words of a command', () => {
  const words = (count: number): string[] => Array.from({ length: count }, () => 'x');

  test.each<[string, unknown[], number[]]>([
    ['after the option of a program', ['redis-cli', '-a', F, 'PING'], [2]],
    ['after a long option', ['app', '--password', 'two words'], [2]],
    ['after an option of one letter', ['-a', F], [1]],
    ['attached to an option', ['x', `-p${F}`], [1]],
    ['after an option of two letters', ['x', '-pw', F], [2]],
    ['of a program without options', ['vault', 'login', F], [2]],
    ['up to sixty of them', [...words(58), '-a', F], [59]],
    ['next to a long one', ['x'.repeat(400), '-a', F], [2]],
  ])('that are secret: %s', (_where, list, secret) => {
    expect([...secretArguments(list)]).toEqual(secret);
  });

  test.each<[string, unknown[]]>([
    ['a value after two dashes', ['x', '--a', 'word']],
    ['what follows a word that ends like an option', ['x', 'a-a', F]],
    ['a plain word attached to an option', ['x', '-pword']],
    ['more than sixty words', [...words(59), '-a', F]],
    ['a list with a very long word', ['x'.repeat(401), '-a', F]],
    ['a list with a number', ['x', 1, '-a', F]],
    ['what follows an option of three letters', ['x', '-abc', 'word']],
    ['words of no program', ['first', 'second', F]],
  ])('that are shown: %s', (_what, list) => {
    expect([...secretArguments(list)]).toEqual([]);
  });
});

suite('versions of packages whose names are those of secrets', () => {
  test.each(['1.2.3', '^9.0.2', '~10.11.12', '1.2.3-beta', '1.2.3-rc.1', '1.2.3-rc.12', '2024.1000.3000'])(
    '%s is shown',
    (version) => {
      expect(isSecretDetail('jsonwebtoken', 'token', version)).toBe(false);
    },
  );

  test.each(['x1.2.3', '1.2.3x', '1.2', '1.2.3-', '1.2.3-1', '1.2.3-rc.x', '1.2.3-rc.1x', '>1.2.3'])(
    '%s is not',
    (version) => {
      expect(isSecretDetail('jsonwebtoken', 'token', version)).toBe(true);
    },
  );
});

suite('numbers under the name of a password', () => {
  test('are counts up to 999', () => {
    expect(isSecretDetail('pass', 'password', 999)).toBe(false);
    expect(isSecretDetail('pass', 'password', 1_000)).toBe(true);
  });
});

suite('parameters of statements', () => {
  test.each(['query', 'sql', 'statement', 'text'])('are secret next to a %s about passwords', (key) => {
    expect(isSecretParameters({ [key]: 'set password = ?' }, 'params')).toBe(true);
    expect(isSecretParameters({ [key]: 'set password = ?' }, 'bindings')).toBe(true);
    expect(isSecretParameters({ [key]: 'set password = ?' }, 'other')).toBe(false);
    expect(isSecretParameters({ [key]: 'set name = ?' }, 'params')).toBe(false);
    expect(isSecretParameters({ [key]: `set ${' '.repeat(2_000)} password = ?` }, 'params')).toBe(false);
    expect(isSecretParameters({ [key]: 3 }, 'params')).toBe(false);
    expect(isSecretParameters({}, 'params')).toBe(false);
  });
});
