import { describe, expect, onTestFinished, test } from 'vitest';
import { type Departing, ProcessShutdowns } from '../../src/shutdown/process-shutdowns.ts';
import { settle } from '../../src/testing/virtual-clock.ts';

/** Handles that write down what happens to them. */
function setUp(losses: Record<string, number> = {}) {
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
      onInterrupted: (code) => {
        events.push(`${name} was interrupted by ${code}`);
        return losses[name] ?? 0;
      },
      onListenerRemoved: (signal, caller, isBack) => {
        const place = /[\w-]+\.test\.ts/.exec(caller ?? '')?.[0];
        events.push(`${name}: ${signal} was removed in ${place}, ${isBack ? 'is back' : 'is gone'}`);
      },
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

  test('are begun if created while others shut down, but not before their caller has them', async () => {
    const { events, handle } = setUp();
    handle('first').begin({ name: 'SIGTERM' });
    handle('late');
    expect(events).toEqual(['first begins: SIGTERM']);
    await settle();
    expect(events).toEqual(['first begins: SIGTERM', 'late begins: another shutdown of this process']);
  });

  test('are not begun where they were disposed of at once', async () => {
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

  describe('where the process ends before them', () => {
    const exitWith = (code: number) => {
      const before = process.exitCode;
      onTestFinished(() => {
        process.exitCode = before;
      });
      process.exitCode = code;
      process.emit('exit', code);
      return process.exitCode;
    };

    test('those under way are asked what was lost, and 0 becomes the worst code', () => {
      const { shutdowns, events, handle } = setUp({ second: 1 });
      const [first] = [handle('first'), handle('second'), handle('third')];
      first?.begin({ name: 'SIGTERM' });
      void shutdowns.ended(first as Departing, 0);
      expect(exitWith(0)).toBe(1);
      expect(events.slice(3)).toEqual(['second was interrupted by 0', 'third was interrupted by 0']);
    });

    test('another code than 0 stays, and so does 0 where nothing was lost', () => {
      const { handle } = setUp({ second: 1 });
      handle('first').begin({ name: 'SIGTERM' });
      expect(exitWith(0)).toBe(0);
      handle('second').begin({ name: 'SIGTERM' });
      expect(exitWith(143)).toBe(143);
    });

    test('nobody is asked before the first has begun, or once the last has ended', () => {
      const { shutdowns, events, handle } = setUp({ mine: 1 });
      const mine = handle('mine');
      expect(exitWith(0)).toBe(0);
      mine.begin({ name: 'SIGTERM' });
      void shutdowns.ended(mine, 0);
      expect(exitWith(0)).toBe(0);
      expect(events).toEqual(['mine begins: SIGTERM', 'mine exits 0']);
    });
  });

  describe('whose listener for a signal something removes', () => {
    test('log it once, and have it back in front of the others', async () => {
      const { events, handle } = setUp();
      handle('first', ['SIGUSR2']);
      handle('second', ['SIGUSR2']);
      const [ours] = process.listeners('SIGUSR2');
      const others = [() => undefined, () => undefined];
      process.prependListener('SIGUSR2', others[0] as () => void);
      process.on('SIGUSR2', others[1] as () => void);
      process.removeAllListeners('SIGUSR2');
      expect(process.listeners('SIGUSR2')).toEqual([]);
      process.on('SIGUSR2', others[1] as () => void);
      await settle();
      expect(process.listeners('SIGUSR2')).toEqual([ours, others[1]]);
      process.removeListener('SIGUSR2', others[1] as () => void);
      expect(events).toEqual(['first: SIGUSR2 was removed in process-shutdowns.test.ts, is back']);
    });

    test('do not put it back where it came back by itself, and take all of it away in the end', async () => {
      const { shutdowns, events, handle } = setUp();
      const mine = handle('mine', ['SIGUSR2']);
      const saved = process.listeners('SIGUSR2');
      process.removeAllListeners('SIGUSR2');
      for (const each of saved) process.on('SIGUSR2', each);
      await settle();
      expect(process.listeners('SIGUSR2')).toEqual(saved);
      process.on('SIGUSR2', saved[0] as () => void);
      shutdowns.remove(mine);
      expect([process.listeners('SIGUSR2'), events]).toEqual([[], []]);
    });

    test('give up after ten times', async () => {
      const { events, handle } = setUp();
      handle('mine', ['SIGUSR2']);
      for (let time = 0; time < 12; time++) {
        process.removeAllListeners('SIGUSR2');
        await settle();
      }
      expect(events.filter((each) => each.endsWith('is back'))).toHaveLength(10);
      expect(events.filter((each) => each.endsWith('is gone'))).toHaveLength(1);
      expect(process.listenerCount('SIGUSR2')).toBe(0);
    });

    test('leave no listener of theirs behind', () => {
      const before = process.listenerCount('removeListener' as never);
      const { shutdowns, handle } = setUp();
      const mine = handle('mine', ['SIGUSR2', 'SIGHUP']);
      expect(process.listenerCount('removeListener' as never)).toBe(before + 1);
      shutdowns.remove(mine);
      expect(process.listenerCount('removeListener' as never)).toBe(before);
    });
  });
});
