import tty from 'node:tty';
import { describe, expect, test, vi } from 'vitest';
import { isFromTerminal, RepeatedSignals } from '../../src/shutdown/signals.ts';

vi.spyOn(tty, 'isatty').mockReturnValue(true);

const alone = false;
const others = true;

describe('a signal during a shutdown', () => {
  test.each<[string, NodeJS.Signals, boolean, NodeJS.Signals, boolean, number, string]>([
    ['within a second is the same one', 'SIGTERM', alone, 'SIGTERM', alone, 999, 'same'],
    ['skips the waiting', 'SIGTERM', alone, 'SIGTERM', alone, 1000, 'skip'],
    ['may be of another kind', 'SIGINT', alone, 'SIGTERM', alone, 1000, 'skip'],
    ['may have been raised again', 'SIGTERM', others, 'SIGTERM', alone, 60_000, 'raised again'],
    ['may have been raised by who came later', 'SIGINT', alone, 'SIGTERM', others, 1000, 'raised again'],
    ['is a person where it is SIGINT', 'SIGINT', others, 'SIGINT', others, 1000, 'skip'],
    ['is no person where only now others listen', 'SIGTERM', alone, 'SIGTERM', others, 1000, 'skip'],
  ])('%s', (_name, first, listenedFirst, second, listenedThen, sinceMs, meaning) => {
    const repeated = new RepeatedSignals();
    repeated.first(first, listenedFirst);
    expect(repeated.next(second, listenedThen, sinceMs)).toBe(meaning);
  });

  test('that follows shutdown() is not a second one, but SIGINT still comes from a person', () => {
    const repeated = new RepeatedSignals();
    expect(repeated.next('SIGTERM', alone, 5000)).toBe('same');
    expect(repeated.next('SIGTERM', alone, 6000)).toBe('skip');
    expect(new RepeatedSignals().next('SIGINT', alone, 5000)).toBe('skip');
  });
});

describe('a Ctrl-C in a terminal', () => {
  test('is SIGINT, and not to the first process of a container', () => {
    expect([isFromTerminal('SIGINT'), isFromTerminal('SIGTERM')]).toEqual([true, false]);
    const pid = vi.spyOn(process, 'pid', 'get').mockReturnValue(1);
    expect(isFromTerminal('SIGINT')).toBe(false);
    pid.mockRestore();
  });
});
