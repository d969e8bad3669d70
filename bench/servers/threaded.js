/**
 * A listener of allswell with or without a thread, a bare one, or health on the main thread next to a thread that takes stacks, in a
 * process that can be kept busy.
 */
import { createServer } from 'node:http';
import { HealthController, listen, middleware } from '../../dist/index.js';

const kind = process.argv[2];
const block = (ms) => {
  const end = Date.now() + ms;
  while (Date.now() < end);
};
process.on('message', ({ ms }) => {
  block(ms);
  process.send({ blocked: ms });
});
process.once('disconnect', () => process.exit(1));

async function port() {
  if (kind === 'bare') {
    const server = createServer((_request, response) => response.end('{"status":"healthy","checks":{}}'));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server.address().port;
  }
  const health = new HealthController().register('database', () => undefined, { maxAgeMs: 600_000 });
  if (kind !== 'captured') return (await listen(health, { port: 0, thread: kind === 'thread' })).port;
  await listen(health, { port: 0, thread: true, stackAfterMs: 1000 });
  const server = createServer(middleware(health, { path: '/healthz' }));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}
process.send({ port: await port() });
