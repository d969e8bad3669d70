import { describe, onTestFinished, vi } from 'vitest';
import { httpSettings } from '../../src/http/options.ts';
import { listenInThread } from '../../src/thread/listen-in-thread.ts';
import { httpClient, type World } from '../helpers/worlds.ts';
import { contract } from '../http/contract.ts';

// The thread as it is in src now, whatever was built last.
vi.mock('../../src/thread/worker-source.ts', async () => {
  const { threadProgram } = await import('../../scripts/thread-program.mjs');
  return { WORKER_SOURCE: await threadProgram() };
});

/** Nobody else is there: where the contract expects the application's answer, it is this listener's 404. */
const world: World = {
  name: 'a listener in a thread',
  open: async (health, options) => {
    const http = httpSettings(health, options);
    const settings = { mount: options ?? {}, http, stallMs: 30_000, stackAfterMs: 0 };
    const place = { socketPath: undefined, port: 0, host: '127.0.0.1' };
    const listener = await listenInThread(health, place, settings);
    onTestFinished(() => listener.close());
    const client = httpClient(listener.port);
    return async (path, ask) => {
      const told = await client(path, ask);
      const isNobodys = told.status === 404 && told.text === '{"error":"not found"}';
      return isNobodys ? { ...told, status: 418, text: 'application' } : told;
    };
  },
};

describe('the contract on a listener in a thread', () => contract(world));
