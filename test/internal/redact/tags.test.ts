import { expect, describe as suite, test } from 'vitest';
import { maskKeyed } from '../../../src/internal/redact/keyed.ts';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const keyed = maskedBy((text, spans) => maskKeyed(new Passage(text, spans)));

suite('elements of XML', () => {
  test.each<[string, string]>([
    ['<password>dragon</password>', '<password>***</password>'],
    ['<password type="x">dragon</password>', '<password type="x">***</password>'],
    [
      '<password xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx>dragon</password>',
      '<password xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx>***</password>',
    ],
    ['<password> dragon </password>', '<password> ***</password>'],
    ['<password><![CDATA[a<b]]></password>', '<password><![CDATA[***]]></password>'],
    [`<password><![CDATA[${F}`, '<password><![CDATA[***'],
    [`<password>${F}`, '<password>***'],
    [`<password>${F} x`, '<password>***'],
    ['<token>dragon</token>', '<token>***</token>'],
    [`<auth>${F}</auth>`, '<auth>***</auth>'],
    ['<password>a</password><token>b</token>', '<password>***</password><token>***</token>'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    '<password xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx>dragon</password>',
    '<password/>dragon',
    '<password />dragon',
    '<password>dragon',
    '<auth>dragon</auth>',
    '<password></password>',
    '<password> </password>',
    '<password>***</password>',
    '<password>missing</password>',
    '<password',
    `<password>is a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a b b b b b b b b b ${F}</password>`,
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});
