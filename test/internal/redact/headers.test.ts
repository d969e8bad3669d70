import { expect, describe as suite, test } from 'vitest';
import { holdsCookie, holdsCredentials } from '../../../src/internal/redact/headers.ts';

const F = 'k3Xq9ZmB2v';

suite('headers', () => {
  test.each([`Bearer ${F}`, 'Basic YXBwOng=', 'Token abc', 'mytoken', 'Digest a="b"', 'a%3db', `x y ${F}`])(
    '%s holds credentials',
    (value) => {
      expect(holdsCredentials(value)).toBe(true);
    },
  );

  test.each([
    '',
    'Bearer',
    'Bearer ***',
    'denied',
    'denied for role app',
    'Basic auth failed',
    'Token missing',
  ])('%j holds none', (value) => {
    expect(holdsCredentials(value)).toBe(false);
  });

  test.each(['sid=x', 'theme=dark; sid=x', F, 'mytoken', 'Path=/; a=b'])('%s is a cookie', (value) => {
    expect(holdsCookie(value)).toBe(true);
  });

  test.each(['', 'disabled', 'SameSite=None', 'Path=/; Domain=x', 'a=***', 'not sent by client'])(
    '%j is none',
    (value) => {
      expect(holdsCookie(value)).toBe(false);
    },
  );
});
