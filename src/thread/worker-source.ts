/**
 * The program of the listening thread, `worker.ts` with all that it imports, as text: inside a user's bundle or single
 * executable a file would not be found. The build puts the text here.
 */
export const WORKER_SOURCE: string = '';
