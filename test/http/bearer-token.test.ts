import { expect, describe as suite, test } from 'vitest';
import { bearerToken } from '../../src/http/bearer-token.ts';
import type { ProbeRequest } from '../../src/http/probe-request.ts';
import { ConfigError } from '../../src/internal/config-error.ts';

const TOKEN = 's3cr3t.Token_~+/=';
const from = (authorization?: string) => ({ headers: { authorization } }) as unknown as ProbeRequest;

suite('bearerToken', () => {
  test.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER   ${TOKEN} `])('lets in %j', (header) => {
    expect(bearerToken(TOKEN)(from(header))).toBe(true);
  });

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    TOKEN,
    `Basic ${TOKEN}`,
    `Bearer${TOKEN}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer ${TOKEN} ${TOKEN}`,
    `Bearer ${TOKEN.toUpperCase()}`,
    `x Bearer ${TOKEN}`,
  ])('keeps out %j', (header) => {
    expect(bearerToken(TOKEN)(from(header))).toBe(false);
  });

  test('of an empty token, or of one that is not set, is a configuration fault', () => {
    expect(() => bearerToken('')).toThrow(ConfigError);
    expect(() => bearerToken(undefined)).toThrow(
      'Expected `token` to be a string of visible ASCII characters, because it is sent in a header, got `undefined`',
    );
    expect(() => bearerToken(42 as never)).toThrow('got `42` (number)');
  });

  test('of a token that no header can carry is a fault that does not quote the token', () => {
    for (const token of [' s3cr3t', 's3cr3t\n', 's3 cr3t', 'schlüssel', '\0']) {
      expect(() => bearerToken(token)).toThrow(ConfigError);
      expect(() => bearerToken(token)).toThrow(/got one with other characters$/);
    }
  });

  test('names what it expected, and never lets in a request without a token', () => {
    const expected =
      'Invalid bearerToken() argument: Expected `token` to be a string of visible ASCII characters';
    expect(() => bearerToken('')).toThrow(`${expected}, because it is sent in a header, got \`''\` (string)`);
    expect(() => bearerToken('a b')).toThrow(
      `${expected}, because it is sent in a header, got one with other characters`,
    );
    expect(bearerToken('Stryker')({ headers: {} } as never)).toBe(false);
  });
});
