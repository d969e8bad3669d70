import { expect, describe as suite, test } from 'vitest';
import { isRandomRun } from '../../../src/internal/redact/randomness.ts';

suite('runs of letters and digits', () => {
  test.each(['k3Xq9ZmB2v', 'q7zk2m9xvb', 'xkqwzvbnjt', 'ABXKQZWVTR', 'aBcXyZqWvK', 'a1b2c3x9'])(
    '%s looks random',
    (word) => {
      expect(isRandomRun(word)).toBe(true);
    },
  );

  test.each(
    'password refused ECONNREFUSED getUserById XMLHttpRequest users42 12345678 deadbeef42 9F02699ABC v1beta1 log4j2 sha256 oauth2 abc12 kubectl secp256k1'.split(
      ' ',
    ),
  )('%s does not', (word) => {
    expect(isRandomRun(word)).toBe(false);
  });
});
