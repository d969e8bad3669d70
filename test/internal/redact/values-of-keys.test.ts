import { expect, describe as suite, test } from 'vitest';
import { maskKeyed } from '../../../src/internal/redact/keyed.ts';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const G = 'W7tn4YpLs0';
const keyed = maskedBy((text, spans) => maskKeyed(new Passage(text, spans)));

suite('prefixes of strings', () => {
  test.each<[string, string]>([
    ["password = E'x'", "password = E'***'"],
    ["password: N'x'", "password: N'***'"],
    ['password: b"x"', 'password: b"***"'],
    ['password: rb"x"', 'password: rb"***"'],
    ['password: <<"x">>', 'password: <<"***">>'],
    ['password: string(10) "x"', 'password: string(10) "***"'],
    ['password: str(3) "x"', 'password: str(3) "***"'],
    ['password = new Secret("x")', 'password = new Secret("***")'],
    ["password = env('x y')", "password = env('***')"],
    ["password = getenv_or('x y')", "password = getenv_or('***')"],
    ['password: $"x"', 'password: $"***"'],
    ["password: @&'x'", "password: @&'***'"],
    ["password = abcdefghijklmnopqrst('x y')", "password = abcdefghijklmnopqrst('***')"],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each(['password = new Secret(x) y'])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('types between a name and a value', () => {
  test.each<[string, string]>([
    ["const password: string = 'x'", "const password: string = '***'"],
    ["password: String='x'", "password: String='***'"],
    ["password: str  =  'x'", "password: str  =  '***'"],
    ['password: std::string = "x"', 'password: std::string = "***"'],
    ["password: any = 'x'", "password: any = '***'"],
    ["password: &str = 'x'", "password: &str = '***'"],
    ['password: &\'static str = "x"', 'password: &\'static str = "***"'],
    ["password: string | null = 'x y'", "password: string | null = '***'"],
    ["password: string|undefined = 'x y'", "password: string|undefined = '***'"],
    ["password: string |null = 'x y'", "password: string |null = '***'"],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    'password: string | null = x',
    "password: integer = 'x y'",
    "password: string   = 'x y'",
    "password: string =   'x y'",
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('blocks of YAML', () => {
  test.each<[string, string]>([
    ['password: |\n  a\n  b\nc', 'password: |\n  ***\nc'],
    ['password: >-\n  a b\n\tc\n', 'password: >-\n  ***\n'],
    ['password: |+\n  a\n', 'password: |+\n  ***\n'],
    ['password: >2\n  a\n', 'password: >2\n  ***\n'],
    ['password: |2-\n  a\n', 'password: |2-\n  ***\n'],
    ['password: |\n  a\n b: c\nd: e', 'password: |\n  ***\nd: e'],
    ['password: |\r\n  a\r\n  b\r\nc', 'password: |\r\n  ***\r\nc'],
    ['password: | dragon flies', 'password: | *** flies'],
    [`password: | ${F} ${G} x`, 'password: | *** x'],
    ['password: |\n  dragon', 'password: |\n  ***'],
    ['password:\n  - a\n  - b\nc', 'password:\n  - ***\nc'],
    ['password:\n- a\nb: c', 'password:\n- ***\nb: c'],
    ['password:|a', 'password:***'],
    ['password: >9 a', 'password: >9 ***'],
    [`password: |\n ${' -'.repeat(60)} ${F}`, 'password: |\n  ***'],
    [`auth: |\n  ${F}\n`, 'auth: |\n  ***\n'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each(['password: |\n  missing\nx', 'password: - a', 'auth: |\n  word\n'])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('values in quotes', () => {
  test.each<[string, string]>([
    ["password='''x'''", "password='''***'''"],
    ['password="""a b"""', 'password="""***"""'],
    ['password="""a "b" c"""', 'password="""***"""'],
    ["password='x\"y'", "password='***'"],
    ['password: \\"x\\"', 'password: \\"***\\"'],
    [`auth="word ${F}"`, 'auth="***"'],
    [`password="is${' -'.repeat(59)} ${F}"`, 'password="***"'],
    [`auth="${F}"`, 'auth="***"'],
    ['password="a" token="b"', 'password="***" token="***"'],
    ['auth="x" password="y"', 'auth="x" password="***"'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    'password=""',
    'password="" x',
    'password="""',
    'password=""x"',
    'password: \\"\\"x\\"',
    'password="missing"',
    'auth="word"',
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('values in braces', () => {
  test.each<[string, string]>([
    ['password={a b}', 'password={***}'],
    ['password={a}}b} c', 'password={***} c'],
    ['password={a', 'password={***'],
    [`auth={${F}}`, 'auth={***}'],
    ['PWD={a;b};x=y', 'PWD={***};x=y'],
    ['password={ a b }', 'password={***}'],
    ['password={"a": 1}', 'password={***}'],
    ['password: {a b}', 'password: {***}'],
    ["password={'a'}", 'password={***}'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each(['password={***}', 'auth={word}', 'password={'])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('values in brackets', () => {
  test.each<[string, string]>([
    ['password: [a, b]', 'password: [***]'],
    ['password: { a: b }', 'password: {***}'],
    ["password: ['a', 'b'] c", 'password: [***] c'],
    ['token: [dragon]', 'token: [***]'],
    [`token: { used: ${F}, x }`, 'token: { used: ***, x }'],
    [`auth: [word, ${F}]`, 'auth: [word, ***]'],
    [`auth: { a: ${F} } ${G}`, `auth: { a: *** } ${G}`],
    ['password: ["", "dragon"]', 'password: [***]'],
    ['password: [ \'"dragon" ]', 'password: [***]'],
    ['password: [123456]', 'password: [***]'],
    [`auth: { auth: { a: ${F} } }`, 'auth: { auth: { a: *** } }'],
    [`token: { a:${' -'.repeat(990)} ${F} }`, `token: { a:${' -'.repeat(990)} *** }`],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    'token: { used: dragon }',
    'auth: [word]',
    'password: [missing, null]',
    'password: ["missing", "null"]',
    'password: []',
    'password: [12345]',
    `password: [is${' -'.repeat(28)} dragon]`,
    `token: { a:${' -'.repeat(1010)} ${F} }`,
    `password: [${'is '.repeat(31)}]`,
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('values without quotes', () => {
  test.each<[string, string]>([
    ['password: x', 'password: ***'],
    ['password:\nx', 'password:\n***'],
    ['password=\nhost is', 'password=\n*** is'],
    ['password = dragon is bad', 'password = *** is bad'],
    ['password:dragon is bad', 'password:*** is bad'],
    [`auth=${F}`, 'auth=***'],
    [`auth: ${F}`, 'auth: ***'],
    [`token: ${F} ${G} x`, 'token: *** x'],
    [`password=${'a'.repeat(130)} x`, 'password=*** x'],
    [`password: x / ${F}`, 'password: ***'],
    ['password: x / word', 'password: *** / word'],
    [`password: x /${F}`, 'password: ***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    'password:',
    'password: ',
    'password:\nhost: x',
    'password:\r\nhost=x',
    'password:;',
    'password: denied for x',
    'password:denied for x',
    'password=denied for x',
    'password : dragon is bad',
    'password: dragon is bad',
    'password dragon',
    'auth=word',
    `auth=${'a-'.repeat(70)}x`,
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('values of keys with other uses', () => {
  test.each<[string, string]>([
    ['auth=0123456789abcdef', 'auth=***'],
    ['auth=0123456789ABCDEF', 'auth=***'],
    ['auth=1234567890123456abcd', 'auth=***'],
    ['auth=dGhpc2lzYQ9=', 'auth=***'],
    ['auth=dGhpc2lzYQ9==', 'auth=***'],
    ['auth=abc2Yz=', 'auth=***'],
    ['auth=abcdefgh=', 'auth=***'],
    ['auth=$dGhpc2lzYQ9=', 'auth=***'],
    [`auth="a b ${F}"`, 'auth="***"'],
    [`auth="a  a  a  a  a  a  a  a  a  a  a  a  a  a  a  ${F}"`, 'auth="***"'],
    [`key=${F}`, 'key=***'],
    [`?key=${F}`, '?key=***'],
    [`x key=${F}`, 'x key=***'],
    [`- key=${F}`, '- key=***'],
    [`KEY=${F}`, 'KEY=***'],
    [`code=${F}&client_id=x`, 'code=***&client_id=x'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    'auth=0123456789abcde',
    'auth=0123456789abcdef$',
    'auth=$0123456789abcdef',
    'auth=1234567890123456',
    'auth=abcdefabcdefabcdef',
    'auth=request-id-number-12',
    'auth=12345678=',
    `" key=${F}`,
    `' key=${F}`,
    `key: ${F}`,
    `keys=${F}`,
    `monkey=${F}`,
    `"key":"${F}"`,
    `code=${F}`,
    'code=word&grant_type=x',
    '?sig=ab12cd34',
    '&sig=ab12cd34',
    'sig=ab12cd34',
    '?sig=word',
    '?sig=a.b-ab12cd34',
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('settings between semicolons', () => {
  test.each<[string, string]>([
    ['password=a b;c=d', 'password=***;c=d'],
    [';password=a b;c=d', ';password=***;c=d'],
    ['x=1;password=a b;c=d', 'x=1;password=***;c=d'],
    ['x=1; password=a b;c=d', 'x=1; password=***;c=d'],
    ['x password=a b;c=d', 'x password=*** b;c=d'],
    ["'password=a b;c=d'", "'password=***;c=d'"],
    ['"password=a b;c=d"', '"password=***;c=d"'],
    ['x=password=a b;c=d', 'x=password=*** b;c=d'],
    ['password:a b;c=d', 'password:*** b;c=d'],
    ['password=a b', 'password=*** b'],
    ['password=a b c=d;', 'password=*** b c=d;'],
    ['%password=a ;b', '%password=*** ;b'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });
});

suite('padded Base64 under keys with other uses', () => {
  test.each(['password1=', 'password1==', 'pass-word_1='])('%s is masked', (value) => {
    expect(keyed(`auth=${value}`)).toBe('auth=***');
  });

  test.each(['passwords=', '12345678=', 'passwo1=', '$password1=', 'password1==='])('%s stays', (value) => {
    expect(keyed(`auth=${value}`)).toBe(`auth=${value}`);
  });
});

suite('long numbers under keys with other uses', () => {
  test.each(['a1234567890123456', '1234567890123456abcd'])('%s is masked', (value) => {
    expect(keyed(`auth=${value}`)).toBe('auth=***');
  });

  test.each(['12345678901234567', '1234567890123456a', '1234567890123456abc'])(
    '%s stays, as a number with a unit',
    (value) => {
      expect(keyed(`auth=${value}`)).toBe(`auth=${value}`);
    },
  );
});
