import { expect, describe as suite, test } from 'vitest';
import { cleanText } from '../../../src/internal/redact/clean-text.ts';
import { redact } from '../../../src/internal/redact/redact.ts';
import { HARMLESS_LINES, SECRET_LINES } from '../../fixtures/credential-lines.ts';
import { HARMLESS, SECRETS } from '../../fixtures/credentials.ts';

/** Pairs of what stands for the secrets: of both cases, of one, with few digits and with many. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['k3Xq9ZmB2v', 'W7tn4YpLs0'],
  ['q7zk2m9xvb', 'x0w4jr8tnc'],
];

const lines = [...SECRET_LINES, ...SECRETS.map(({ text }) => text)];

function filled(line: string, [first, second]: readonly [string, string]): string {
  return line.split('{F}').join(first).split('{G}').join(second);
}

suite('lines with secrets', () => {
  test.each(lines)('%j', (line) => {
    for (const pair of PAIRS) {
      const text = filled(line, pair);
      const redacted = redact(text);
      for (const secret of pair) expect(redacted).not.toContain(secret);
      expect(redact(redacted), 'redacting twice is redacting once').toBe(redacted);
      for (const secret of pair) expect(cleanText(text)).not.toContain(secret);
    }
  });

  test('keep what is around the secrets', async () => {
    const redacted = lines.map((line) => JSON.stringify(redact(filled(line, PAIRS[0] as [string, string]))));
    await expect(`${redacted.join('\n')}\n`).toMatchFileSnapshot('../../golden/redacted-lines.txt');
  });
});

suite('lines without secrets come out as they are', () => {
  test.each([...HARMLESS_LINES, ...HARMLESS])('%j', (line) => {
    expect(redact(line)).toBe(line);
    expect(redact(`check failed: ${line}`)).toBe(`check failed: ${line}`);
  });
});
