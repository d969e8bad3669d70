import fc from 'fast-check';
import { expect, describe as suite, test } from 'vitest';
import { describe } from '../../../src/internal/describe.ts';
import { cleanDetails } from '../../../src/internal/redact/clean-details.ts';
import { cleanText, MAX_TEXT_LENGTH } from '../../../src/internal/redact/clean-text.ts';
import { redact } from '../../../src/internal/redact/redact.ts';

const SECRET = 's3cr3t-Pa55';

/** Milliseconds that this process computed, whatever else the machine does meanwhile. */
function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

suite('redaction', () => {
  test.each([
    `postgres://app:${SECRET}@db:5432/app`,
    `postgres://app:${SECRET}@x/@db:5432/app is down`,
    `cannot reach redis://:${SECRET}@cache`,
    `https://${SECRET}@github.example`,
    `password=${SECRET}`,
    `Password: ${SECRET}`,
    `PGPASSWORD='${SECRET} more ${SECRET}'`,
    `host=db password="${SECRET} \\" ${SECRET}"`,
    `host=db password='${SECRET} cut off`,
    `{"password":"${SECRET}"}`,
    `{"client_secret": "${SECRET}"}`,
    `{\\"apiKey\\":\\"${SECRET}\\"}`,
    `Authorization: Bearer ${SECRET}`,
    `authorization: basic ${SECRET}==`,
    `bearer ${SECRET}`,
    `?access_token=${SECRET}&x=1`,
    `x-api-key: ${SECRET}`,
    `Server=db;Database=x;Pwd=${SECRET};`,
    `Cookie: session=${SECRET}`,
    `Cookie: theme=dark; session=${SECRET}`,
    `set-cookie: a=b; session=${SECRET}`,
    `Authorization: Token ${SECRET}`,
    `Proxy-Authorization: Digest username="app", response="${SECRET}"`,
    `authorization: AWS4-HMAC-SHA256 Credential=x, Signature=${SECRET}`,
    `password="x \\" ${SECRET} cut off\\`,
    `jwt eyJhbGciOiJIUzI1NiJ9.${SECRET}.${SECRET}`,
  ])('takes the credential out of %s', (text) => {
    expect(redact(text)).not.toContain(SECRET);
    expect(redact(text)).toContain('***');
  });

  test.each([
    'password authentication failed for user "app"',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'no free connection (10 of 10 in use, 37 waiting)',
    'see https://example.com/help?page=2',
  ])('leaves %s as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('keeps what helps', () => {
    expect(redact(`connect postgres://app:${SECRET}@db:5432/app failed`)).toBe(
      'connect postgres://***@db:5432/app failed',
    );
  });

  test('a text comes out on one line, without terminal escapes or text direction marks, and bounded', () => {
    expect(cleanText('a\nb\r\n\u001b[31mc\u202ed\u2028e')).toBe('a b [31mc d e');
    expect(cleanText('x '.repeat(10_000)).length).toBe(MAX_TEXT_LENGTH);
  });

  test('a credential on the edge of what is searched does not come out in half', () => {
    const padding = `password=${'x'.repeat(16_350)} `;
    const text = cleanText(`${padding}postgres://app:${SECRET}@db`);
    expect(text).not.toContain('s3cr');
  });

  test('ten megabytes take hardly any time', () => {
    const started = process.cpuUsage();
    cleanText('a'.repeat(10_000_000));
    cleanText('password=x '.repeat(1_000_000));
    cleanText('a://'.repeat(1_000_000));
    expect(cpuMsSince(started)).toBeLessThan(5_000);
  });

  test.each([
    'a://',
    'x@a://',
    'a:',
    'eyJ-',
    '-eyJxxxx',
    'password="',
    "password='\\",
    'basic  ',
    '"',
    'identified by as ',
  ])('%j over and over, in every value of the details, takes no time to speak of', (part) => {
    const text = part.repeat(Math.floor(16_000 / part.length));
    const started = process.cpuUsage();
    cleanDetails({ list: Array.from({ length: 200 }, () => text) });
    expect(cpuMsSince(started)).toBeLessThan(1_000);
  });

  test('whatever surrounds it, a password in a URL never comes out', () => {
    const word = fc.stringMatching(/^[a-z0-9/?#:;,.=&-]{0,20}$/);
    fc.assert(
      fc.property(word, word, fc.boolean(), (before, after, spaced) => {
        const text = `${before}${spaced ? ' ' : ''}postgres://u:${SECRET}@h/${after}`;
        expect(cleanText(text)).not.toContain(SECRET);
      }),
    );
  });
});

suite('details', () => {
  test('are copied as plain JSON values', () => {
    const copy = cleanDetails({
      text: 'a\nb',
      number: 1,
      infinite: Number.POSITIVE_INFINITY,
      yes: true,
      nothing: null,
      missing: undefined,
      big: 10n,
      symbol: Symbol('s'),
      call: () => 1,
      date: new Date(0),
      never: new Date(Number.NaN),
      error: new Error('password=x'),
      bytes: new Uint8Array(3),
      list: [1, [2]],
    });
    expect(JSON.parse(JSON.stringify(copy))).toEqual({
      text: 'a b',
      number: 1,
      infinite: 'Infinity',
      yes: true,
      nothing: null,
      big: '10',
      symbol: 'Symbol(s)',
      call: '[function]',
      date: '1970-01-01T00:00:00.000Z',
      never: 'Invalid Date',
      error: 'password=***',
      bytes: '[bytes]',
      list: [1, [2]],
    });
  });

  test('cannot be changed, at any depth', () => {
    const copy = cleanDetails({ list: [{ a: 1 }] });
    const { list } = copy as { list: object[] };
    expect([copy, list, list[0]].every(Object.isFrozen)).toBe(true);
  });

  test('mask what sounds like a credential, at any depth', () => {
    expect(cleanDetails({ connection: { user: 'app', password: SECRET, apiToken: [SECRET] } })).toEqual({
      connection: { user: 'app', password: '***', apiToken: '***' },
    });
  });

  test('cut circles, depth and number', () => {
    const circle: Record<string, unknown> = { a: [] };
    circle.self = circle;
    (circle.a as unknown[]).push(circle.a);
    expect(cleanDetails(circle)).toEqual({ a: ['[circular]'], self: '[circular]' });
    expect(cleanDetails({ a: { b: { c: { d: { e: 1 } } } } })).toEqual({
      a: { b: { c: { d: '[object]' } } },
    });
    expect(cleanDetails({ a: { b: { c: [[1]] } } })).toEqual({ a: { b: { c: ['[array]'] } } });
    const wide = cleanDetails({ list: Array.from({ length: 10_000 }, () => 'x') });
    expect((wide.list as unknown[]).length).toBeLessThan(200);
    expect(Object.keys(cleanDetails(Object.fromEntries(Object.entries('x'.repeat(500))))).length).toBe(200);
  });

  test('the same object twice is not circular', () => {
    const shared = { x: 1 };
    expect(cleanDetails({ a: shared, b: shared })).toEqual({ a: { x: 1 }, b: { x: 1 } });
  });

  test('a key called __proto__ is a key', () => {
    const copy = cleanDetails(JSON.parse('{"__proto__":{"polluted":true}}'));
    expect(Object.keys(copy)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

suite('describing values', () => {
  test.each([
    [undefined, '`undefined`'],
    [-1, '`-1` (number)'],
    [true, '`true` (boolean)'],
    ['5s', "`'5s'` (string)"],
    [[], 'an array of 0'],
    [{ a: 1, b: 2 }, 'an object with `a`, `b`'],
  ])('%s', (value, expected) => {
    expect(describe(value)).toBe(expected);
  });

  test('long values are cut, and unreadable ones are reported', () => {
    expect(describe('x'.repeat(100)).length).toBeLessThan(80);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(describe(proxy)).toBe('an object that cannot be read');
  });
});
