import { expect, describe as suite, test } from 'vitest';
import { kindOfStatement, Passage } from '../../../src/internal/redact/passage.ts';
import { Spans } from '../../../src/internal/redact/spans.ts';

const passage = (text: string): Passage => new Passage(text, new Spans());

suite('what an SQL statement is about', () => {
  test.each<[string, string]>([
    ['ALTER USER app PASSWORD $1', 'password'],
    ['create user app password ?', 'password'],
    ['insert into users (user_password, token)', 'password'],
    ['update users set pwd = ?', 'password'],
    ['select token from sessions', 'token'],
    ['set api_key = ?', 'token'],
    ['merge into credentials', 'token'],
    ['call set_secret(?)', 'token'],
    ['exec set_token ?', 'token'],
    ['select name from users', 'none'],
    ['select password_changed_at from users', 'none'],
    ['selected password', 'none'],
    ['password select', 'none'],
    [`select ${'a'.repeat(30)}_password`, 'password'],
    ['', 'none'],
  ])('%s: %s', (text, kind) => {
    expect(kindOfStatement(text)).toBe(kind);
    expect(passage(text).statement).toBe(kind);
  });
});

suite('texts about OAuth', () => {
  test.each([
    'grant_type=x',
    'redirect_uri',
    'client_secret',
    'client_id',
    'code_verifier',
    'authorization_code',
    'OAuth',
    '?state=',
    '&state=',
  ])('%s is one', (text) => {
    expect(passage(`x ${text} y`).speaksOAuth).toBe(true);
  });

  test.each(['state=open', 'code=1', 'grant'])('%s is none', (text) => {
    expect(passage(text).speaksOAuth).toBe(false);
  });
});

suite('lines', () => {
  test.each<[string, number, number]>([
    ['ab\ncd', 0, 2],
    ['ab\rcd', 0, 2],
    ['ab\\ncd', 0, 2],
    ['ab\\rcd', 0, 2],
    ['ab\\tcd', 0, 6],
    ['ab\ncd', 2, 2],
    ['ab\ncd', 3, 5],
    ['ab', 0, 2],
    ['', 0, 0],
  ])('%j: the line at %i ends at %i', (text, at, end) => {
    expect(passage(text).lineEnd(at)).toBe(end);
  });

  test('are found again in any order', () => {
    const lines = passage('ab\ncd\nef');
    expect([3, 0, 7, 4, 5, 2, 1, 8, 6].map((at) => lines.lineEnd(at))).toEqual([5, 2, 8, 5, 5, 2, 2, 8, 8]);
  });
});

suite('brackets', () => {
  test.each<[string, number, number]>([
    ['(a)', 0, 2],
    ['[(a)b]', 0, 5],
    ['[(a)b]', 1, 3],
    ['{a', 0, 2],
    ['{a)}', 0, 3],
    ['(a]', 0, 3],
    ['("a)" b)', 0, 7],
    ['(\\"a) b)', 0, 4],
    ['("a) b)', 0, 7],
    ['a)(b)', 2, 4],
    ['{[}]', 0, 4],
    ['{[}]', 1, 3],
  ])('%j: the bracket at %i closes at %i', (text, at, end) => {
    expect(passage(text).closingOf(at)).toBe(end);
  });
});

suite('a part that was found harmless', () => {
  test('is remembered from its second character on, if it is long', () => {
    const text = passage('x'.repeat(60));
    expect(text.isMarkedHarmless(1)).toBe(false);
    text.markHarmless(10, 33);
    expect(text.isMarkedHarmless(20)).toBe(false);
    text.markHarmless(10, 34);
    expect([9, 10, 11, 33, 34].map((at) => text.isMarkedHarmless(at))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });
});
