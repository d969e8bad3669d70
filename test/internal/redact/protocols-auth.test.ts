import { expect, describe as suite, test } from 'vitest';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskProtocols } from '../../../src/internal/redact/protocols.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const protocols = maskedBy((text, spans) => maskProtocols(new Passage(text, spans)));

suite('AUTH of Redis and SMTP', () => {
  test.each<[string, string]>([
    ['AUTH app a1', 'AUTH app ***'],
    ['AUTH a1', 'AUTH ***'],
    ['AUTH2 a1', 'AUTH2 ***'],
    ['SETUSER app >a1', 'SETUSER app >***'],
    ['REQUIREPASS a1', 'REQUIREPASS ***'],
    ['requirepass a1', 'requirepass ***'],
    ['masterauth a1', 'masterauth ***'],
    ['MASTERAUTH a1', 'MASTERAUTH ***'],
    ['set auth a1', 'set auth ***'],
    ['set auth 0 a1', 'set auth 0 ***'],
    ['set auth 0 0 20 a1', 'set auth 0 0 20 ***'],
    [`set auth 0 0 20 4 ${F}`, 'set auth 0 0 20 4 ***'],
    ['AUTH "a1"', 'AUTH "***"'],
    ['AUTH <a1>', 'AUTH ***>'],
    ['AUTH [a1]', 'AUTH [***]'],
    ["AUTH 'app', 'a1'", "AUTH 'app', '***'"],
    ['AUTH app password a1', 'AUTH app password ***'],
    ['AUTH x: a1', 'AUTH x: ***'],
    ['AUTH failed: a1', 'AUTH failed: ***'],
    ['AUTH ~* +@all a1', 'AUTH ~* +@all ***'],
    ['AUTH 12 a1', 'AUTH 12 ***'],
  ])('%j', (text, expected) => {
    expect(protocols(text)).toBe(expected);
  });

  test.each([
    'XAUTH a1',
    'AUTHX a1',
    '-AUTH a1',
    'AUTH-X a1',
    'auth a1',
    'AUTH app password',
    'AUTH app x y a1',
  ])('%j stays', (text) => {
    expect(protocols(text)).toBe(text);
  });
});

suite('mechanisms of SASL', () => {
  test.each<[string, string]>([
    ['AUTH PLAIN YXBw', 'AUTH PLAIN ***'],
    ['AUTH LOGIN YXBw', 'AUTH LOGIN ***'],
    ['AUTH XOAUTH2 YXBw', 'AUTH XOAUTH2 ***'],
    ['AUTH OAUTHBEARER YXBw', 'AUTH OAUTHBEARER ***'],
    ['AUTH CRAM-MD5 YXBw', 'AUTH CRAM-MD5 ***'],
    ['AUTH DIGEST-MD5 YXBw', 'AUTH DIGEST-MD5 ***'],
    ['AUTH NTLM YXBw', 'AUTH NTLM ***'],
    ['AUTH GSSAPI YXBw', 'AUTH GSSAPI ***'],
    ['AUTH SCRAM-SHA-1 YXBw', 'AUTH SCRAM-SHA-1 ***'],
    ['AUTH SCRAM-SHA-256 YXBw', 'AUTH SCRAM-SHA-256 ***'],
    ['AUTH SCRAM-SHA-256-PLUS YXBw', 'AUTH SCRAM-SHA-256-PLUS ***'],
    ['AUTH EXTERNAL YXBw', 'AUTH EXTERNAL ***'],
    ['AUTH PLAIN YX=', 'AUTH PLAIN ***'],
    ['AUTH PLAIN YXBwYXBw', 'AUTH PLAIN ***'],
    ['AUTH LOGIN\nYXBw\nYXBw', 'AUTH LOGIN\n***\n***'],
    ['AUTH LOGIN a b c d e f g h YXBw', 'AUTH LOGIN a b c d e f g h ***'],
    ['334 VXNlcm5hbWU6 YXBw', '334 VXNlcm5hbWU6 ***'],
    ['334 UGFzc3dvcmQ6 YXBw', '334 UGFzc3dvcmQ6 ***'],
  ])('%j', (text, expected) => {
    expect(protocols(text)).toBe(expected);
  });

  test.each([
    'AUTH PLAINX YXBw',
    'AUTH XPLAIN YXBw',
    'AUTH SCRAM-SHA-x YXBw',
    'AUTH PLAIN YXB',
    'AUTH PLAIN Y=',
    'AUTH PLAIN YX===',
    'AUTH PLAIN yxbw',
    'AUTH PLAIN YXBW',
    'AUTH PLAIN Yxbw',
    'AUTH PLAIN YXB$',
    'AUTH PLAIN failed',
    'AUTH LOGIN a b c d e f g h i YXBw',
    '334 other YXBw',
    '335 UGFzc3dvcmQ6 YXBw',
  ])('%j stays', (text) => {
    expect(protocols(text)).toBe(text);
  });
});
