import { callerOf } from '../internal/caller.ts';
import type { GracefulServer } from './graceful-server.ts';

type Close = (this: unknown, ...parts: unknown[]) => unknown;

/**
 * Calls back when anything calls `server.close()`, with the code location of the call, if the runtime knows it.
 * @returns a function that stops watching
 */
export function onEarlyClose(
  server: GracefulServer,
  callback: (caller: string | undefined) => void,
): () => void {
  const close = server.close as Close;
  const wasOwn = Object.hasOwn(server, 'close');
  let isWatching = true;
  const watched: Close = function (...parts) {
    const result = close.apply(this, parts);
    if (isWatching) callback(callerOf(watched));
    return result;
  };
  const target = server as { close?: Close };
  target.close = watched;
  return () => {
    isWatching = false;
    // Something else may have wrapped it in the meantime.
    if (target.close !== watched) return;
    if (wasOwn) target.close = close;
    else delete target.close;
  };
}
