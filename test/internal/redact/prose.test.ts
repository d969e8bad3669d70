import { expect, describe as suite, test } from 'vitest';
import { maskKeyed } from '../../../src/internal/redact/keyed.ts';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const G = 'W7tn4YpLs0';
const keyed = maskedBy((text, spans) => maskKeyed(new Passage(text, spans)));

suite('words between a name and its secret', () => {
  test.each<[string, string]>([
    [`password for app is ${F}`, 'password for app is ***'],
    [`password for the app is ${F}`, 'password for the app is ***'],
    [`password for my own app ${F}`, 'password for my own app ***'],
    [`password is to be set as the ${F}`, 'password is to be set as the ***'],
    [`password is, ${F}`, 'password is, ***'],
    [`password is: ${F}`, 'password is: ***'],
    [`password FOR app IS ${F}`, 'password FOR app IS ***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    `password dragon ${F}`,
    `password of bob and alice ${F}`,
    `password is a b c d e ${F}`,
    `password is to be set as the a ${F}`,
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('names with other uses', () => {
  test.each<[string, string]>([
    [`session id ${F}`, 'session id ***'],
    [`session value ${F}`, 'session value ***'],
    [`session is ${F}`, 'session is ***'],
    [`session was ${F}`, 'session was ***'],
    [`session token ${F}`, 'session token ***'],
    [`session of ${F}`, 'session of ***'],
    [`session ${F}`, 'session ***'],
    [`session id is ${F}`, 'session id is ***'],
    [`session "${F}"`, 'session "***"'],
    [`session id "a ${F}"`, 'session id "***"'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([`session for ${F}`, 'sig a1b2c3d4e'])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('what a secret looks like behind its name', () => {
  test.each<[string, string]>([
    [`password ${F}`, 'password ***'],
    ['password node18lts', 'password ***'],
    ['password is node18lts', 'password is ***'],
    ['password app:node18lts', 'password ***'],
    ['Basic node18lts', 'Basic ***'],
    ['password base64xyz', 'password ***'],
    ['password sha1xyzzy', 'password ***'],
    ['password utf8mbxyz', 'password ***'],
    ['password oauth2xyz', 'password ***'],
    ['password pkcs8xyzz', 'password ***'],
    ['password 9f02699abcdef012', 'password ***'],
    ['token 9f02699abcdef012', 'token ***'],
    ['Basic 9f02699abcdef012', 'Basic ***'],
    ['Basic YXBwOng=', 'Basic ***'],
    ['Basic YXBwOnh4', 'Basic ***'],
    [`Basic ${'YXBw'.repeat(100)}=`, 'Basic ***='],
    ['Basic YXBwOn$h', 'Basic ***'],
    ['Bearer YXBwOng', 'Bearer ***'],
    ['password YXBwOng=', 'password ***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    'password node18l',
    'password for node18lts',
    'session node18lts',
    'password 0x9abcdef1',
    'password 9f02699abcdef01',
    'password abcdefabcdefabcd',
    'session 9f02699abcdef012',
    'Basic YXA=',
    'Basic health=',
    'Basic healths',
    'Basic AppData9',
    'password word',
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('secrets in quotes', () => {
  test.each<[string, string]>([
    ['password "word"', 'password "***"'],
    [`password is "${F}"`, 'password is "***"'],
    [`password is "a ${F}"`, 'password is "***"'],
    [`password is "a  a  a  a  a  a  a  a  a  a  a  a  a  a  a  ${F}"`, 'password is "***"'],
    [`token "a ${F}"`, 'token "***"'],
    ['password ("word")', 'password ("***")'],
    [`password ["${F}"]`, 'password ["***"]'],
    ["password 'word' x", "password '***' x"],
    [`password ${F} "word"`, 'password *** "word"'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each(['password "missing"', 'password is "word"', 'token "word"', 'password (x "word")'])(
    '%j stays',
    (text) => {
      expect(keyed(text)).toBe(text);
    },
  );
});

suite('secrets in brackets', () => {
  test.each<[string, string]>([
    [`password (${F})`, 'password (***)'],
    [`password [${F}]`, 'password [***]'],
    [`password {${F}}`, 'password {***}'],
    [`password <${F}>`, 'password <***>'],
    [`password =>${F}`, 'password =>***'],
    [`password ((${F}`, 'password ((***'],
    [`password            ${F}`, 'password            ***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each(['password ('])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('several secrets', () => {
  test.each<[string, string]>([
    [`password ${F} ${G}`, 'password ***'],
    [`password ${F}, ${G}`, 'password ***, ***'],
    [`password ${F} x ${G}`, `password *** x ${G}`],
    [`password ${F} ${G}: x`, 'password *** ***: x'],
    [`password ${F} x=${G}`, 'password *** ***'],
    [`password was ${F}, expected ${G}`, 'password was ***, expected ***'],
    [`password was ${F}, expected ${G}, got ${F}`, 'password was ***, expected ***, got ***'],
    [`password ${F} and ${G}`, 'password *** and ***'],
    [`password ${F}   ${G}`, 'password ***   ***'],
    [`password ${F} ${F} ${F} ${F} ${F} ${F} ${F} ${F} ${F} x`, 'password *** x'],
    [`password ${F}. ${G}`, `password ***. ${G}`],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });
});

suite('secrets before their name', () => {
  test.each<[string, string]>([
    [`${F} is not a valid token`, '*** is not a valid token'],
    [`${F} is an invalid token`, '*** is an invalid token'],
    [`${F} is the wrong password`, '*** is the wrong password'],
    [`${F} is your bad password`, '*** is your bad password'],
    [`${F} was an incorrect password`, '*** was an incorrect password'],
    [`${F} is an unknown token`, '*** is an unknown token'],
    [`${F} is an expired token`, '*** is an expired token'],
    [`${F} is a revoked token`, '*** is a revoked token'],
    [`${F} as password`, '*** as password'],
    [`${F} is api token`, '*** is api token'],
    [`'${F} as password`, "'*** as password"],
    [`${F}' as password`, "***' as password"],
    [`(${F} as password)`, '*** as password)'],
    [`${'a'.repeat(89)}-${F} as password`, '*** as password'],
    [`${F} as auth`, '*** as auth'],
    [`${F} is not a valid session`, '*** is not a valid session'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    `${F} isn't a valid api token`,
    `${F} is my token`,
    `${F} token`,
    'word is not a valid token',
    `${F} is is token`,
    `${F} is not a valid wrong bad token`,
    `${F} is not a valid wrong bad incorrect token`,
    `${F}  is token`,
    `${F}is token`,
    'as password',
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('a single word between a name and its secret', () => {
  test.each(
    'is was of value provided received given supplied used got the a an as to set be with invalid wrong bad incorrect rejected for user header string hash found sent entered passed ist lautet war est es era not valid unknown this that following from -> using by login account app has been changed into now actual expected but does match matches instead vs and'.split(
      ' ',
    ),
  )('adds no doubt: %s', (word) => {
    expect(keyed(`password ${word} ${F}`)).toBe(`password ${word} ***`);
  });

  test.each(
    'request trace span id ids commit pod container node job build run message correlation transaction order image file path version table column bucket index release revision deployment instance task event object row record partition topic shard replica worker process thread'.split(
      ' ',
    ),
  )('names something else: %s', (word) => {
    expect(keyed(`password ${word} ${F}`)).toBe(`password ${word} ${F}`);
  });
});

suite('a user and a password in Base64, which read like a word', () => {
  test.each(['Ym90Ong=', 'Ym90Ong', 'c3ZjOng=', 'Ont4Og', 'passwords=', 'health=='])('%s', (word) => {
    expect(keyed(`Basic ${word}`)).toBe('Basic ***');
  });

  test.each([
    'abcdef=',
    'health=',
    'ab=',
    'cGFz',
    'Ojpa',
    'AppData9',

    'secretly',
    'pass-words$=',
    'words===',
  ])('%s is none', (word) => {
    expect(keyed(`Basic ${word}`)).toBe(`Basic ${word}`);
  });

  test('of at most 400 characters', () => {
    expect(keyed(`Basic ${'word'.repeat(99)}abc=`)).toBe('Basic ***');
    expect(keyed(`Basic ${'word'.repeat(100)}=`)).toBe(`Basic ${'word'.repeat(100)}=`);
  });
});
