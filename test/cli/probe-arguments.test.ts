import { describe, expect, test } from 'vitest';
import { DEFAULT_PROBE_TIMEOUT_MS, PROBE_USAGE, readProbeArguments } from '../../src/cli/probe-arguments.ts';

const URL_TEXT = 'http://127.0.0.1:4000/api/v1/health/live';

function accepted(...args: string[]) {
  const read = readProbeArguments(args);
  if (read.kind !== 'probe') throw new Error(`Expected arguments, got ${JSON.stringify(read)}`);
  return read.arguments;
}

function issues(...args: string[]): readonly string[] {
  const read = readProbeArguments(args);
  return read.kind === 'wrong' ? read.issues : [];
}

describe('the arguments of a probe', () => {
  test('a URL alone is enough', () => {
    const { url, ...rest } = accepted(URL_TEXT);
    expect(url.href).toBe(URL_TEXT);
    expect(rest).toEqual({ zone: undefined, timeoutMs: 3000, socketPath: undefined, headers: [] });
  });

  test('options come before or behind the URL, with a space or an equals sign, and headers repeat', () => {
    const args = ['--timeout=250ms', '--header', 'a: 1', URL_TEXT, '--unix', '/run/x', '--header', 'a:2'];
    expect(accepted(...args)).toMatchObject({
      timeoutMs: 250,
      socketPath: '/run/x',
      headers: [
        ['a', '1'],
        ['a', '2'],
      ],
    });
  });

  test.each([
    ['10s', 10_000],
    ['1.5s', 1500],
    ['1ms', 1],
    ['2147483.647s', 2_147_483_647],
  ])('--timeout %s is %i ms', (text, timeoutMs) => {
    expect(accepted('--timeout', text, URL_TEXT).timeoutMs).toBe(timeoutMs);
  });

  test.each(['3', '3000', '0s', '-1s', '1e3s', 'Infinitys', '2147484s', '3 s', '', 's'])(
    '--timeout %j is refused: a unit and a range that a timer can take',
    (text) => {
      expect(issues(`--timeout=${text}`, URL_TEXT)).toEqual([
        `Expected --timeout to be a duration such as 500ms or 10s, got '${text}'`,
      ]);
    },
  );

  test.each([
    ['http://[fe80::1%eth0]:4000/x', 'http://[fe80::1]:4000/x', 'eth0'],
    ['http://[fe80::1%25eth0.5]/x', 'http://[fe80::1]/x', 'eth0.5'],
    ['http://[::1]:4000/%25a', 'http://[::1]:4000/%25a', undefined],
  ])('%s has its zone id taken out', (text, href, zone) => {
    const found = accepted(text);
    expect([found.url.href, found.zone]).toEqual([href, zone]);
  });

  test('all that is wrong is found at once', () => {
    expect(
      issues('--timeout', '3', '--nope', '--unix=', '--header', 'x', 'localhost:4000/x', 'more'),
    ).toEqual([
      "Expected --timeout to be a duration such as 500ms or 10s, got '3'",
      'Unknown option --nope',
      "Expected --unix to be the path of a socket, got ''",
      "Expected --header to be 'Name: value', got something without a name (not shown, it may be a secret)",
      'Expected one URL, got 2 arguments',
      `Expected a URL such as ${URL_TEXT}, got 'localhost:4000/x'`,
    ]);
  });

  test.each([[], ['--unix'], ['--header'], ['--timeout'], ['ftp://x/'], ['http://'], ['http://[::1/']])(
    '%j is refused with a reason',
    (...args: string[]) => {
      expect(issues(...args).length).toBeGreaterThan(0);
    },
  );

  test('no secret is repeated', () => {
    const secret = ['s3cret', 'word'].join('-');
    const found = issues(
      '--header',
      `Bearer ${secret}`,
      '--header',
      `a b: ${secret}`,
      `ftp://u:${secret}@h/`,
    );
    expect(found).toHaveLength(3);
    expect(found.join('\n')).not.toContain(secret);
  });

  test('--help prints the help, whatever else is given', () => {
    expect(readProbeArguments(['--nope', '-h'])).toEqual({ kind: 'help' });
    expect(PROBE_USAGE).toContain(`default ${DEFAULT_PROBE_TIMEOUT_MS / 1000}s`);
  });
});
