import { expect, describe as suite, test } from 'vitest';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskSql } from '../../../src/internal/redact/sql.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const sql = maskedBy((text, spans) => maskSql(new Passage(text, spans)));

suite('identified by', () => {
  test.each<[string, string]>([
    [`identified by ${F} replace ${F} x`, 'identified by *** replace *** x'],
    ["IDENTIFIED BY 'x'", "IDENTIFIED BY '***'"],
    ["identified   by   'x'", "identified   by   '***'"],
    ["identified with p by 'x'", "identified with p by '***'"],
    ["identified   with   p   by 'x'", "identified   with   p   by '***'"],
    [`identified with ${'p'.repeat(40)} by 'x'`, `identified with ${'p'.repeat(40)} by '***'`],
    ["identified as 'x'", "identified as '***'"],
    ["identified using 'x'", "identified using '***'"],
    ["identified by password 'x'", "identified by password '***'"],
    ["identified by   password   'x'", "identified by   password   '***'"],
    ["identified by 'x' replace 'y'", "identified by '***' replace '***'"],
    ["identified by 'x'   replace   'y'", "identified by '***'   replace   '***'"],
    ["identified by 'x' and replace 'y'", "identified by '***' and replace 'y'"],
    ['identified by "x" replace "y"', 'identified by "***" replace "***"'],
    [`identified by ${F};`, 'identified by ***;'],
    [`identified by ${'x'.repeat(190)}${F}`, 'identified by ***'],
  ])('%j', (text, expected) => {
    expect(sql(text)).toBe(expected);
  });

  test.each(["unidentified by 'x'", 'identified by', 'identified by word'])('%j stays', (text) => {
    expect(sql(text)).toBe(text);
  });
});

suite('names of algorithms', () => {
  test.each<[string, string]>([
    ["identified by 'xsha2'", "identified by '***'"],
    ["identified by 'shax'", "identified by '***'"],
    ["identified by 'mysql_'", "identified by '***'"],
    ["identified by 'xmd5'", "identified by '***'"],
    ["identified by 'md5x'", "identified by '***'"],
    ["identified by 'caching_shax'", "identified by '***'"],
    ["identified by 'ed25519x'", "identified by '***'"],
  ])('%j', (text, expected) => {
    expect(sql(text)).toBe(expected);
  });

  test.each([
    "identified by 'sha2'",
    "identified by 'sha256'",
    "identified by 'md5'",
    "identified by 'caching_sha2_password'",
    "identified by 'sha256_password'",
    "identified by 'caching_sha2'",
    "identified by 'mysql_native_password'",
    "identified by 'scram'",
    "identified by 'scram-sha-256'",
    "identified by 'ed25519'",
    "identified by 'native'",
    "identified by 'pam'",
    "identified by 'plugin'",
    "identified by 'kerberos'",
    "identified by 'unix_socket'",
  ])('%j stays', (text) => {
    expect(sql(text)).toBe(text);
  });
});

suite('passwords of statements', () => {
  test.each<[string, string]>([
    ["password 'x'", "password '***'"],
    ["password   'x'", "password   '***'"],
    ["password for a 'x'", "password for a '***'"],
    ["password for a = 'x'", "password for a = '***'"],
    ["password   for   a   =   'x'", "password   for   a   =   '***'"],
    [`password for ${'a'.repeat(80)} = 'x'`, `password for ${'a'.repeat(80)} = '***'`],
    ["password = 'x'", "password = '***'"],
    ["password =   'x'", "password =   '***'"],
    ["password to 'x'", "password to '***'"],
    ["password to   'x'", "password to   '***'"],
    ["password = password('x')", "password = password('***')"],
    ["password = old_password('x')", "password = old_password('***')"],
    ["password = password  (  'x')", "password = password  (  '***')"],
    ["password E'x'", "password E'***'"],
    ["password N'x'", "password N'***'"],
    ["password U&'x'", "password U&'***'"],
    ['password "x"', 'password "***"'],
    ["password '1'", "password '***'"],
    ['password $$x$$', 'password $$***$$'],
    ['password $a$x$a$ y', 'password $a$***$a$ y'],
    ['password $a$x', 'password $a$***'],
    [
      `password $${'a'.repeat(20)}$x$${'a'.repeat(20)}$`,
      `password $${'a'.repeat(20)}$***$${'a'.repeat(20)}$`,
    ],
    [`password 'is${' -'.repeat(98)} x'`, "password '***'"],
  ])('%j', (text, expected) => {
    expect(sql(text)).toBe(expected);
  });

  test.each([
    "password tox'x'",
    "password x 'y'",
    "password 'missing'",
    "password '***'",
    'password $1',
    'password a$$x$$',
    "mypassword 'x'",
  ])('%j stays', (text) => {
    expect(sql(text)).toBe(text);
  });
});

