import { expect, describe as suite, test } from 'vitest';
import { maskAtSigns } from '../../../src/internal/redact/at-signs.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const atSigns = maskedBy(maskAtSigns);

suite('users and passwords before an @', () => {
  test.each<[string, string]>([
    ['mailto:a@x.com,b@y.com', 'mailto:a@x.com,b@y.com'],
    ['nats:p@ss1x@h', '***@h'],
    [`(app/${F}@db)`, '(app/***@db)'],
    [`url=app/${F}@db`, 'url=app/***@db'],
    [`/lib/app/${F}@db`, `/lib/app/${F}@db`],
    ['scott/"x y"@(DESCRIPTION=…)', 'scott/"***"@(DESCRIPTION=…)'],
    ['"x"@y', '"x"@y'],
    [`app:${F}@db`, '***@db'],
    [`next=app:${F}@db`, 'next=***@db'],
    [`(app:${F}@db)`, '(***@db)'],
    [`"app:${F}@db"`, '"***@db"'],
    [`app/${F}@db`, 'app/***@db'],
    ['jdbc:oracle:thin:app/tiger@db', 'jdbc:oracle:thin:app/***@db'],
    [':abc@db', '***@db'],
    [':ab@db', ':ab@db'],
    ['app:p@ss1x@db', '***@db'],
    ['app:s3cret@db', '***@db'],
    ['app:pa$$@db', '***@db'],
    [`user:${F}@h`, '***@h'],
    ['mailto:j0hn@x', 'mailto:j0hn@x'],
    ['xmpp:al1ce@x', 'xmpp:al1ce@x'],
    ['job:daily@eu', 'job:daily@eu'],
    ['a:1@b:2', 'a:1@b:2'],
    ['lag:12ms@b', 'lag:12ms@b'],
    ['x/y:1.2@sha256:abcd', 'x/y:1.2@sha256:abcd'],
    ['git@github.com:org/repo', 'git@github.com:org/repo'],
    [`pkg/${F}@1.2`, `pkg/${F}@1.2`],
    ['actions/checkout@v4', 'actions/checkout@v4'],
    ['bob@example.com', 'bob@example.com'],
    ['@', '@'],
  ])('%s', (text, expected) => {
    expect(atSigns(text)).toBe(expected);
  });
});

suite('names before a colon that are no users', () => {
  test.each<[string, string]>([
    ['xmailto:b0b@h', '***@h'],
    ['gitx:b0b@h', '***@h'],
    ['sipss:b0b@h', '***@h'],
    [`user:${F}@h`, '***@h'],
    [`git:${F}@h`, '***@h'],
    [`docker:${F}@h`, '***@h'],
    [`users:${F}@h`, '***@h'],
    ['mail:a:b1c@h', '***@h'],
  ])('%j', (text, expected) => {
    expect(atSigns(text)).toBe(expected);
  });

  test.each([
    'mailto:bob7x@h',
    'xmpp:bob7x@h',
    'sip:bob7x@h',
    'sips:bob7x@h',
    'im:bob7x@h',
    'acct:bob7x@h',
    'from:bob7x@h',
    'to:bob7x@h',
    'cc:bob7x@h',
    'bcc:bob7x@h',
    'reply-to:bob7x@h',
    'sender:bob7x@h',
    'smtp:bob7x@h',
    'email:bob7x@h',
    'mail:bob7x@h',
    'user:bob7x@h',
    'tel:bob7x@h',
    'nats:bob7x@h',
    'jid:bob7x@h',
    'urn:bob7x@h',
    'npm:bob7x@h',
    'git:bob7x@h',
    'pkg:bob7x@h',
    'docker:bob7x@h',
    'image:bob7x@h',
    'sha1:bob7x@h',
    'sha256:bob7x@h',
    `cc:${F}@h`,
    `npm:${F}@h`,
  ])('%j stays', (text) => {
    expect(atSigns(text)).toBe(text);
  });
});

suite('passwords between a colon and an @', () => {
  test.each<[string, string]>([
    ['app:p@ss1x@db', '***@db'],
    ['app:{@x@db', '***@db'],
    ['app:p@1a@db', '***@db'],
    ['app:p@a1@db', '***@db'],
    ['app:wo$rd@db', '***@db'],
    ['app:wo12rd@db', '***@db'],
    [':abc@db', '***@db'],
    ['&app:s3cret@db', '&***@db'],
    [';app:s3cret@db', ';***@db'],
    ['[app:s3cret@db', '[***@db'],
    ['{app:s3cret@db', '{***@db'],
    ['/app:s3cret@db', '/***@db'],
    ['|app:s3cret@db', '|***@db'],
    ['?app:s3cret@db', '?***@db'],
    [',app:s3cret@db', ',***@db'],
  ])('%j', (text, expected) => {
    expect(atSigns(text)).toBe(expected);
  });

  test.each([
    'app:1@2@db',
    'app:p@s/s1@db',
    'app:pa@ss@db',
    'app:/p@ss1@db',
    'app:word@db',
    'app:12ms@db',
    'app:1h@db',
    'app:a12m@db',
    'app:@db',
    'a@b:c',
    'x=:abc@db',
  ])('%j stays', (text) => {
    expect(atSigns(text)).toBe(text);
  });
});

suite('digests behind an @', () => {
  test.each<[string, string]>([
    ['app:b7xk2m9q@h/sha256:9f02', '***@h/sha256:9f02'],
    ['app:b7xk2m9q@xmd5:9f02', '***@xmd5:9f02'],
    ['app:b7xk2m9q@shax:9f02', '***@shax:9f02'],
    ['app:b7xk2m9q@md5x', '***@md5x'],
  ])('%j', (text, expected) => {
    expect(atSigns(text)).toBe(expected);
  });

  test.each(['app:b7xk2m9q@sha256:9f02', 'app:b7xk2m9q@md5:9f02'])('%j stays', (text) => {
    expect(atSigns(text)).toBe(text);
  });
});

suite('passwords between a slash and an @', () => {
  test.each<[string, string]>([
    [`app/${F}@db`, 'app/***@db'],
    [`a$b/${F}@db`, 'a$b/***@db'],
    [`app/${F}@vx`, 'app/***@vx'],
    ['jdbc:oracle:thin:app/tiger@db', 'jdbc:oracle:thin:app/***@db'],
  ])('%j', (text, expected) => {
    expect(atSigns(text)).toBe(expected);
  });

  test.each([
    `a/b/${F}@db`,
    `/${F}@db`,
    `app/${F}@v1`,
    `app/${F}@1`,
    'app/word@db',
    'x-jdbc:oracle:thin:app/tiger@db',
    'jdbc:oracle:thin:app/@db',
    'jdbc:oracle:@db',
  ])('%j stays', (text) => {
    expect(atSigns(text)).toBe(text);
  });
});

suite('several of them', () => {
  test.each<[string, string]>([
    ['app:s3cret@db app:s3cret@db', '***@db ***@db'],
    ['app:s3cret@db,app:s3cret@db2', '***@db2'],
    ['<app:s3cret@db>', '<***@db>'],
    ['a://b app:s3cret@db', 'a://b ***@db'],
  ])('%j', (text, expected) => {
    expect(atSigns(text)).toBe(expected);
  });
});
