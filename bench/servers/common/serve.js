import { once } from 'node:events';
import { hang, runs } from './workload.js';

const ANSWERS = {
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  runs: () => runs,
  hang,
  heap: async () => {
    // Weak callbacks run after a collection and free more, so one is not enough.
    for (let i = 0; i < 4; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return process.memoryUsage().heapUsed;
  },
};

/** Listens on a free port of the loopback interface and tells the runner where. */
export async function serve(server, path) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  announce(server.address().port, path);
}

/** Tells the runner where this server is, and answers its questions until the runner ends it, or ends itself. */
export function announce(port, path) {
  process.on('message', async ({ id, question }) => {
    process.send({ id, answer: await ANSWERS[question]() });
  });
  process.once('disconnect', () => process.exit(1));
  process.send({ url: `http://127.0.0.1:${port}${path}` });
}
