/**
 * The program of the listening thread, `worker.ts` with all that it imports, as text: a bundler, or a single executable, that
 * takes this package in would not find a file. The build puts the text here.
 */
export const WORKER_SOURCE: string = '';
