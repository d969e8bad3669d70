import { expect, describe as suite, test } from 'vitest';
import { remembered } from '../../src/internal/remembered.ts';

/** The length of a string, with a list of the strings that it was computed for. */
function lengths() {
  const computed: string[] = [];
  const lengthOf = remembered((text) => {
    computed.push(text);
    return text.length;
  });
  return { computed, lengthOf };
}

suite('a function that remembers its results', () => {
  test('computes each string once', () => {
    const { computed, lengthOf } = lengths();
    expect(['a', 'bb', 'a', 'bb'].map(lengthOf)).toEqual([1, 2, 1, 2]);
    expect(computed).toEqual(['a', 'bb']);
  });

  test('remembers strings of up to 80 characters', () => {
    const { computed, lengthOf } = lengths();
    for (const length of [80, 81, 80, 81]) expect(lengthOf('x'.repeat(length))).toBe(length);
    expect(computed.map((text) => text.length)).toEqual([80, 81, 81]);
  });

  test('forgets all of them when it has a thousand', () => {
    const { computed, lengthOf } = lengths();
    for (let number = 0; number < 1_000; number++) lengthOf(String(number));
    lengthOf('0');
    expect(computed).toHaveLength(1_000);
    lengthOf('new');
    lengthOf('0');
    expect(computed).toHaveLength(1_002);
  });
});
