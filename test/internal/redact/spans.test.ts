import { expect, describe as suite, test } from 'vitest';
import { Spans } from '../../../src/internal/redact/spans.ts';

function masked(text: string, ...spans: [number, number][]): string {
  const all = new Spans();
  for (const [start, end] of spans) all.add(start, end);
  return all.applyTo(text);
}

suite('parts of a text', () => {
  test.each<[string, [number, number][], string]>([
    ['none', [], 'abcdef'],
    ['one', [[1, 3]], 'a***def'],
    ['empty', [[1, 1]], 'abcdef'],
    ['backwards', [[3, 1]], 'abcdef'],
    [
      'at the start and at the end',
      [
        [0, 1],
        [5, 6],
      ],
      '***bcde***',
    ],
    [
      'in any order',
      [
        [4, 5],
        [1, 2],
      ],
      'a***cd***f',
    ],
    [
      'next to each other',
      [
        [1, 3],
        [3, 5],
      ],
      'a***f',
    ],
    [
      'overlapping',
      [
        [1, 4],
        [2, 5],
      ],
      'a***f',
    ],
    [
      'one in another',
      [
        [1, 5],
        [2, 3],
      ],
      'a***f',
    ],
    [
      'one in another that ends with it',
      [
        [2, 5],
        [1, 5],
      ],
      'a***f',
    ],
    [
      'that begin together',
      [
        [1, 2],
        [1, 4],
      ],
      'a***ef',
    ],
    [
      'twice the same',
      [
        [1, 3],
        [1, 3],
      ],
      'a***def',
    ],
  ])('%s', (_what, spans, expected) => {
    expect(masked('abcdef', ...spans)).toBe(expected);
  });

  test('of another view keep their positions in the original', () => {
    const all = new Spans();
    const view = new Spans(Uint32Array.of(0, 2, 3, 6, 7));
    view.add(1, 3);
    all.addAll(view);
    expect(all.applyTo('a_bcd_e')).toBe('a_***e');
  });
});
