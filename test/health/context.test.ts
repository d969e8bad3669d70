import { inspect } from 'node:util';
import { expect, describe as suite, test } from 'vitest';
import type { CheckContext } from '../../src/health/checker.ts';
import { contextOf } from '../../src/health/context.ts';
import { Run } from '../../src/health/run.ts';
import { redact } from '../../src/internal/redact/redact.ts';

function begin(): { run: Run; context: CheckContext } {
  const run = new Run('database', 800, 0);
  return { run, context: contextOf(run) };
}

suite('the context of a run', () => {
  test('may be destructured', () => {
    const { run, context } = begin();
    const { name, timeoutMs, signal, setTimeoutMessage } = context;
    setTimeoutMessage('no answer from the queue');
    run.abort(new Error('time is over'));
    expect({ name, timeoutMs }).toEqual({ name: 'database', timeoutMs: 800 });
    expect(signal.reason.message).toBe('time is over');
    expect(run.timeoutMessage(redact)).toBe('no answer from the queue');
  });

  test.each<[string, (context: CheckContext) => CheckContext]>([
    ['spread', (context) => ({ ...context })],
    ['copied by Object.assign()', (context) => Object.assign({}, context)],
    ['copied entry by entry', (context) => Object.fromEntries(Object.entries(context)) as never],
    ['copied by its descriptors', (c) => Object.create(null, Object.getOwnPropertyDescriptors(c))],
    ['frozen', (context) => Object.freeze(context)],
    ['inherited from', (context) => Object.create(context)],
  ])('may be %s, with the same signal', (_, copyOf) => {
    const { run, context } = begin();
    const copy = copyOf(context);
    expect(copy.signal).toBeInstanceOf(AbortSignal);
    expect(copy.signal).toBe(context.signal);
    expect(copy.name).toBe('database');
    run.abort(new Error('over'));
    expect(copy.signal.aborted).toBe(true);
  });

  test('has a signal that is aborted already where it is first read after the end', () => {
    const { run, context } = begin();
    run.abort(new Error('over'));
    expect(context.signal.aborted).toBe(true);
  });

  test('shows its signal when it is printed', () => {
    expect(inspect(begin().context)).toMatch(/signal: AbortSignal/);
  });

  test('has no other way into the engine than its four fields', () => {
    const { context } = begin();
    expect(Reflect.ownKeys(context)).toEqual(['name', 'timeoutMs', 'signal', 'setTimeoutMessage']);
    expect('signal' in context).toBe(true);
    const inherited = Reflect.ownKeys(Object.getPrototypeOf(context)).filter(
      (key) => typeof key === 'string',
    );
    expect(inherited).toEqual(['constructor']);
  });
});
