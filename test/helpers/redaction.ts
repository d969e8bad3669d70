import fc from 'fast-check';
import { HARMLESS, KEY_NAMES, SECRETS, SENTENCES, SETTINGS, type Template } from '../fixtures/credentials.ts';

/** A text with secrets, and the secrets. */
export interface Planted {
  readonly text: string;
  readonly secrets: readonly string[];
}

const LETTERS_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Ten letters and digits, of both cases or of one. */
const word: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom(...LETTERS_AND_DIGITS), minLength: 10, maxLength: 10 }),
  fc.string({
    unit: fc.constantFrom(...LETTERS_AND_DIGITS.replace(/[A-Z]/g, '')),
    minLength: 10,
    maxLength: 10,
  }),
);

/** Replaces without the meaning that `$&` has in a replacement. */
function put(text: string, mark: string, value: string): string {
  return text.split(mark).join(value);
}

function plant(template: string, first: string, second: string): Planted {
  const text = put(put(template, '{F}', first), '{G}', second);
  return {
    text,
    secrets: [first, second].filter((_, index) => template.includes(index === 0 ? '{F}' : '{G}')),
  };
}

const setting: fc.Arbitrary<Template> = fc
  .tuple(fc.constantFrom(...SETTINGS), fc.constantFrom(...KEY_NAMES))
  .map(([text, name]) => ({ kind: 'setting', text: put(text, '{K}', name) }));

const sentence: fc.Arbitrary<string> = fc.constantFrom(...SENTENCES);

/** Every kind of secret in every sentence, as often as they are many. */
export const planted: fc.Arbitrary<Planted> = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: setting }, { weight: 2, arbitrary: fc.constantFrom(...SECRETS) }),
    sentence,
    word,
    word,
  )
  .map(([{ text }, around, first, second]) => plant(put(around, '{T}', text), first, second));

/** Harmless texts in every sentence. */
export const harmless: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...HARMLESS), sentence)
  .map(([text, around]) => put(around, '{T}', text));

/** Templates of a file of the same form, in the same sentences. */
export function plantedFrom(templates: readonly string[]): fc.Arbitrary<Planted> {
  return fc
    .tuple(fc.constantFrom(...templates), sentence, word, word)
    .map(([text, around, first, second]) => plant(put(around, '{T}', text), first, second));
}