suite('literals of calls', () => {
  test.each<[string, string]>([
    [`crypt('${F}')`, "crypt('***')"],
    [`crypt ('${F}')`, "crypt ('***')"],
    [`hmac('${F}')`, "hmac('***')"],
    [`passw('${F}')`, "passw('***')"],
    [`connect('${F}')`, "connect('***')"],
    [`pdo('${F}')`, "pdo('***')"],
    [`construct('${F}')`, "construct('***')"],
    [`login('${F}')`, "login('***')"],
    [`log_in('${F}')`, "log_in('***')"],
    [`auth('${F}')`, "auth('***')"],
    [`credential('${F}')`, "credential('***')"],
    [`secret('${F}')`, "secret('***')"],
    [`token('${F}')`, "token('***')"],
    [`x.crypt('${F}')`, "x.crypt('***')"],
    [`crypt(')', '${F}')`, "crypt(')', '***')"],
    [`crypt(crypt('${F}'))`, "crypt(crypt('***'))"],
    [`crypt(${' '.repeat(98)}'${F}')`, `crypt(${' '.repeat(98)}'***')`],
    [`crypt('${'- '.repeat(95)}${F}')`, "crypt('***')"],
    [`(name, password) VALUES ('a', '${F}')`, "(name, password) VALUES ('a', '***')"],
    [`(password) VALUES('${F}')`, "(password) VALUES('***')"],
    [`(password${' '.repeat(182)}) VALUES ('${F}')`, `(password${' '.repeat(182)}) VALUES ('***')`],
    [`sp_addlogin 'a', '${F}'`, "sp_addlogin 'a', '***'"],
    [`sp_password '${F}'`, "sp_password '***'"],
    [`crypt('${F}' '${F}'`, "crypt('***' '***'"],
  ])('%j', (text, expected) => {
    expect(sql(text)).toBe(expected);
  });

  test.each([
    `count('${F}')`,
    "crypt('word')",
    `crypt() '${F}'`,
    `(name, age) VALUES ('a', '${F}')`,
    `VALUES ('${F}'), (password)`,
    `sp_help '${F}'`,
    `('${F}')`,
  ])('%j stays', (text) => {
    expect(sql(text)).toBe(text);
  });
});

suite('parameters of statements', () => {
  test.each<[string, string]>([
    ['set password = ? params: dragon', 'set password = ? params: ***'],
    ['set password = ? parameters = dragon', 'set password = ? parameters = ***'],
    ['set password = ? binds: dragon', 'set password = ? binds: ***'],
    ['set password = ? bindings: dragon', 'set password = ? bindings: ***'],
    ['set password = ? values: dragon', 'set password = ? values: ***'],
    ['set password = ? params  :  dragon', 'set password = ? params  :  ***'],
    ['set password = ? "params": ["dragon", 1] x', 'set password = ? "params": [***] x'],
    ['set password = ? \\"params\\": [dragon]', 'set password = ? \\"params\\": [***]'],
    ['set password = ? params: (dragon) x', 'set password = ? params: (***) x'],
    ['set password = ? params: {dragon} x', 'set password = ? params: {***} x'],
    ["set password = ? params: 'dragon' x", "set password = ? params: '***' x"],
    ['set password = ? binding parameter [1] - [dragon]', 'set password = ? binding parameter [1] - [***]'],
    ['set password = ? binding parameter [1] <- [dragon]', 'set password = ? binding parameter [1] <- [***]'],
    ['set password = ? params: dragon\nx', 'set password = ? params: ***\nx'],
    [`set password = ? params: is${' -'.repeat(100)} x`, 'set password = ? params: ***'],
    [`select token params: word ${F} x`, 'select token params: word *** x'],
    ['call x(password) params: dragon', 'call x(password) params: ***'],
    ['alter user password params: dragon', 'alter user password params: ***'],
    ['exec password params: dragon', 'exec password params: ***'],
  ])('%j', (text, expected) => {
    expect(sql(text)).toBe(expected);
  });

  test.each([
    'set password = ? xparams: dragon',
    'set password = ? x.params: dragon',
    'set password = ? params:',
    'set password = ? params: missing',
    'set password = ? params: 123',
    `select name params: ${F}`,
    `password params: ${F}`,
    'insert token "binds: e',
    'selectpassword params: dragon',
    'select password_age params: dragon',
  ])('%j stays', (text) => {
    expect(sql(text)).toBe(text);
  });
});
