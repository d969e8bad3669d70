import { expect, describe as suite, test } from 'vitest';
import { viewsOf } from '../../../src/internal/redact/views.ts';

suite('views of a text', () => {
  test.each<[string, string]>([
    ['a', 'a'],
    ['a\u200bb', 'ab'],
    ['ａ＝', 'a='],
    ['\u001b[31ma\u001b[0m', 'a'],
    ['a\0b', 'ab'],
    ['%3a%20', ':%20'],
    ['%253A', ':'],
    ['&quot;&#39;&#x3D;&amp;', '"\'=&'],
    ['\\u0022\\x3d', '"='],
  ])('%j can be read as %j', (text, read) => {
    expect(viewsOf(text).map((view) => view.text)).toContain(read);
  });

  test('places lead back to the original', () => {
    const view = viewsOf('a\u200bb%3dc').at(-1);
    expect(view?.text).toBe('ab=c');
    expect([...(view?.places ?? [])]).toEqual([0, 2, 3, 6, 7]);
  });
});

suite('escapes and invisible characters', () => {
  const read = (text: string): string[] => viewsOf(text).map((view) => view.text);

  test.each<[string, string]>([
    ['%3A', ':'],
    ['%3a', ':'],
    ['%3D', '='],
    ['%3d', '='],
    ['%40', '@'],
    ['%22', '"'],
    ['%26', '&'],
    ['%27', "'"],
    ['%2F', '/'],
    ['%2f', '/'],
    ['%5B', '['],
    ['%5d', ']'],
    ['%7B', '{'],
    ['%7d', '}'],
    ['%253A', ':'],
    ['%25253A', ':'],
    ['%2525253A', ':'],
    ['&quot;', '"'],
    ['&apos;', "'"],
    ['&amp;', '&'],
    ['&lt;', '<'],
    ['&gt;', '>'],
    ['&#58;', ':'],
    ['&#100;', 'd'],
    ['&#x3a;', ':'],
    ['\\u003d', '='],
    ['\\x3D', '='],
    ['%3A%41', ':A'],
    ['%3A%7E', ':~'],
    ['%3A%21', ':!'],
  ])('%s is read as %s', (text, meant) => {
    expect(read(`a${text}b`)).toEqual([`a${text}b`, `a${meant}b`]);
  });

  test.each(['%3A%20', '%3A%7F', '%3A%0a', '%3A&#10;', '%3A&#1;', '%3A&#1000;', '%3A&nbsp;', '%3A\\u1041'])(
    'what follows %s stays escaped',
    (text) => {
      expect(read(text).at(-1)).toBe(text.replace('%3A', ':'));
    },
  );

  test.each(['%41', '&nbsp;', '\\n', '50%', 'a&b', '%2', '%3C'])('%s alone is plain text', (text) => {
    expect(read(text)).toEqual([text]);
  });

  test.each<[string, string]>([
    ['\u034f', ''],
    ['\ufe0f', ''],
    ['\u00ad', ''],
    ['\u001b[31;1m', ''],
    ['！', '!'],
    ['～', '~'],
  ])('%j is read as %j', (text, meant) => {
    expect(read(`a${text}b`)).toEqual([`a${meant}b`]);
  });

  test('control characters are read both ways, white space and the delete character only one', () => {
    expect(read('a\u0001b')).toEqual(['ab', 'a\u0001b']);
    expect(read('a\u001fb\u200bc')).toEqual(['abc', 'a\u001fbc']);
    expect(read('a\tb\nc\rd')).toEqual(['a\tb\nc\rd']);
    expect(read('a\u007fb')).toEqual(['a\u007fb']);
  });

  test('places lead back through two readings', () => {
    const view = viewsOf('\u200ba%3db\u0001').at(-1);
    expect(view?.text).toBe('a=b\u0001');
    expect([...(view?.places ?? [])]).toEqual([1, 2, 5, 6, 7]);
  });
});
