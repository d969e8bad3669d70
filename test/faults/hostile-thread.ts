import { expect, onTestFinished } from 'vitest';
import { listen } from '../../src/adapters/listen.ts';
import { bombard } from './hostile-requests.ts';

/**
 * Throws conversations at a listener in a thread, which has to live through all of them.
 * @returns how often each code was answered
 */
export async function bombardThread(runs: number): Promise<ReadonlyMap<number, number>> {
  let threads = 0;
  const onThread = () => {
    threads++;
  };
  process.on('worker', onThread);
  onTestFinished(() => void process.off('worker', onThread));
  const counts = await bombard(async (health, options) => {
    const listener = await listen(health, { port: 0, thread: true, ...options });
    onTestFinished(() => listener.close());
    return listener.port;
  }, runs);
  expect(threads).toBe(1);
  return counts;
}
