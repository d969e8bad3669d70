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
