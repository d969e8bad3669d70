import { expect, describe as suite, test } from 'vitest';
import { maskAtSigns } from '../../../src/internal/redact/at-signs.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const atSigns = maskedBy(maskAtSigns);

suite('users and passwords before an @', () => {
  test.each<[string, string]>([
    ['scott/"x y"@(DESCRIPTION=…)', 'scott/"***"@(DESCRIPTION=…)'],
    ['"x"@y', '"x"@y'],
    [`app:${F}@db`, '***@db'],
    [`next=app:${F}@db`, 'next=***@db'],
    [`(app:${F}@db)`, '(***@db)'],
    [`"app:${F}@db"`, '"***@db"'],
    [`app/${F}@db`, 'app/***@db'],
    ['jdbc:oracle:thin:app/tiger@db', 'jdbc:oracle:thin:app/***@db'],
    [':abc@db', '***@db'],
    [':ab@db', ':ab@db'],
    ['app:p@ss1x@db', '***@db'],
    ['app:s3cret@db', '***@db'],
    ['app:pa$$@db', '***@db'],
    [`user:${F}@h`, '***@h'],
    ['mailto:j0hn@x', 'mailto:j0hn@x'],
    ['xmpp:al1ce@x', 'xmpp:al1ce@x'],
    ['job:daily@eu', 'job:daily@eu'],
    ['a:1@b:2', 'a:1@b:2'],
    ['lag:12ms@b', 'lag:12ms@b'],
    ['x/y:1.2@sha256:abcd', 'x/y:1.2@sha256:abcd'],
    ['git@github.com:org/repo', 'git@github.com:org/repo'],
    [`pkg/${F}@1.2`, `pkg/${F}@1.2`],
    ['actions/checkout@v4', 'actions/checkout@v4'],
    ['bob@example.com', 'bob@example.com'],
    ['@', '@'],
  ])('%s', (text, expected) => {
    expect(atSigns(text)).toBe(expected);
  });
});
