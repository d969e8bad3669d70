import { writeSync } from 'node:fs';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { SharedState } from '../../src/thread/memory.ts';
import { StackWatch } from '../../src/thread/stack-watch.ts';
import { FakeSession } from '../helpers/debug-session.ts';

vi.mock('node:fs', async (original) => ({ ...(await original<object>()), writeSync: vi.fn() }));

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(writeSync).mockClear();
});

/** A watch whose sessions are fakes. */
function setUp(afterMs = 1000) {
  const sessions: FakeSession[] = [];
  class Session extends FakeSession {
    constructor() {
      super();
      sessions.push(this);
    }
  }
  const builtIn = vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ Session } as never);
  onTestFinished(() => builtIn.mockRestore());
  const state = new SharedState();
  const watch = new StackWatch(state, afterMs);
  /** The main thread is in a loop, or in native code. */
  const answer = (session: FakeSession | undefined, functionName: string | undefined) => {
    if (functionName === undefined) vi.advanceTimersByTime(250);
    else {
      session?.answer('Debugger.enable');
      session?.emit('Debugger.paused', {
        callFrames: [{ functionName, location: { scriptId: '1', lineNumber: 7 } }],
      });
      session?.answer('Debugger.disable');
    }
  };
  return { state, watch, sessions, answer };
}

const lines = () => vi.mocked(writeSync).mock.calls.map(([, text]) => text);

test('a stack is taken once a stall, as soon as that is long enough', () => {
  const { watch, sessions, answer } = setUp(1200);
  watch.onStall();
  for (const ms of [1000, 1100, 1200, 1300]) watch.onStalled(ms);
  expect(sessions).toHaveLength(1);
  answer(sessions[0], 'parse');
  for (const ms of [1400, 1500]) watch.onStalled(ms);
  expect([sessions.length, watch.stack]).toEqual([1, 'parse (eval:8)']);
  expect(lines()).toEqual(['allswell: event loop blocked for 1.2 s in parse (eval:8)\n']);
  watch.onStall();
  expect(watch.stack).toBeUndefined();
  watch.onStalled(1200);
  answer(sessions[1], undefined);
  watch.onStalled(1500);
  expect(lines().at(-1)).toBe('allswell: event loop blocked for 1.2 s in native code, no stack available\n');
});

test.each([
  ['while its stack is waited for', ['end', 'answer']],
  ['before it is seen to go on', ['answer', 'end']],
  ['and another one begins', ['end', 'stall', 'answer', 'stalled']],
  ['and another one begins later', ['answer', 'end', 'stall', 'stalled']],
])('of a stall that ends %s there is no stack: it may be of what came next', (_, steps) => {
  const { watch, sessions, answer } = setUp();
  const acts: Record<string, () => void> = {
    end: () => watch.onEnd(),
    answer: () => answer(sessions[0], 'whateverCameNext'),
    stall: () => watch.onStall(),
    stalled: () => watch.onStalled(1000),
  };
  watch.onStall();
  watch.onStalled(1000);
  for (const step of steps) acts[step]?.();
  expect([lines(), watch.stack]).toEqual([[], undefined]);
});

test('none is taken with 0, and none while a debugger could have the main thread', () => {
  const { watch, sessions } = setUp(0);
  watch.onStall();
  watch.onStalled(60_000);
  const debugged = setUp();
  debugged.state.setDebugged(true);
  debugged.watch.onStall();
  debugged.watch.onStalled(60_000);
  expect([...sessions, ...debugged.sessions]).toEqual([]);
});

test('the thread may end at once, and a second after a session has ended, however long that took', () => {
  const { watch, sessions } = setUp();
  const done = vi.fn();
  watch.whenSettled(done);
  expect(done).toHaveBeenCalledTimes(1);
  watch.onStall();
  watch.onStalled(1000);
  watch.whenSettled(done);
  // Each of the four steps may take 250 ms.
  const steps = [
    () => sessions[0]?.answer('Debugger.enable'),
    () => sessions[0]?.answer('Debugger.pause'),
    () => sessions[0]?.emit('Debugger.paused', { callFrames: [] }),
    () => sessions[0]?.answer('Debugger.disable'),
  ];
  for (const step of steps) {
    vi.advanceTimersByTime(240);
    step();
  }
  vi.advanceTimersByTime(999);
  expect(done).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(2);
  expect(done).toHaveBeenCalledTimes(2);
});
