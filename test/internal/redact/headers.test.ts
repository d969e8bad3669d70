import { expect, describe as suite, test } from 'vitest';
import { holdsCookie, holdsCredentials } from '../../../src/internal/redact/headers.ts';
import { maskKeyed } from '../../../src/internal/redact/keyed.ts';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const keyed = maskedBy((text, spans) => maskKeyed(new Passage(text, spans)));

suite('headers', () => {
  test.each([
    `Bearer ${F}`,
    ',dragonfly',
    'dragonfly,',
    'a%b',
    'a=',
    `${'a '.repeat(29)}${F}`,
    `${'a  '.repeat(29)}${F}`,
    'Basic YXBwOng=',
    'Token abc',
    'mytoken',
    'Digest a="b"',
    'a%3db',
    `x y ${F}`,
  ])('%s holds credentials', (value) => {
    expect(holdsCredentials(value)).toBe(true);
  });

  test.each([
    '',
    'Bearer',
    'Bearer ***',
    'denied',
    'denied for role app',
    'Basic auth failed',
    'Token missing',
    'SharedKey ***',
    'SharedKeyLite ***',
    ',',
    '100% denied',
    'a%,b c',
    'xBasic dragonfly',
    'Basicx dragonfly',
    'Basic dragonfly x',
    `${'a '.repeat(30)}${F}`,
  ])('%j holds none', (value) => {
    expect(holdsCredentials(value)).toBe(false);
  });

  test.each([
    'sid=x',
    'xpath=a',
    'pathx=a',
    `${F} d`,
    `d ${F}`,
    `a ${F} b`,
    `${'a  '.repeat(29)}${F}`,
    `${'a;'.repeat(59)}b=c`,
    'theme=dark; sid=x',
    F,
    'mytoken',
    'Path=/; a=b',
  ])('%s is a cookie', (value) => {
    expect(holdsCookie(value)).toBe(true);
  });

  test.each([
    '',
    'disabled',
    ' *** ',
    'dragonfly;',
    'dragonfly x',
    `${'a;'.repeat(60)}b=c`,
    `${'a '.repeat(30)}${F}`,
    'SameSite=None',
    'Path=/; Domain=x',
    'a=***',
    'not sent by client',
  ])('%j is none', (value) => {
    expect(holdsCookie(value)).toBe(false);
  });
});

suite('headers in a text', () => {
  test.each<[string, string]>([
    ['authorization: Bearer x', 'authorization: ***'],
    ['authorization: Bearer x\nhost: y', 'authorization: ***\nhost: y'],
    ["'authorization: Bearer x' y", "'authorization: ***' y"],
    ["'authorization: Bearer x", "'authorization: ***"],
    ["'authorization: Bearer x\n' y", "'authorization: ***\n' y"],
    ["authorization: 'Bearer x' y", "authorization: '***' y"],
    [
      'authorization: denied xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx a=b',
      'authorization: ***',
    ],
    [
      'authorization: denied - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - a=b',
      'authorization: ***',
    ],
    ['cookie: a=b; c=d', 'cookie: ***'],
    ['cookie: ["a=b"] c', 'cookie: [***] c'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    'authorization: { a: b }',
    'authorization: {"a":"b"}',
    'authorization: denied',
    'authorization: denied - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - a=b',
    'cookie: {"a":"b"}',
    'cookie: { theme: 1 }',
    'cookie: disabled',
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});
