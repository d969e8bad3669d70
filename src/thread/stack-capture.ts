import { UNSAFE_CHARACTERS } from '../internal/unsafe-characters.ts';

/** If a step takes longer, the thread is in native code or blocked where nothing can interrupt it. In milliseconds. */
const STEP_MS = 250;

/** The most frames in the line; deeper ones are mostly Node's and the framework's. */
const MOST_FRAMES = 5;

/** The part of `inspector.Session` that is used. */
export interface DebugSession {
  connectToMainThread(): void;
  disconnect(): void;
  post(method: string, callback?: (thrown: Error | null) => void): void;
  on(event: string, listener: (message: { readonly params: object }) => void): unknown;
}

/** A frame as the debugger describes it (chromedevtools.github.io/devtools-protocol, Debugger.CallFrame). */
interface CallFrame {
  readonly functionName: string;
  /** Lines count from 0. */
  readonly location: { readonly scriptId: string; readonly lineNumber: number };
}

/** What a capture found: the frames as text, the innermost first; undefined if no stack could be read. */
export type CapturedStack = string | undefined;

/**
 * Pauses the main thread just long enough to read its stack. A thread that stays paused is an outage, so resuming is the
 * first thing after a pause, whatever else fails. A step that is not answered in time ends the session, which cancels a pause
 * that has not happened yet. A pause that comes late is ignored, because it shows where the thread went next. No port is
 * opened.
 *
 * @param done called once, after the session has ended
 */
export function captureStack(session: DebugSession, done: (stack: CapturedStack) => void): void {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const end = (stack: CapturedStack) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    try {
      session.disconnect();
    } catch {
      // It was not connected.
    }
    done(stack);
  };
  let stack: CapturedStack;
  const step = () => {
    clearTimeout(timer);
    timer = setTimeout(() => end(stack), STEP_MS);
  };
  const post = (method: string, next: () => void) => {
    step();
    session.post(method, (thrown) => {
      if (isOver) return;
      if (thrown) end(stack);
      else next();
    });
  };
  // Frames name their script by number; the session starts by listing all scripts.
  const urls = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => {
    const { scriptId, url } = params as { scriptId: string; url: string };
    if (url !== '') urls.set(scriptId, url);
  });
  session.on('Debugger.paused', ({ params }) => {
    try {
      session.post('Debugger.resume');
      if (isOver || stack !== undefined) return;
      stack = describeFrames((params as { callFrames: readonly CallFrame[] }).callFrames, urls);
      post('Debugger.disable', () => end(stack));
    } catch {
      // An exception in a listener would be swallowed; ending the session resumes too.
      end(stack);
    }
  });
  try {
    session.connectToMainThread();
    post('Debugger.enable', () => post('Debugger.pause', step));
  } catch {
    end(undefined);
  }
}

/** `parseHugeThing (report.js:8) ← handler (api.js:9)`. */
export function describeFrames(frames: readonly CallFrame[], urls: ReadonlyMap<string, string>): string {
  // The innermost frame is where the thread is, even if that is in Node; of the others only the program's own help.
  const urlOf = ({ location }: CallFrame) => urls.get(location.scriptId) ?? '';
  const own = frames.filter((frame, index) => index === 0 || !isInternal(urlOf(frame)));
  return own
    .slice(0, MOST_FRAMES)
    .map((frame) => describeFrame(frame, urlOf(frame)))
    .join(' ← ');
}

function describeFrame({ functionName, location }: CallFrame, url: string): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  const file = isInternal(url) ? url : url.replace(/[?#].*$/s, '').replace(/^.*[\\/]/s, '');
  const text = `${name} (${file === '' ? 'eval' : file}:${location.lineNumber + 1})`;
  return text.replace(UNSAFE_CHARACTERS, ' ').slice(0, 200);
}

function isInternal(url: string): boolean {
  return url.startsWith('node:');
}
