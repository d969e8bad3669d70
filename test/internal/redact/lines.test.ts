import { expect, describe as suite, test } from 'vitest';
import { cleanText } from '../../../src/internal/redact/clean-text.ts';
import { redact } from '../../../src/internal/redact/redact.ts';
import { HARMLESS_LINES, SECRET_LINES } from '../../fixtures/credential-lines.ts';
import { HARMLESS, SECRETS } from '../../fixtures/credentials.ts';

type Pair = readonly [string, string];

/** What stands for the secrets: letters and digits of both cases, and of one. */
const BOTH_CASES: Pair = ['k3Xq9ZmB2v', 'W7tn4YpLs0'];
const ONE_CASE: Pair = ['q7zk2m9xvb', 'x0w4jr8tnc'];

const lines = [...SECRET_LINES, ...SECRETS.map(({ text }) => text)];

function filled(line: string, [first, second]: Pair): string {
  return line.split('{F}').join(first).split('{G}').join(second);
}

/** The lines that `show` shows a secret of. */
function leaks(pair: Pair, show: (text: string) => string): string[] {
  return lines
    .map((line) => filled(line, pair))
    .filter((text) => pair.some((secret) => show(text).includes(secret)));
}

suite('lines with secrets', () => {
  test('do not show them', () => {
    expect(leaks(BOTH_CASES, redact)).toEqual([]);
    expect(leaks(ONE_CASE, redact)).toEqual([]);
  });

  test('do not show them on one line either', () => {
    expect(leaks(BOTH_CASES, cleanText)).toEqual([]);
  });

  test('keep the text around the secrets', async () => {
    const redacted = lines.map((line) => JSON.stringify(redact(filled(line, BOTH_CASES))));
    await expect(`${redacted.join('\n')}\n`).toMatchFileSnapshot('../../golden/redacted-lines.txt');
  });

  test('are the same when they are redacted twice', () => {
    const redacted = lines.map((line) => redact(filled(line, BOTH_CASES)));
    expect(redacted.filter((text) => redact(text) !== text)).toEqual([]);
  });
});

suite('lines without secrets', () => {
  const harmless = [...HARMLESS_LINES, ...HARMLESS];

  test('come out as they are', () => {
    expect(harmless.filter((line) => redact(line) !== line)).toEqual([]);
  });

  test('come out as they are within sentences', () => {
    const sentences = harmless.flatMap((line) => [`check failed: ${line}`, `${line} (attempt 2 of 5)`]);
    expect(sentences.filter((line) => redact(line) !== line)).toEqual([]);
  });
});
