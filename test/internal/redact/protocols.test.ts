import { expect, describe as suite, test } from 'vitest';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskProtocols } from '../../../src/internal/redact/protocols.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const protocols = maskedBy((text, spans) => maskProtocols(new Passage(text, spans)));

suite('protocols', () => {
  test.each<[string, string]>([
    ['c=biws,r=abc,p=x+/=', 'c=biws,r=abc,p=***'],
    ['a1 LOGIN bob@x "y z"', 'a1 LOGIN bob@x "***"'],
    ['x\tTRUE\t/\tFALSE\t17\tsid\ty', 'x\tTRUE\t/\tFALSE\t17\tsid\t***'],
    ['/write?u=app&p=x&q=1', '/write?u=app&p=***&q=1'],
    [`IDENTIFY bot ${F}`, 'IDENTIFY bot ***'],
    ['IDENTIFY bot please', 'IDENTIFY bot please'],
    [`"AUTH" "default" "${F}"`, '"AUTH" "default" "***"'],
    [`AUTH\\r\\n$10\\r\\n${F}\\r\\n`, 'AUTH\\r\\n$10\\r\\n***\\r\\n'],
    [`$4\\r\\nAUTH\\r\\n$10\\r\\n${F}`, '$4\\r\\nAUTH\\r\\n$10\\r\\n***'],
    [`Private-Lines: 1\n${F}\nPrivate-MAC: 0`, 'Private-Lines: 1***Private-MAC: 0'],
    [`new Sequelize('a', '${F}')`, "new Sequelize('a', '***')"],
    ['WIFI:T:WPA;S:guest;P:x y z;;', 'WIFI:T:WPA;S:guest;P:***;;'],
    ['WIFI:T:WPA;S:guest;P:abcd;;', 'WIFI:T:WPA;S:guest;P:***;;'],
    ["IDENTIFIED BY 'x'", "IDENTIFIED BY '***'"],
    ["identified with p as 'x'", "identified with p as '***'"],
    ["IDENTIFIED BY PASSWORD 'x'", "IDENTIFIED BY PASSWORD '***'"],
    [`IDENTIFIED BY ${F};`, 'IDENTIFIED BY ***;'],
    ["IDENTIFIED BY 'x' REPLACE 'y'", "IDENTIFIED BY '***' REPLACE '***'"],
    ['identified by "sha2" plugin', 'identified by "sha2" plugin'],
    ['identified by name', 'identified by name'],
    ["PASSWORD 'x'", "PASSWORD '***'"],
    ["PASSWORD E'x y'", "PASSWORD E'***'"],
    ["PASSWORD FOR a = 'x'", "PASSWORD FOR a = '***'"],
    ["PASSWORD = PASSWORD('x')", "PASSWORD = PASSWORD('***')"],
    ['PASSWORD $$x$$ y', 'PASSWORD $$***$$ y'],
    ['PASSWORD $a$x', 'PASSWORD $a$***'],
    [`crypt('${F}', 'x')`, "crypt('***', 'x')"],
    [`(a, password) VALUES ('x', '${F}')`, "(a, password) VALUES ('x', '***')"],
    [`(a, b) VALUES ('x', '${F}')`, `(a, b) VALUES ('x', '${F}')`],
    ['AUTH app s3cretx', 'AUTH app ***'],
    ['AUTH failed', 'AUTH failed'],
    ['AUTH PLAIN YXBw', 'AUTH PLAIN ***'],
    ['AUTH LOGIN\nYQ==', 'AUTH LOGIN\n***'],
    ['334 UGFzc3dvcmQ6\nC: YXBw', '334 UGFzc3dvcmQ6\nC: ***'],
    [
      "unknown command 'AUTH', with args beginning with: 'a' 'b'",
      "unknown command 'AUTH', with args beginning with: '***' '***'",
    ],
    [
      `unknown command 'X', with args beginning with: 'a' '${F}'`,
      "unknown command 'X', with args beginning with: 'a' '***'",
    ],
    ['\0app\0pass', '\0app\0***'],
    ['\\0app\\0pass', '\\0app\\0***'],
    ['Headers.append: "a b" is an invalid header value', 'Headers.append: "***" is an invalid header value'],
    [`login app:${F}.`, 'login app:***.'],
    [`db:5432:x:app:${F}`, 'db:5432:x:app:***'],
    ['db:5432:x:app:word', 'db:5432:x:app:word'],
    [
      `${'-'.repeat(5)}BEGIN X PRIVATE KEY${'-'.repeat(5)}a${'-'.repeat(5)}END`,
      `${'-'.repeat(5)}BEGIN X PRIVATE KEY${'-'.repeat(5)}***${'-'.repeat(5)}END`,
    ],
    [
      `${'-'.repeat(5)}BEGIN CERTIFICATE${'-'.repeat(5)}a`,
      `${'-'.repeat(5)}BEGIN CERTIFICATE${'-'.repeat(5)}a`,
    ],
  ])('%j', (text, expected) => {
    expect(protocols(text)).toBe(expected);
  });
});
