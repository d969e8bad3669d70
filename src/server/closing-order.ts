/** In the global registry, because the server and its shutdown may come from two copies of this package. */
const CLOSES_LAST = Symbol.for('allswell.closesLast');

interface Marked {
  [CLOSES_LAST]?: number;
}

/**
 * Keeps a health server open when its controller closes: a graceful shutdown closes it last, after the hooks, so that
 * probes and metrics are answered until then. @returns a function that undoes this
 */
export function keepOpen(server: object): () => void {
  const marked = server as Marked;
  marked[CLOSES_LAST] = (marked[CLOSES_LAST] ?? 0) + 1;
  return () => {
    marked[CLOSES_LAST] = (marked[CLOSES_LAST] ?? 1) - 1;
  };
}

/** Returns true if a graceful shutdown closes this server itself. */
export function isKeptOpen(server: object): boolean {
  return ((server as Marked)[CLOSES_LAST] ?? 0) > 0;
}
