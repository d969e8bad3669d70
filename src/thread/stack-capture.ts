import { UNSAFE_CHARACTERS } from '../internal/unsafe-characters.ts';

/** No answer to a step in this time: the thread is in native code, or blocked in a way that nothing interrupts. In milliseconds. */
const STEP_MS = 250;

/** Frames in the line; of what is deeper only Node and the framework are left. */
const MOST_FRAMES = 5;

/** What is used of `inspector.Session`. */
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

/** What a capture found: the frames in words, the innermost first; undefined where there is none to be had. */
export type CapturedStack = string | undefined;

/**
 * Pauses the main thread for the moment that it takes to read its stack, and lets it go on. A thread that stays paused is an
 * outage, so: resuming is the first thing that happens after a pause, whatever else fails; whatever is not answered in time
 * ends the session, which cancels a pause that has not happened yet; and a pause that comes late is not looked at, because
 * it shows where the thread went next. No port is opened.
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
  // Frames name their script by a number; the session begins with the names of all scripts. They go with it.
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
  // The innermost is where it is, also if that is Node; of the others the program's own are worth more.
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
