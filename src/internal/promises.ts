/** Returns true for anything that can be awaited: a promise of this realm, of another one, or of a library. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

/**
 * Handles the rejection of what a caller's function returned, although nobody awaits it: functions that should be
 * synchronous are sometimes `async`, and an unhandled rejection ends the process.
 */
export function handleRejection(returned: unknown, take: (thrown: unknown) => void = ignore): void {
  if (isThenable(returned)) Promise.resolve(returned).catch(take);
}

function ignore(): void {
  // There is nowhere left to report it.
}

/** A promise, and how to settle it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T | PromiseLike<T>) => void;
}

/** A promise that can be shared before the work that settles it has begun. */
export function deferred<T>(): Deferred<T> {
  let resolve!: Deferred<T>['resolve'];
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Settles as `promise` does, or rejects with the signal's reason if that aborts first. Leaves no listener behind. */
export function unlessAborted<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    const done = () => signal.removeEventListener('abort', leave);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    promise.then(
      (value) => {
        done();
        resolve(value);
      },
      (reason: unknown) => {
        done();
        reject(reason);
      },
    );
  });
}
