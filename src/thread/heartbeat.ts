import { BEAT_MS, type SharedState } from './memory.ts';

/**
 * Increments the main thread's beat at a fixed interval. The timer does not keep the process alive.
 *
 * @param onBeat called with each beat
 * @returns a function that stops it
 */
export function startHeartbeat(state: SharedState, onBeat: () => void): () => void {
  const timer = setInterval(() => {
    state.raiseBeat();
    onBeat();
  }, BEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
