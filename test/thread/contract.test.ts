import { describe, onTestFinished, vi } from 'vitest';
import { httpSettings } from '../../src/http/options.ts';
import { listenInThread } from '../../src/thread/listen-in-thread.ts';
import { httpClient, type World, withoutApplication } from '../helpers/worlds.ts';
import { contract, inProcess } from '../http/contract.ts';

// The thread as it is in src now, whatever was built last.
vi.mock('../../src/thread/worker-source.ts', async () => {
  const { threadProgram } = await import('../../scripts/thread-program.mjs');
  return { WORKER_SOURCE: await threadProgram() };
});

const world: World = {
  name: 'a listener in a thread',
  open: async (health, options) => {
    const http = httpSettings(health, options);
    const settings = { mount: options ?? {}, http, stallMs: 30_000, stackAfterMs: 0 };
    const place = { socketPath: undefined, port: 0, host: '127.0.0.1' };
    const listener = await listenInThread(health, place, settings);
    onTestFinished(() => listener.close());
    return withoutApplication(httpClient(listener.port));
  },
};

describe('the contract on a listener in a thread', () => contract(inProcess(world)));
