import { expect, describe as suite, test } from 'vitest';
import { cleanText } from '../../../src/internal/redact/clean-text.ts';
import { makeRedactor, WITHHELD } from '../../../src/internal/redact/make-redactor.ts';
import { redact } from '../../../src/internal/redact/redact.ts';

suite('a custom redactor', () => {
  test('is not needed', () => {
    expect(makeRedactor()).toBe(redact);
    expect(makeRedactor(undefined)).toBe(redact);
  });

  test('gets what we left, and its result counts', () => {
    const seen: string[] = [];
    const redactor = makeRedactor((text) => {
      seen.push(text);
      return text.replace('ACC-12', 'ACC-***');
    });
    expect(redactor('account ACC-12, password=x')).toBe('account ACC-***, password=***');
    expect(seen).toEqual(['account ACC-12, password=***']);
  });

  test.each<[string, (text: string) => unknown]>([
    [
      'throws',
      (text) => {
        throw new Error(text);
      },
    ],
    ['returns nothing', () => undefined],
    ['returns a number', () => 1],
    ['returns an object', (text) => ({ toString: () => text })],
    ['is async', async (text) => text],
    [
      'rejects',
      async (text) => {
        throw new Error(text);
      },
    ],
  ])('that %s has the text withheld', async (_how, custom) => {
    const redactor = makeRedactor(custom as (text: string) => string);
    expect(redactor('account ACC-12')).toBe('[withheld: the redact option failed]');
    expect(cleanText('account\nACC-12', redactor)).toBe(WITHHELD);
    // an unhandled rejection would fail this run
    await new Promise((resolve) => setTimeout(resolve, 1));
  });

  test('cannot bring line breaks or more than the greatest length into a text', () => {
    expect(
      cleanText(
        'x',
        makeRedactor(() => `a\nb${'x'.repeat(5_000)}`),
      ),
    ).toMatch(/^a bx{1020}…$/);
  });
});
