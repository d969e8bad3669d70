import { expect, describe as suite, test } from 'vitest';
import { maskLogins } from '../../../src/internal/redact/logins.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const logins = maskedBy(maskLogins);

suite('users and passwords after the name of a login', () => {
  test.each<[string, string]>([
    [`login app:${F}`, 'login app:***'],
    [`logon app:${F}`, 'logon app:***'],
    [`user app:${F}`, 'user app:***'],
    [`username app/${F}`, 'username app/***'],
    [`as app:${F}`, 'as app:***'],
    [`signin app:${F}`, 'signin app:***'],
    [`sign-in app:${F}`, 'sign-in app:***'],
    [`LOGIN   app:${F}.`, 'LOGIN   app:***.'],
    [`login a.b-c_d:${F}`, 'login a.b-c_d:***'],
    [`login ${'a'.repeat(64)}:${F}`, `login ${'a'.repeat(64)}:***`],
    [`LOGIN app ${F}`, 'LOGIN app ***'],
    [`LOGIN "app" "${F}"`, 'LOGIN "app" "***"'],
    [`LOGIN a@b.c+d ${F}`, 'LOGIN a@b.c+d ***'],
    [`db:5432:x:app:${F}`, 'db:5432:x:app:***'],
    [`db:*:*:*:${F}`, 'db:*:*:*:***'],
    [`d-b.c:5432:x:app:${F},`, 'd-b.c:5432:x:app:***,'],
    [`db:5432:$x:a.b:${F}`, 'db:5432:$x:a.b:***'],
  ])('%j', (text, expected) => {
    expect(logins(text)).toBe(expected);
  });

  test.each([
    `xlogin app:${F}`,
    `login app ${F}x`,
    'login app:word',
    `-LOGIN app ${F}`,
    'LOGIN app word',
    `db:x:x:app:${F}`,
    `db:123456:x:app:${F}`,
    `:5432:x:app:${F}`,
  ])('%j stays', (text) => {
    expect(logins(text)).toBe(text);
  });
});

suite('SASL PLAIN with NULs', () => {
  test.each<[string, string]>([
    ['\u0000app\u0000pass', '\u0000app\u0000***'],
    ['\\0app\\0pass', '\\0app\\0***'],
    ['\\u0000app\\u0000pass', '\\u0000app\\u0000***'],
    ['\\x00app\\x00pass', '\\x00app\\x00***'],
    ['\u0000app\u0000pass word', '\u0000app\u0000*** word'],
    ["\u0000app\u0000pass'x", "\u0000app\u0000***'x"],
    [`\u0000${'a'.repeat(200)}\u0000pass`, `\u0000${'a'.repeat(200)}\u0000***`],
  ])('%j', (text, expected) => {
    expect(logins(text)).toBe(expected);
  });

  test.each(['\u0000a b\u0000pass', '\u0000app pass', '\u0000\u0000pass'])('%j stays', (text) => {
    expect(logins(text)).toBe(text);
  });
});

suite('logins of other protocols', () => {
  test.each<[string, string]>([
    ['c=biws,r=abc,p=x+/=', 'c=biws,r=abc,p=***'],
    ['a1 LOGIN bob@x "y z"', 'a1 LOGIN bob@x "***"'],
    ['x\tTRUE\t/\tFALSE\t17\tsid\ty', 'x\tTRUE\t/\tFALSE\t17\tsid\t***'],
    ['/write?u=app&p=x&q=1', '/write?u=app&p=***&q=1'],
    [`IDENTIFY bot ${F}`, 'IDENTIFY bot ***'],
    ['IDENTIFY bot please', 'IDENTIFY bot please'],
    ['WIFI:T:WPA;S:guest;P:x y z;;', 'WIFI:T:WPA;S:guest;P:***;;'],
    ['WIFI:T:WPA;S:guest;P:abcd;;', 'WIFI:T:WPA;S:guest;P:***;;'],
    ['\0app\0pass', '\0app\0***'],
    [`login app:${F}.`, 'login app:***.'],
    ['db:5432:x:app:word', 'db:5432:x:app:word'],
    ['WIFI:T:WPA;S:net;P:dragon;;', 'WIFI:T:WPA;S:net;P:***;;'],
  ])('%j', (text, expected) => {
    expect(logins(text)).toBe(expected);
  });

  test.each(['WIFI:S:net;P:abc;;', 'XWIFI:S:net;P:dragon;;'])('%j stays', (text) => {
    expect(logins(text)).toBe(text);
  });
});
