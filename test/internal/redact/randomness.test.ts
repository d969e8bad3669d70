import { expect, describe as suite, test } from 'vitest';
import { isRandomRun } from '../../../src/internal/redact/randomness.ts';

suite('runs of letters and digits', () => {
  test.each(['k3Xq9ZmB2v', 'q7zk2m9xvb', 'xkqwzvbnjt', 'ABXKQZWVTR', 'aBcXyZqWvK', 'a1b2c3x9'])(
    '%s looks random',
    (word) => {
      expect(isRandomRun(word)).toBe(true);
    },
  );

  test.each(
    'password refused ECONNREFUSED getUserById XMLHttpRequest users42 12345678 deadbeef42 9F02699ABC v1beta1 log4j2 sha256 oauth2 abc12 kubectl secp256k1'.split(
      ' ',
    ),
  )('%s does not', (word) => {
    expect(isRandomRun(word)).toBe(false);
  });

  // a pair of letters for each row of the table
  test.each(
    'dqmhwp eqxzkj fuqxgk gxqhzk hxzqik foidzn lqxzmk mlkuvx OmvOkg pqxzfk rqxzlk sfsfeh uqxzhk ydvjip'.split(
      ' ',
    ),
  )('%s looks random by its pairs of letters', (word) => {
    expect(isRandomRun(word)).toBe(true);
  });
});

suite('names with digits in the middle', () => {
  test.each(
    'v33pp86 v2auqh60 v3a55 v12alpha3 V1Beta2 log4j2 x509v3 secp384r1 aw44x22 w0x2 win32x64 utf16le'.split(
      ' ',
    ),
  )('%s is known', (word) => {
    expect(isRandomRun(word)).toBe(false);
  });

  test.each('v2auqhxyz60 log4j2x w0x2ab secp256k12 xkcd1x22y xv2beta1 1v2beta3 v2b3c4'.split(' '))(
    '%s is not',
    (word) => {
      expect(isRandomRun(word)).toBe(true);
    },
  );
});

suite('how odd the letters may be', () => {
  // letters, and whether the digits part them
  test.each('oesiiu sworgb ersnuoi gintnrsx Til1r1 706cl1'.split(' '))('%s is not odd enough', (word) => {
    expect(isRandomRun(word)).toBe(false);
  });

  test.each('iuataeu eonuusanr nsrtSSs2 n1ssaeen 27v304 1es1or1 Pi9Xp1'.split(' '))('%s is', (word) => {
    expect(isRandomRun(word)).toBe(true);
  });
});

suite('the words in a run', () => {
  test.each('fEkWNt kLyEhQ AlE1aT'.split(' '))('of %s change too often', (word) => {
    expect(isRandomRun(word)).toBe(true);
  });

  test.each('URLParser JSONTokener HTTPServer getURL 9taxot 2GpITY'.split(' '))(
    'of %s read like words',
    (word) => {
      expect(isRandomRun(word)).toBe(false);
    },
  );
});
