import { expect, describe as suite, test } from 'vitest';
import { maskUrls } from '../../../src/internal/redact/urls.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const G = 'W7tn4YpLs0';
const urls = maskedBy(maskUrls);

suite('URLs', () => {
  test.each<[string, string]>([
    ['\\"a://u:x@h\\"', '\\"a://***@h\\"'],
    [`\\"a://u:${F}\\" more`, '\\"a://***\\" more'],
    [`https://h/hooks/${'a/'.repeat(293)}${F}`, `https://h/hooks/${'a/'.repeat(293)}***`],
    ['a://u:p@h', 'a://***@h'],
    ['a://u:p@q@h', 'a://***@h'],
    ['a://u:p/q@h', 'a://***@h'],
    ['a://u:p?q@h', 'a://***@h'],
    ['a://u:p@h/x?y=z@w', 'a://***@h/x?y=z@w'],
    ['"a://u:p q@h"', '"a://***@h"'],
    ['a://u:p q@h', 'a://***@h'],
    ["'a://u:p'@h'", "'a://u:p'@h'"],
    ['a://:p@h', 'a://***@h'],
    [`https://${F}@h`, 'https://***@h'],
    ['ssh://git@h', 'ssh://git@h'],
    ['https://h:8080/a@1.2', 'https://h:8080/a@1.2'],
    ['https://h/a@1.2', 'https://h/a@1.2'],
    ['redis://h:6379 refused @ 10', 'redis://h:6379 refused @ 10'],
    ['http://h:port/x', 'http://h:port/x'],
    [`a://u:${F} cut`, 'a://*** cut'],
    ['a://u:plain cut', 'a://u:plain cut'],
    [`https://h/hooks/1/${F}`, 'https://h/hooks/1/***'],
    [`https://h/bot/${F}?x=1`, 'https://h/bot/***?x=1'],
    [`https://h/x/${F}`, `https://h/x/${F}`],
    ['a://u:p@h, b://u:p@h', 'a://***@h, b://***@h'],
    [`https://h/x?next=u:${F}@g`, 'https://h/x?next=***@g'],
    ['://', '://'],
  ])('%s', (text, expected) => {
    expect(urls(text)).toBe(expected);
  });
});

suite('where a URL ends', () => {
  test.each<[string, string]>([
    ['<a://u:p@h>', '<a://***@h>'],
    ['a://u:k3"Xq9ZmB2v', 'a://***'],
    [`a://u:${F}"`, 'a://***"'],
    [`a://u:${F}" y`, 'a://***" y'],
    [`a://u:${F}"; y`, 'a://***"; y'],
    ['a://u:k3"@h', 'a://***@h'],
    [`x "a://u:${F}" y`, 'x "a://***" y'],
    ["'a://u:p\"q@h'", "'a://***@h'"],
  ])('%j', (text, expected) => {
    expect(urls(text)).toBe(expected);
  });

  test.each([`https://h/hooks/x>${F}`, `https://h/hooks/x<${F}`])('%j stays', (text) => {
    expect(urls(text)).toBe(text);
  });
});

suite('ports', () => {
  test.each<[string, string]>([
    [`a://h:${F}port4`, 'a://***'],
    ['redis://u:12/x@h', 'redis://***@h'],
    ['a://h:123456/x@y', 'a://***@y'],
    ['ftps://h:21/a@b', 'ftps://***@b'],
    ['xhttps://h:80/a@b', 'xhttps://***@b'],
  ])('%j', (text, expected) => {
    expect(urls(text)).toBe(expected);
  });

  test.each([
    'a://h:dbport',
    'redis://h:$REDIS_PORT/0',
    'redis://h:<port>/0',
    'amqp://mq:5672 x@y',
    'redis://h:6379/0@4',
    'a://h:80) x@y',
  ])('%j stays', (text) => {
    expect(urls(text)).toBe(text);
  });
});

suite('users and passwords in the authority', () => {
  test.each<[string, string]>([
    ['a://u:p@q/r@h', 'a://***@h'],
    ['a://u:p:q@h', 'a://***@h'],
    ['http://app5proto@h', 'http://***@h'],
    ['https://app5proto@h', 'https://***@h'],
    ['http://a1b2c3d4@h', 'http://***@h'],
    ['a://9f02699abcdef012@h', 'a://***@h'],
    ['https://to/k3n#x4y@h', 'https://***@h'],
    ['https://to/x@h/#a1b@c', 'https://***@c'],
  ])('%j', (text, expected) => {
    expect(urls(text)).toBe(expected);
  });

  test.each([
    'a://app5proto@h',
    'httpx://app5proto@h',
    'x-http://app5proto@h',
    'http://app5proto=@h',
    'http://12345678@h',
    'http://pro5to@h',
    'a://9f02699abcdef01@h',
    'a://x=9f02699abcdef012@h',
    'a://9f02699abcdef012=@h',
    'https://to/k3n#x@h',
  ])('%j stays', (text) => {
    expect(urls(text)).toBe(text);
  });
});

suite('passwords with white space', () => {
  test.each<[string, string]>([
    ['a://u:p q@h x@y', 'a://***@h x@y'],
    ['a://u:b c d e@h', 'a://***@h'],
    ['"a://u:b c d e f g h i j@h"', '"a://***@h"'],
    ['a://u:b c@h a://v:d@h', 'a://***@h a://***@h'],
  ])('%j', (text, expected) => {
    expect(urls(text)).toBe(expected);
  });

  test.each([
    'a://u:b c d e f@h',
    '"a://u:b c d e f g h i j k@h"',
    'a://u:b @ c',
    'a://u:b c@ d',
    'a://u:b\nc@h',
    '"a://u:b" c@h',
    'a://u:x-q79xvb cut',
  ])('%j stays', (text) => {
    expect(urls(text)).toBe(text);
  });
});

suite('secret segments of a path', () => {
  test.each<[string, string]>([
    [`https://hc-ping.com/${F}/db`, 'https://hc-ping.com/***/db'],
    [`https://h/hooks/${F}+x/y`, 'https://h/hooks/***/y'],
    [`https://h/hooks/?x=${F}#${G}`, 'https://h/hooks/?x=***#***'],
  ])('%j', (text, expected) => {
    expect(urls(text)).toBe(expected);
  });

  test.each(['https://h/hooks/4+', 'https://h/hooks/TeamChannelPost10', `https://h/v4/${F}`])(
    '%j stays',
    (text) => {
      expect(urls(text)).toBe(text);
    },
  );
});

suite('where HTTP is spoken, a port and an @ in the path', () => {
  test.each('http https ws wss ftp git oci docker file s3 gs'.split(' '))('are no password: %s', (scheme) => {
    expect(urls(`${scheme}://h:80/a@b`)).toBe(`${scheme}://h:80/a@b`);
  });
});

suite('after segments of paths that announce one, a secret is masked', () => {
  test.each(
    'hook hooks webhook webhooks web-hook web-hooks webhookb2 services inputs receiver integration integrations catch workflows token tokens reset reset-password password-reset verify confirm activate magic invite invitation invitations unsubscribe triggers push ping bot http v2 v3'.split(
      ' ',
    ),
  )('%s', (segment) => {
    expect(urls(`https://h/${segment}/${F}`)).toBe(`https://h/${segment}/***`);
  });
});

suite('how far a password with white space may reach', () => {
  test('160 characters behind the first of it', () => {
    expect(urls(`a://u:b ${'c'.repeat(158)}@h`)).toBe('a://***@h');
    expect(urls(`a://u:b ${'c'.repeat(159)}@h`)).toBe(`a://u:b ${'c'.repeat(159)}@h`);
  });
});
