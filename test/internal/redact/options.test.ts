import { expect, describe as suite, test } from 'vitest';
import { maskKeyed } from '../../../src/internal/redact/keyed.ts';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const keyed = maskedBy((text, spans) => maskKeyed(new Passage(text, spans)));

suite('options of commands', () => {
  test.each<[string, string]>([
    ['--password dragon', '--password ***'],
    ['--password    dragon', '--password    ***'],
    ["--password 'a b'", "--password '***'"],
    ['--token dragon', '--token ***'],
    [`--token ${F}`, '--token ***'],
    [`--auth ${F}`, '--auth ***'],
    ['--token needsx', '--token ***'],
    ['--token xneeds', '--token ***'],
    ['--password dragon, to', '--password ***, to'],
    ['--password dragonx', '--password ***'],
    ['--password dragon at', '--password *** at'],
    ['--password dragon  is bad', '--password ***  is bad'],
    ['--password 1234', '--password ***'],
    ['--password hunter2 is', '--password *** is'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    '--auth dragon',
    `--auth the ${F}`,
    '--password -x',
    '--password is required',
    '--token needs a value',
    '--token need a value',
    '--token requires a value',
    '--token require a value',
    '--password option',
    '--password dragon is bad',
    '--password dragon for x',
    '--token dragon is',
    '--password 123',
    '--password Dragon is bad',
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});
