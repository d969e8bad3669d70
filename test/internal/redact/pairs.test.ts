import { expect, describe as suite, test } from 'vitest';
import { maskKeyed } from '../../../src/internal/redact/keyed.ts';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskedBy } from './masked-by.ts';

const keyed = maskedBy((text, spans) => maskKeyed(new Passage(text, spans)));

suite('names in pairs', () => {
  test.each<[string, string]>([
    ['name=password value=b', 'name=password value=***'],
    ['name: password, value: b', 'name: password, value: ***'],
    ['name => password, value => b', 'name => password, value => ***'],
    ['name=>"password", value=>"b"', 'name=>"password", value=>"***"'],
    ['headerName: token, headerValue: b', 'headerName: token, headerValue: ***'],
    ['name: password, content: b', 'name: password, content: ***'],
    ['name: password, x: y, value: b', 'name: password, x: y, value: ***'],
    [`name: password, ${'x'.repeat(100)} value: b`, `name: password, ${'x'.repeat(100)} value: ***`],
    ['name: "password"\nvalue: "b"', 'name: "password"\nvalue: "***"'],
    ['name            =            password value=b', 'name            =            password value=***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    'name > password, value: b',
    'name password value b',
    'title: password, value: b',
    'name: password, title: b',
    "name: 'password', value: ''",
    'name: password } value: b',
    'name: password ] value: b',
    'name: password, key: x, value: b',
    `name: password, ${'x'.repeat(112)} value: b`,
    'name=password',
    'name="code" value="b"',
    'name:password value:',
    'name             =password value=b',
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('names in elements', () => {
  test.each<[string, string]>([
    ['<e key="password">b</e>', '<e key="password">***</e>'],
    ['<e key="password" >b</e>', '<e key="password" >***</e>'],
    ['<e key="password"><v>b</v></e>', '<e key="password"><v>***</v></e>'],
    ['<e key="password"><v>b', '<e key="password"><v>***'],
    ['<e key="password">b', '<e key="password">***'],
    [
      `<e key="password"><v ${'x'.repeat(56)}>b</v></e>`,
      `<e key="password"><v ${'x'.repeat(56)}>***</v></e>`,
    ],
    ['key=password> b < c', 'key=password>***< c'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    '<e key="password"/>b',
    '<e key="password" />b',
    '<e key="password"> </e>',
    '<e key="password"></e>',
    `<e key="password"><v ${'x'.repeat(60)}>b</v></e>`,
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('fields of forms', () => {
  test.each<[string, string]>([
    ['name="password"\r\n\r\nb\r\n--', 'name="password"\r\n\r\n***\r\n--'],
    ['name="password"\n\nb\n--', 'name="password"\n\n***\n--'],
    ["name='password'\n\nb", "name='password'\n\n***"],
    ['name=password\n\nb c', 'name=password\n\n***'],
    ['name="password"; x=y\n\nb\nc', 'name="password"; x=y\n\n***\nc'],
    ['name="password";x\r\n\r\nb', 'name="password";x\r\n\r\n***'],
    [`name="password";${'x'.repeat(80)}\n\nb c`, `name="password";${'x'.repeat(80)}\n\n***`],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each(['name="password"\nb', 'name="password"x\n\nb', `name="password";${'x'.repeat(81)}\n\nb c`])(
    '%j stays',
    (text) => {
      expect(keyed(text)).toBe(text);
    },
  );
});

suite('values before their names', () => {
  test.each<[string, string]>([
    ['value: b, name: password', 'value: ***, name: password'],
    ['value=b name=password', 'value=*** name=password'],
    ["{ value: 'b', x: y, name: 'password' }", "{ value: '***', x: y, name: 'password' }"],
    ['<i value="b" name="password">', '<i value="***" name="password">'],
    [`value: b, ${'x'.repeat(90)} name: password`, `value: ***, ${'x'.repeat(90)} name: password`],
    ['value=name:password', 'value=***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    '{ value: b }, { name: password }',
    'value: b } name: password',
    'value: b { name: password',
    'value: b < name: password',
    'x: b, name: password',
    `value: b, ${'x'.repeat(120)} name: password`,
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('several pairs in a row', () => {
  test.each<[string, string]>([
    [
      'name: password, value: b, name: token, value: c',
      'name: password, value: ***, name: token, value: ***',
    ],
    ['value: b, name: password, value: c', 'value: b, name: password, value: ***'],
    ['<e key="password">b</e> <e key="token">c</e>', '<e key="password">***</e> <e key="token">***</e>'],
    ['name="password"\n\nb\nname="token"\n\nc\n', 'name="password"\n\n***\nname="token"\n\n***\n'],
    ['username: password, value: b', 'username: password, value: ***'],
    ['name: password, namex: a, value: b', 'name: password, namex: a, value: ***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    'name: password, valuex: b',
    'nameof: password, value: b',
    'name; password, value: b',
    '<e key="password"></e>b',
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});
