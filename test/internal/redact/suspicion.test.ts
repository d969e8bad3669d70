import { expect, describe as suite, test } from 'vitest';
import { isSuspicious } from '../../../src/internal/redact/suspicion.ts';

suite('the cheap first test', () => {
  test.each([
    'connect ECONNREFUSED 127.0.0.1:5432',
    'pool has 10 of 10 in use',
    'took 812 ms',
    'exit 137',
    'a/b',
    'a=b',
  ])('%s is not suspicious', (text) => {
    expect(isSuspicious(text)).toBe(false);
  });

  test.each([
    'a@b',
    'a\\b',
    '%',
    '$',
    'a|b',
    '{',
    'é',
    '\0',
    'a://b',
    '-a',
    'x -a',
    '--',
    'pw=',
    'code=',
    'state=',
    'my password',
    'TOKEN',
    'abcd1efgh',
    'ABcdEfgh',
    'a-b_c1-d_e-f_g-h',
  ])('%j is', (text) => {
    expect(isSuspicious(text)).toBe(true);
  });
});

suite('words, marks and options in the cheap first test', () => {
  test.each([
    'abcdefgH',
    'aaaaaaaaB',
    'x abcd1234 y',
    '1abcdefg',
    'a1b2c3d4',
    'Abcdefg1',
    'a.b.c.d.e.f.1.g2',
    'a1-b.c_d=e+f/g-h',
    'x --',
    '-x',
    "'-x",
    '"-x',
    'a //b',
    'pin=',
    'pat=',
    'sas=',
    'STATE=',
    'mypw=',
    '12345678a',
  ])('%s is suspicious', (text) => {
    expect(isSuspicious(text)).toBe(true);
  });

  test.each([
    'abcdefgh',
    'Abcdefgh',
    'ABCDEFGH',
    'abc def1 ghi',
    'abcd-ef1',
    'abcdefG hijklmn',
    'a-b.c_d.e_f-g_h',
    'a-b',
    'a / b',
    'spin-off',
    'a=b',
    '=',
    'w=',
    'codes=',
    'pa word',
    '',
  ])('%j is not', (text) => {
    expect(isSuspicious(text)).toBe(false);
  });
});
