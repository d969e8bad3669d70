import { expect, describe as suite, test, vi } from 'vitest';
import { engineOf } from '../../src/health/source.ts';
import { Scrapes } from '../../src/http/scrapes.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { gate, never, virtualHealth } from '../helpers/health.ts';

/** Scrapes of a source that renders like that. */
function scraping(metrics: () => unknown, contentType: unknown = 'text/plain') {
  const world = virtualHealth();
  const source = { contentType, metrics: vi.fn(metrics) };
  const scrapes = new Scrapes(source as never, 9_000, engineOf(world.health));
  return { ...world, source, scrapes };
}

const failed = { statusCode: 503, body: 'metrics could not be rendered; see the log\n' };

suite('a scrape', () => {
  test('is answered with the metrics, and so are all that arrive while they are rendered', async () => {
    const rendered = gate<string>();
    const { scrapes, source } = scraping(() => rendered.promise);
    const first = scrapes.answer();
    expect(scrapes.answer()).toBe(first);
    await settle();
    expect(scrapes.answer()).toBe(first);
    rendered.open('up 1\n');
    expect(await first).toMatchObject({ statusCode: 200, body: 'up 1\n' });
    expect((await first).headers.slice(0, 2)).toEqual(['Content-Type', 'text/plain']);
    await scrapes.answer();
    expect(source.metrics).toHaveBeenCalledTimes(2);
  });

  test('waits for the end of a pause after a rendering that took long', async () => {
    const begun: number[] = [];
    const { scrapes } = scraping(async () => {
      begun.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, 30));
      return 'up 1\n';
    });
    await scrapes.answer();
    await scrapes.answer();
    expect((begun[1] as number) - (begun[0] as number)).toBeGreaterThan(30 + 90);
  });

  test('is answered 503 after its time, and the next one tries again', async () => {
    let isHanging = true;
    const { clock, logger, scrapes } = scraping(() => (isHanging ? never() : Promise.resolve('up 1')));
    const answer = scrapes.answer();
    await settle();
    await clock.advance(9_000);
    expect(await answer).toMatchObject(failed);
    expect(logger.lines).toEqual([
      'error Metrics could not be rendered; answering the scrape with 503 ' +
        '{"reason":"no metrics within 9000 ms (`metricsTimeoutMs`)"}',
    ]);
    isHanging = false;
    expect(await scrapes.answer()).toMatchObject({ statusCode: 200 });
    expect(clock.pending).toBe(0);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('no registry')), 'no registry'],
    [
      'throws what is no error',
      () => {
        throw 7;
      },
      'the metrics source threw `7` (number)',
    ],
    [
      'returns no string',
      async () => ({ a: 1 }),
      'the metrics source did not return a string, but an object with `a`',
    ],
  ])('is answered 503 where the source %s', async (_, metrics, reason) => {
    const { logger, scrapes } = scraping(metrics);
    expect(await scrapes.answer()).toMatchObject(failed);
    expect(logger.lines[0]).toContain(`"reason":${JSON.stringify(reason)}`);
  });

  test('is answered 503 if the content type has become invalid', async () => {
    const { logger, scrapes } = scraping(async () => 'up 1', 'text/plain\r\nx: y');
    expect(await scrapes.answer()).toMatchObject(failed);
    expect(logger.lines[0]).toContain('the `contentType` of the metrics source is no longer one, but');
  });

  test('that fails again and again is logged once a minute', async () => {
    const { clock, logger, scrapes } = scraping(() => Promise.reject(new Error('no registry')));
    for (let i = 0; i < 3; i++) await scrapes.answer();
    await clock.advance(60_000);
    await scrapes.answer();
    expect(logger.lines).toHaveLength(2);
    expect(logger.lines[1]).toContain('503 (and 2 more times since the last line)');
  });
});
