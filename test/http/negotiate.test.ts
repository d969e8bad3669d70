import fc from 'fast-check';
import Negotiator from 'negotiator';
import { expect, describe as suite, test } from 'vitest';
import { FORMATS, formatAsked, negotiate } from '../../src/http/negotiate.ts';

const MEDIA_TYPES = FORMATS.map((format) => format.mediaType);

/** What the package says, and JSON where it says that nothing will do. */
function byNegotiator(accept: string | undefined): string {
  const headers = accept === undefined ? {} : { accept };
  return new Negotiator({ headers }).mediaType(MEDIA_TYPES) ?? 'application/json';
}

const BROWSERS = [
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
];
const PROBERS = [
  undefined,
  '*/*',
  '',
  'application/json',
  'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
];
const OTHERS = [
  'application/health+json',
  'application/health+json, application/json',
  'application/json, application/health+json',
  'application/json;q=0.5, application/health+json;q=0.6',
  'application/health+json;q=0.5, application/json;q=0.5',
  'application/*',
  'text/*',
  'text/*;q=0.3, text/html;q=0.7, text/plain;q=0.4, */*;q=0.5',
  'text/plain',
  'TEXT/HTML',
  'text/plain, text/html',
  'text/html, text/plain',
  'text/html;q=0, */*',
  'application/json;q=0, */*;q=0.1',
  'application/json;q=0, text/*;q=0.1, text/plain;q=0',
  '*/*;q=0.1, text/html;q=0',
  '*/*, text/html',
  'text/html;q=1.0, text/plain;q=0.999',
  'text/plain;q=0.001',
  'text/html ; q=0.2 , text/plain ; q=0.3',
  'text/html;Q=0.2,text/plain;q=0.3',
  'text/html;level=1, text/plain;q=0.1',
  'text/html;charset=utf-8',
  'application/json;charset=utf-8, text/html;q=0.1',
  'image/png',
  'image/png, text/*;q=0.1',
  '*/*;q=0',
  'text/html;q=banana',
  'text/html;q=',
  'text/html;;q=0.5,text/plain;q=0.4',
  'html',
  'text',
  '/',
  '*',
  ',',
  ',,text/plain,,',
  ';q=1',
  'text/plain;q=0.5,',
  'text/plain;q=0.5;ext=1',
  'text/html,text/html;q=0',
  'text/html;q=0,text/html',
  'text/html;q=0.1,text/html;q=0.9,text/plain;q=0.5',
];

suite('negotiation by Accept', () => {
  test.each([...PROBERS, ...BROWSERS, ...OTHERS])('agrees with the package negotiator on %j', (accept) => {
    expect(negotiate(accept).mediaType).toBe(byNegotiator(accept));
  });

  test('agrees with it on any list of ranges', () => {
    const range = fc.tuple(
      fc.constantFrom(...MEDIA_TYPES, '*/*', 'text/*', 'application/*', 'image/png', 'TEXT/Html'),
      fc.constantFrom('', ';q=0', ';q=1', ';q=0.5', '; q=0.25', ';q=0.999', ';level=1', ';level=1;q=0.3'),
    );
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 6 }), (ranges) => {
        const accept = ranges.map(([name, parameters]) => name + parameters).join(', ');
        expect(negotiate(accept).mediaType).toBe(byNegotiator(accept));
      }),
      { numRuns: 2000 },
    );
  });

  test('gives a browser the page and a prober JSON', () => {
    for (const accept of BROWSERS) expect(negotiate(accept).name).toBe('html');
    for (const accept of PROBERS) expect(negotiate(accept).name).toBe('json');
  });

  test('accepts any header without an error, in time linear in its length', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (accept) => FORMATS.includes(negotiate(accept))));
    const started = performance.now();
    for (const part of ['"\\"', ',', ';', ';q=0.1', 'a/b;q="', '\t ', '*/*,'])
      negotiate(part.repeat(16_384 / part.length));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

suite('an Accept header as long as a server lets it be', () => {
  const LONG = 16_384;

  test.each(['a/b,', ',', '*/*,', 'text/html;q=0.1,', 'a/b;q=0.1;', ' ,', 'x'])(
    'of %j again and again is read up to a bound, and not beyond it',
    (part) => {
      const filler = part.repeat(LONG / part.length);
      const { name } = negotiate(filler);
      expect(negotiate(`${filler},text/plain`).name).toBe(name);
      const work = (accept: string) => {
        const started = process.cpuUsage().user;
        for (let round = 0; round < 2000; round++) negotiate(accept);
        return process.cpuUsage().user - started;
      };
      work(filler);
      // Four times as much, by the bench; this is for a machine that does other things too.
      expect(work(filler)).toBeLessThan(40 * work(BROWSERS[1] as string));
    },
  );

  test('is read up to the length that browsers and probers send', () => {
    const ranges = Array.from({ length: 15 }, (_, index) => `image/x-${index}-${'y'.repeat(10)}`);
    expect(negotiate([...ranges, 'text/plain'].join(',')).name).toBe('text');
    expect(negotiate([...ranges.map(() => 'a/b'), 'a/b', 'text/plain'].join(',')).name).toBe('json');
  });
});

suite('?format=', () => {
  test.each([
    ['/x?format=json', 'json'],
    ['/x?format=health+json', 'health+json'],
    ['/x?format=health%2Bjson', 'health+json'],
    ['/x?format=health%2bjson&verbose', 'health+json'],
    ['/x?format=health%20json', 'health+json'],
    ['/x?verbose&format=text', 'text'],
    ['/x?format=HTML', 'html'],
    ['/x?format=text&format=html', 'text'],
    ['/x?format=', undefined],
    ['/x?format', undefined],
    ['/x?format=xml', undefined],
    ['/x?reformat=text', undefined],
    ['/x?format=toString', undefined],
    ['/x', undefined],
  ])('%s asks for %s', (target, name) => {
    expect(formatAsked(target)?.name).toBe(name);
  });
});
