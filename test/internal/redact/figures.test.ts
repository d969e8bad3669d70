import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, describe as suite, test } from 'vitest';
import { redact } from '../../../src/internal/redact/redact.ts';
import { harmless, planted, plantedFrom } from '../../helpers/redaction.ts';

const SAMPLES = { seed: 20_250_101, numRuns: Number(process.env.REDACTION_SAMPLES ?? 4_000) };

function isHidden({ text, secrets }: { text: string; secrets: readonly string[] }): boolean {
  const redacted = redact(text);
  return !secrets.some((secret) => redacted.includes(secret));
}

/** The part of the samples that passes, in per cent, with the failures shown when there are too many. */
function share<T>(arbitrary: fc.Arbitrary<T>, passes: (sample: T) => boolean, least: number): number {
  const samples = fc.sample(arbitrary, SAMPLES);
  const failures = samples.filter((sample) => !passes(sample));
  const percent = 100 * (1 - failures.length / samples.length);
  if (percent < least) console.log(failures.slice(0, 40));
  return percent;
}

suite('redaction in figures', () => {
  test('secrets of every kind, quoting, spacing and place are hidden, and harmless texts unchanged', () => {
    const hidden = share(planted, isHidden, 98);
    const unchanged = share(harmless, (text) => redact(text) === text, 98);
    console.log(`generated: ${hidden.toFixed(2)} % hidden, ${unchanged.toFixed(2)} % unchanged`);
    expect(hidden).toBeGreaterThanOrEqual(98);
    expect(unchanged).toBeGreaterThanOrEqual(98);
  });

  // a file of { secrets: [{ text, hidden }], harmless: [text] } to measure against
  const file = process.env.REDACTION_FILE;
  test.runIf(file !== undefined)('the same of the templates of a file', () => {
    const source = JSON.parse(readFileSync(file as string, 'utf8'));
    const templates: string[] = source.secrets.map(({ text }: { text: string }) => text);
    const plain = share(fc.constantFrom(...source.harmless), (text) => redact(text) === text, 100);
    const own = templates.filter((text) =>
      isHidden({
        text: text.replaceAll('{F}', 'k3Xq9ZmB2v').replaceAll('{G}', 'W7tn4YpLs0'),
        secrets: ['k3Xq9ZmB2v', 'W7tn4YpLs0'],
      }),
    ).length;
    console.log(
      `file: ${((100 * own) / templates.length).toFixed(2)} % hidden, ${plain.toFixed(2)} % unchanged`,
    );
    const varied = share(plantedFrom(templates), isHidden, 98);
    console.log(`file, varied: ${varied.toFixed(2)} % hidden`);
    expect(varied).toBeGreaterThanOrEqual(98);
  });
});
