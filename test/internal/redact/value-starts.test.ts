import { expect, describe as suite, test } from 'vitest';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { Spans } from '../../../src/internal/redact/spans.ts';
import { valueStart } from '../../../src/internal/redact/value-starts.ts';

/** What follows the key in front of `|`, from where its value begins. The key is closed at `^`, or where it ends. */
function valueAfter(marked: string): string | undefined {
  const end = marked.indexOf('|');
  const closed = marked.indexOf('^');
  const text = marked.replace(/[|^]/g, '');
  const start = valueStart(new Passage(text, new Spans()), end, closed === -1 ? end : closed - 1);
  return start === -1 ? undefined : text.slice(start);
}

suite('the value of a key begins after', () => {
  test.each<[string, string, string]>([
    ['an equals sign', 'pw|=x', 'x'],
    ['a colon', 'pw|: x', ' x'],
    ['an arrow of two kinds', 'pw|=>x', 'x'],
    ['an arrow of two kinds', 'pw|->x', 'x'],
    ['an assignment', 'pw|:=x', 'x'],
    ['a comparison', 'pw|==x', 'x'],
    ['spaces', 'pw|  = x', ' x'],
    ['the quote that closes the key', '"pw|"^:x', 'x'],
    ['the number of the key', 'pw| 1: x', ' x'],
    ['a control character', 'pw|\u0001x', 'x'],
    ['the length in PHP', '"pw|"^;s:1:"x"', '"x"'],
    ['the length in escaped PHP', '\\"pw|\\"^;s:1:\\"x\\"', '\\"x\\"'],
    ['`Value:` on the next line', `pw|${' '.repeat(80)}\n  Value: x`, 'x'],
    ['`New value:` on the next line', 'pw| of a\nNew value: x', 'x'],
    ['a colon and an empty line, if a word with digits follows', 'pw| of a:\n\nx1\n', 'x1\n'],
  ])('%s: %j', (_what, marked, value) => {
    expect(valueAfter(marked)).toBe(value);
  });

  test.each([
    'pw| x',
    'pw|::x',
    'pw|-x',
    'pw| 1 x',
    '"pw|"^;x',
    `pw|${' '.repeat(81)}\n  Value: x`,
    'pw| of a\nThe value: x',
    'pw| of a:\n\nx\n',
    'pw| of a:\n\nx 1\n',
  ])('none in %j', (marked) => {
    expect(valueAfter(marked)).toBeUndefined();
  });
});
