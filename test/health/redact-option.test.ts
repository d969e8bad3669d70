import { expect, describe as suite, test } from 'vitest';
import { error } from '../../src/health/result.ts';
import { issuesOf, never, virtualHealth } from '../helpers/health.ts';

const ACCOUNT = 'ACC-991';
const redact = (text: string) => text.replace(/\bACC-\d+/g, 'ACC-***');

suite('the redact option', () => {
  test('is applied to messages, codes, details, reasons and log lines', async () => {
    const { clock, health, logger } = virtualHealth({ redact });
    const told: unknown[] = [];
    for (const event of ['check', 'checkChange', 'groupChange'] as const)
      health.on(event, (event) => told.push(event));
    health.on('drain', () => {
      throw new Error(`listener of ${ACCOUNT}`);
    });
    health.register('returns', () =>
      error(`of ${ACCOUNT}`, { code: ACCOUNT, details: { [ACCOUNT]: [ACCOUNT] } }),
    );
    health.register('throws', () => {
      throw Object.assign(new Error(`of ${ACCOUNT}`), { code: ACCOUNT });
    });
    health.register('garbage', () => ACCOUNT as never);
    health.register('hangs', ({ setTimeoutMessage }) => {
      setTimeoutMessage(`waiting for ${ACCOUNT}`);
      return never();
    });
    health.hold(`job of ${ACCOUNT}`);
    const answer = health.report();
    await clock.advance(800);
    health.drain();
    const everything = JSON.stringify([await answer, told, logger.lines]);
    expect(everything).not.toContain(ACCOUNT);
    expect(everything.match(/ACC-\*\*\*/g)?.length).toBeGreaterThan(10);
  });

  test('comes after our own', async () => {
    const seen: string[] = [];
    const { health } = virtualHealth({
      redact: (text) => {
        seen.push(text);
        return text;
      },
    });
    health.register('c', () => error('connect postgres://app:hunter2@db/x'));
    await health.report();
    expect(seen.join()).toContain('postgres://***@db/x');
    expect(seen.join()).not.toContain('hunter2');
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['returns no string', () => 7 as unknown as string],
  ])('withholds the text if it %s', async (_, broken) => {
    const { health } = virtualHealth({ redact: broken });
    health.register('c', () => error('anything'));
    expect((await health.report()).checks.c?.message).toBe('[withheld: the redact option failed]');
  });

  test('has to be a function', () => {
    expect(issuesOf(() => virtualHealth({ redact: 'all' as never }))).toEqual([
      "Expected `redact` to be a function from string to string, got `'all'` (string)",
    ]);
  });
});
