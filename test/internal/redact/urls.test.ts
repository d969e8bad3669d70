import { expect, describe as suite, test } from 'vitest';
import { maskUrls } from '../../../src/internal/redact/urls.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const urls = maskedBy(maskUrls);

suite('URLs', () => {
  test.each<[string, string]>([
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
