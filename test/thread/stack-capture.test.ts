import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { captureStack, describeFrames } from '../../src/thread/stack-capture.ts';
import { FakeSession } from '../helpers/debug-session.ts';

const frame = (functionName: string, scriptId = '1', lineNumber = 7) => ({
  functionName,
  location: { scriptId, lineNumber },
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(failing?: string) {
  const session = new FakeSession();
  session.failing = failing;
  const done = vi.fn();
  captureStack(session, done);
  session.emit('Debugger.scriptParsed', { scriptId: '1', url: 'file:///srv/app/report.js?v=1' });
  session.emit('Debugger.scriptParsed', { scriptId: '2', url: 'node:fs' });
  return { session, done };
}

describe('a stack of the main thread', () => {
  test('is read between a pause and its end, and resuming comes first', () => {
    const { session, done } = setUp();
    session.answer('Debugger.enable');
    session.answer('Debugger.pause');
    session.emit('Debugger.paused', { callFrames: [frame('parseHugeThing')] });
    expect(done).not.toHaveBeenCalled();
    session.answer('Debugger.disable');
    expect(done.mock.calls).toEqual([['parseHugeThing (report.js:8)']]);
    expect(session.calls).toEqual([
      'connect',
      'Debugger.enable',
      'Debugger.pause',
      'Debugger.resume',
      'Debugger.disable',
      'disconnect',
    ]);
  });

  test('that cannot be read resumes the main thread all the same', () => {
    const { session, done } = setUp();
    session.answer('Debugger.enable');
    const params = {
      get callFrames() {
        expect(session.calls).toContain('Debugger.resume');
        throw new Error('unreadable');
      },
    };
    session.emit('Debugger.paused', params);
    expect(session.calls.slice(-2)).toEqual(['Debugger.resume', 'disconnect']);
    expect(done.mock.calls).toEqual([[undefined]]);
  });

  test('ends the session where resuming fails, which resumes too', () => {
    const { session, done } = setUp('Debugger.resume');
    session.answer('Debugger.enable');
    session.emit('Debugger.paused', { callFrames: [frame('a')] });
    expect(session.calls.at(-1)).toBe('disconnect');
    expect(done.mock.calls).toEqual([[undefined]]);
  });

  test.each([
    ['Debugger.enable', []],
    ['Debugger.pause', ['Debugger.enable']],
    ['the pause', ['Debugger.enable', 'Debugger.pause']],
  ])('is given up 250 ms after %s was asked for, which cancels the pause', (_, answered) => {
    const { session, done } = setUp();
    for (const method of answered) session.answer(method);
    vi.advanceTimersByTime(249);
    expect(session.calls).not.toContain('disconnect');
    vi.advanceTimersByTime(1);
    expect(session.calls.at(-1)).toBe('disconnect');
    expect(done.mock.calls).toEqual([[undefined]]);
  });

  test('that comes late is never shown, and the main thread is resumed', () => {
    const { session, done } = setUp();
    session.answer('Debugger.enable');
    vi.advanceTimersByTime(250);
    session.emit('Debugger.paused', { callFrames: [frame('theWrongOne')] });
    session.answer('Debugger.disable');
    expect(session.calls.slice(-2)).toEqual(['disconnect', 'Debugger.resume']);
    expect(done.mock.calls).toEqual([[undefined]]);
  });

  test('is shown although switching off is not answered in time', () => {
    const { session, done } = setUp();
    session.answer('Debugger.enable');
    session.emit('Debugger.paused', { callFrames: [frame('slow')] });
    vi.advanceTimersByTime(250);
    expect(done.mock.calls).toEqual([['slow (report.js:8)']]);
    expect(session.calls.at(-1)).toBe('disconnect');
  });

  test('resumes every further pause, such as of a debugger statement', () => {
    const { session } = setUp();
    session.answer('Debugger.enable');
    session.emit('Debugger.paused', { callFrames: [frame('first')] });
    session.emit('Debugger.paused', { callFrames: [frame('second')] });
    expect(session.calls.filter((each) => each === 'Debugger.resume')).toHaveLength(2);
  });

  test('is undefined where the session is refused', () => {
    const { session, done } = setUp('connect');
    expect(done.mock.calls).toEqual([[undefined]]);
    expect(session.calls).toEqual(['connect', 'disconnect']);
  });

  test('is undefined where a step fails', () => {
    const { session, done } = setUp();
    session.answer('Debugger.enable', new Error('closed'));
    expect(done.mock.calls).toEqual([[undefined]]);
    expect(session.calls.at(-1)).toBe('disconnect');
  });
});

describe('frames', () => {
  const urls = new Map([
    ['1', 'file:///srv/app/api.js'],
    ['2', 'node:fs'],
    ['3', 'C:\\app\\windows.js'],
  ]);

  test('are those of the program, and the innermost also if it is Node', () => {
    const frames = [frame('readFileSync', '2'), frame('inner', '2'), frame('load'), frame('', '3')];
    expect(describeFrames(frames, urls)).toBe(
      'readFileSync (node:fs:8) ← load (api.js:8) ← (anonymous) (windows.js:8)',
    );
  });

  test('are five at most, each short and without control characters', () => {
    const frames = Array.from({ length: 50 }, () => frame(`a\u001b[31m${'x'.repeat(10_000)}`));
    const text = describeFrames(frames, urls);
    expect(text.split(' ← ')).toHaveLength(5);
    expect(text.length).toBeLessThan(1100);
    expect(text).not.toContain('\u001b');
  });

  test('of a script without a name are those of an eval', () => {
    expect(describeFrames([frame('made', '9')], urls)).toBe('made (eval:8)');
  });
});
