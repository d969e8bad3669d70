import { BEAT_MS, type SharedState } from './memory.ts';

/**
 * Raises the beat of the main thread. The timer keeps no process alive.
 *
 * @param onBeat called with each beat
 * @returns a function that ends it
 */
export function startHeartbeat(state: SharedState, onBeat: () => void): () => void {
  const timer = setInterval(() => {
    state.raiseBeat();
    onBeat();
  }, BEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
