import { expect, describe as suite, test } from 'vitest';
import { isSuspicious } from '../../../src/internal/redact/suspicion.ts';

suite('the first look', () => {
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
