import { expect, describe as suite, test } from 'vitest';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskProtocols } from '../../../src/internal/redact/protocols.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const protocols = maskedBy((text, spans) => maskProtocols(new Passage(text, spans)));

suite('protocols', () => {
  test.each<[string, string]>([
    [`login app:${F}`, 'login app:***'],
    [`{"kty":"oct","k":"${F}"}`, '{"kty":"oct","k":"***"}'],
    [`"AUTH" "default" "${F}"`, '"AUTH" "default" "***"'],
    [`AUTH\\r\\n$10\\r\\n${F}\\r\\n`, 'AUTH\\r\\n$10\\r\\n***\\r\\n'],
    [`$4\\r\\nAUTH\\r\\n$10\\r\\n${F}`, '$4\\r\\nAUTH\\r\\n$10\\r\\n***'],
    [`Private-Lines: 1\n${F}\nPrivate-MAC: 0`, 'Private-Lines: 1***Private-MAC: 0'],
    [`new Sequelize('a', '${F}')`, "new Sequelize('a', '***')"],
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
    ['Headers.append: "a b" is an invalid header value', 'Headers.append: "***" is an invalid header value'],
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

suite('arguments of an unknown command', () => {
  test.each<[string, string]>([
    [
      "unknown command 'AUTH', with args beginning with: 'a', 'b c'",
      "unknown command 'AUTH', with args beginning with: '***', '***'",
    ],
    [
      "unknown command 'HELLO', with args beginning with: '3'",
      "unknown command 'HELLO', with args beginning with: '***'",
    ],
    [
      "unknown command 'acl', with args beginning with: 'a'",
      "unknown command 'acl', with args beginning with: '***'",
    ],
    [
      "unknown command 'config', with args beginning with: 'a'",
      "unknown command 'config', with args beginning with: '***'",
    ],
    [
      "unknown command 'MIGRATE', with args beginning with: 'a'",
      "unknown command 'MIGRATE', with args beginning with: '***'",
    ],
    [
      "unknown command 'replicaof', with args beginning with: 'a'",
      "unknown command 'replicaof', with args beginning with: '***'",
    ],
    [
      "unknown command 'sentinel', with args beginning with: 'a'",
      "unknown command 'sentinel', with args beginning with: '***'",
    ],
    [
      "unknown command 'eval', with args beginning with: 'a'",
      "unknown command 'eval', with args beginning with: '***'",
    ],
    [
      "unknown command 'set', with args beginning with: 'a'",
      "unknown command 'set', with args beginning with: '***'",
    ],
    [
      `unknown command 'AUTH',${' '.repeat(54)}with args beginning with: 'a'`,
      `unknown command 'AUTH',${' '.repeat(54)}with args beginning with: '***'`,
    ],
    [
      `unknown command 'X', with args beginning with: 'a ${F}'`,
      "unknown command 'X', with args beginning with: '***'",
    ],
    [
      `unknown command 'X', with args beginning with: 'a  a  a  a  a  a  a  a  a  a  a  a  a  a  a  ${F}'`,
      "unknown command 'X', with args beginning with: '***'",
    ],
    [
      "unknown command 'AUTH', with args beginning with: a,b",
      "unknown command 'AUTH', with args beginning with: ***",
    ],
    [
      "unknown command 'AUTH', with args beginning with: 'a'\n'b'",
      "unknown command 'AUTH', with args beginning with: '***'\n'b'",
    ],
    [
      "unknown command 'AUTH', with args beginning with: '' 'a'",
      "unknown command 'AUTH', with args beginning with: '' '***'",
    ],
  ])('%j', (text, expected) => {
    expect(protocols(text)).toBe(expected);
  });

  test.each([
    "unknown command 'SETX', with args beginning with: 'a'",
    "unknown command 'AUTH', with args beginning with: ",
  ])('%j stays', (text) => {
    expect(protocols(text)).toBe(text);
  });
});

suite('other formats', () => {
  test.each<[string, string]>([
    ['Headers.set: "a\nb" is an invalid header value', 'Headers.set: "***" is an invalid header value'],
  ])('%j', (text, expected) => {
    expect(protocols(text)).toBe(expected);
  });

  test.each(['"" is an invalid header', '"a" is an invalid value'])('%j stays', (text) => {
    expect(protocols(text)).toBe(text);
  });
});

suite('the content of a PEM block', () => {
  const pem = (label: string): string => `${'-'.repeat(5)}BEGIN ${label}${'-'.repeat(5)}`;
  const end = `${'-'.repeat(5)}END`;

  test.each([
    'PRIVATE KEY',
    'RSA PRIVATE KEY',
    'A B C D PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
    'OPENVPN STATIC KEY V1',
  ])('is masked: %s', (label) => {
    expect(protocols(`${pem(label)}a${end} x`)).toBe(`${pem(label)}***${end} x`);
    expect(protocols(`${pem(label)}a cut`)).toBe(`${pem(label)}***`);
  });

  test.each(['PUBLIC KEY', 'rsa PRIVATE KEY', 'PRIVATE KEYS'])('stays: %s', (label) => {
    expect(protocols(`${pem(label)}a${end}`)).toBe(`${pem(label)}a${end}`);
  });
});
