import { expect, describe as suite, test } from 'vitest';
import { maskBareTokens } from '../../../src/internal/redact/bare-tokens.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const bareTokens = maskedBy(maskBareTokens);

suite('long words', () => {
  const long = `${F}W7tn4YpLs0${F}`;
  test.each<[string, string]>([
    [long, '***'],
    [`x ${long}== y`, 'x *** y'],
    [`request id: ${long}`, `request id: ${long}`],
    [`x-amz-id-2: ${long}`, `x-amz-id-2: ${long}`],
    [`sha512-${long}`, `sha512-${long}`],
    [long.slice(0, 25), long.slice(0, 25)],
    [long.toLowerCase(), long.toLowerCase()],
    ['src/components/UserProfile2/index', 'src/components/UserProfile2/index'],
  ])('%s', (text, expected) => {
    expect(bareTokens(text)).toBe(expected);
  });
});

suite('names of things that are not secret', () => {
  const long = `${F}W7tn4YpLs0${F}`;

  test.each([
    ...'id x-id x_id x.id x-id-2 requestId ID etag trace traceparent tracestate span digest integrity fingerprint checksum revision version cursor sha1 sha256 SHA512 md5 commit hash request correlation ray baggage certificate cert public-key public_key publickey ssh-rsa ssh-ed25519 ecdsa-sha2-nistp256'
      .split(' ')
      .map((name) => `${name} `),
    'public key: ',
    'etag: "',
    'etag: W/"',
    'etag   =   "',
    '"etag":"',
    "'etag': '",
    'etag:',
    'etag   ',
    'integrity sha512-',
    'integrity sha1-',
  ])('%s', (name) => {
    expect(bareTokens(`${name}${long}`)).toBe(`${name}${long}`);
  });

  test.each([
    'valid ',
    'idx ',
    'etag x ',
    'etag:: ',
    'etag    : ',
    'etag:    ',
    'etag "x',
    'x-id-22 ',
    'shax ',
    `etag${' '.repeat(40)}`,
  ])('%s is none', (name) => {
    expect(bareTokens(`${name} ${long}`)).toBe(`${name} ***`);
  });

  test.each([
    ['of one case', long.toLowerCase()],
    ['of the other', long.toUpperCase()],
    ['without digits', 'abcdefghijklmnopqrstuvwxyzABCDEF'.replace(/[aeiou]/g, 'Z')],
    ['with a name of an algorithm first', `sha512-${long}`],
    ['mostly of words', `some-Words-And-More-Words-${F}`],
    ['too short', long.slice(0, 25)],
  ])('words %s are none: %s', (_what, word) => {
    expect(bareTokens(word)).toBe(word);
  });

  test('words of 26 characters are tokens, and very long ones up to their end', () => {
    expect(bareTokens(long.slice(0, 26))).toBe('***');
    expect(bareTokens(`x-sha512-${long}`)).toBe('***');
    expect(bareTokens(`${long.repeat(100)}x`)).toBe('***');
    expect(bareTokens(`${'a'.repeat(2_000)}${long.repeat(100)}`)).toBe(
      `${'a'.repeat(2_000)}${long.repeat(100)}`,
    );
  });
});
