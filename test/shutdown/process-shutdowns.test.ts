import { describe, expect, onTestFinished, test } from 'vitest';
import { type Departing, ProcessShutdowns } from '../../src/shutdown/process-shutdowns.ts';
import { settle } from '../../src/testing/virtual-clock.ts';

/** Handles that write down what happens to them. */
function setUp() {
  const shutdowns = new ProcessShutdowns();
  const events: string[] = [];
  const handle = (name: string, signals: NodeJS.Signals[] = ['SIGTERM']): Departing => {
    let hasBegun = false;
    const member: Departing = {
      signals,
      begin(cause) {
        if (hasBegun) return;
        hasBegun = true;
        events.push(`${name} begins: ${cause.name}`);
        shutdowns.begun(member, cause);
      },
      onSignal: (signal, othersListen) => {
        events.push(`${name} hears ${signal}${othersListen ? ', as others do' : ''}`);
      },
      exit: (code) => void events.push(`${name} exits ${code}`),
    };
    shutdowns.join(member);
    onTestFinished(() => shutdowns.remove(member));
    return member;
  };
  return { shutdowns, events, handle };
}

describe('the handles of a process', () => {
  test('begin together, and the last one to end exits with the worst code', async () => {
    const { shutdowns, events, handle } = setUp();
    const [first, second, third] = [handle('first'), handle('second'), handle('third')];
    second.begin({ name: 'SIGTERM' });
    expect(events).toEqual(['second begins: SIGTERM', 'first begins: SIGTERM', 'third begins: SIGTERM']);
    const codes = [shutdowns.ended(second, 0), shutdowns.ended(third, 7)];
    expect(shutdowns.underWay).toBe(1);
    expect(events).toHaveLength(3);
    codes.push(shutdowns.ended(first, 1));
    expect(events.slice(3)).toEqual(['first exits 7']);
    expect(await Promise.all(codes)).toEqual([7, 7, 7]);
  });

  test('are begun when they come while others are leaving, but not before their caller has them', async () => {
    const { events, handle } = setUp();
    handle('first').begin({ name: 'SIGTERM' });
    handle('late');
    expect(events).toEqual(['first begins: SIGTERM']);
    await settle();
    expect(events).toEqual(['first begins: SIGTERM', 'late begins: another shutdown of this process']);
  });

  test('are not begun where they were taken back at once', async () => {
    const { shutdowns, events, handle } = setUp();
    handle('first').begin({ name: 'SIGTERM' });
    shutdowns.remove(handle('late'));
    await settle();
    expect(events).toHaveLength(1);
  });

  test('do not wait for one that was taken back', async () => {
    const { shutdowns, events, handle } = setUp();
    const [first, second] = [handle('first'), handle('second')];
    first.begin({ name: 'SIGTERM' });
    const code = shutdowns.ended(first, 0);
    shutdowns.remove(second);
    expect(await code).toBe(0);
    expect(events.at(-1)).toBe('first exits 0');
  });

  test('forget a code with the shutdown that it belonged to', async () => {
    const { shutdowns, handle } = setUp();
    const first = handle('first');
    shutdowns.worsen(4);
    expect(await shutdowns.ended(first, 0)).toBe(4);
    expect(await shutdowns.ended(first, 0)).toBe(0);
  });

  test.each([
    [3, 3],
    ['2', 2],
    ['nonsense', 1],
    [undefined, 1],
  ])('keep an exit code of the program: %o', async (code, expected) => {
    const before = process.exitCode;
    onTestFinished(() => {
      process.exitCode = before;
    });
    const { shutdowns, handle } = setUp();
    const mine = handle('mine');
    try {
      process.exitCode = code as number;
    } catch {
      // Some versions of Node refuse what is not a number.
      return;
    }
    expect(await shutdowns.ended(mine, 1)).toBe(expected);
    process.exitCode = before;
  });

  test('share one listener for each signal, which goes with the last of them', () => {
    const { shutdowns, events, handle } = setUp();
    const counts = () => [process.listenerCount('SIGUSR2'), process.listenerCount('SIGHUP')];
    const [first, second] = [handle('first', ['SIGUSR2', 'SIGHUP']), handle('second', ['SIGUSR2'])];
    expect(counts()).toEqual([1, 1]);
    process.emit('SIGUSR2', 'SIGUSR2');
    shutdowns.remove(first);
    expect(counts()).toEqual([1, 0]);
    const other = () => undefined;
    process.on('SIGUSR2', other);
    process.emit('SIGUSR2', 'SIGUSR2');
    process.removeListener('SIGUSR2', other);
    shutdowns.remove(second);
    expect(counts()).toEqual([0, 0]);
    expect(events).toEqual([
      'first hears SIGUSR2',
      'second hears SIGUSR2',
      'second hears SIGUSR2, as others do',
    ]);
  });
});
