import cluster from 'node:cluster';
import type { Place } from '../adapters/place.ts';

const CANNOT = 'Cannot listen in a thread';

/** Why this process cannot listen there in a thread, and what to do; undefined if it can. */
export function refusalOf(place: Place): string | undefined {
  const { bun, deno } = process.versions;
  const other = bun !== undefined ? `Bun ${bun}` : deno !== undefined ? `Deno ${deno}` : undefined;
  if (other !== undefined) return `${CANNOT} under ${other}: \`thread: true\` needs Node. Leave it out`;
  const isOwn = place.socketPath === undefined && place.port === 0;
  if (isOwn || !cluster.isWorker) return undefined;
  return (
    `${CANNOT} on ${place.socketPath ?? `port ${place.port}`} inside a cluster worker: a thread cannot share it with the other ` +
    'workers. Use `port: 0` for a free port, listen in the primary, or leave `thread: true` out and give each worker a port of ' +
    'its own, such as `port: 9091 + cluster.worker.id`'
  );
}

/** The error with which the thread failed to start, with what to do where that is known. */
export function whyNoThread(thrown: unknown): unknown {
  const { code, permission } = thrown as { code?: unknown; permission?: unknown };
  if (code !== 'ERR_ACCESS_DENIED' || permission !== 'WorkerThreads') return thrown;
  return new Error(`${CANNOT} under Node's permission model: start node with --allow-worker`, {
    cause: thrown,
  });
}
