import type { Figures, SoakResult } from './soak.ts';

/** How much more heap the end may hold than the beginning, in bytes: what V8 compiles and caches meanwhile. */
const HEAP_NOISE_BYTES = 4_000_000;
/** How many more handles: a timer or a socket that is just on its way out. */
const HANDLE_NOISE = 4;
/** All pools and the check's own connection. */
const MOST_CONNECTIONS = 3 * 3 + 1;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** What is not flat, as sentences; none if all is well. */
export function judge({ figures, wrong, probes, scrapes }: SoakResult): string[] {
  // The first measurements see the code being compiled.
  const third = Math.floor(figures.length / 3);
  const faults = [...wrong];
  if (third < 2) return ['too few measurements to say anything; give it more time'];
  const middle = figures.slice(third, 2 * third);
  const last = figures.slice(-third);
  const growth = (key: keyof Figures) =>
    median(last.map((each) => each[key])) - median(middle.map((each) => each[key]));
  if (growth('heapBytes') > HEAP_NOISE_BYTES) faults.push(`the heap grew by ${growth('heapBytes')} bytes`);
  if (growth('handles') > HANDLE_NOISE) faults.push(`handles grew by ${growth('handles')}`);
  for (const { atMs, clients, backends } of figures) {
    if (clients > MOST_CONNECTIONS) faults.push(`${clients} clients at ${atMs} ms`);
    if (backends > MOST_CONNECTIONS) faults.push(`${backends} backends at ${atMs} ms`);
  }
  if (probes === 0 || scrapes === 0) faults.push('nobody probed or scraped');
  return faults;
}
