/** Health checks on bare node:http, with the paths that are customary in Kubernetes. */
import { createServer } from 'node:http';
import { HealthController, heap, middleware, uptime } from 'allswell';

const health = new HealthController({ service: { name: 'bare', version: '1.0.0' } })
  .register('memory', heap(), { groups: ['live', 'ready'] })
  .register('uptime', uptime());

const answerHealth = middleware(health, {
  paths: { '/livez': 'live', '/readyz': 'ready' },
  // Only callers on this machine see messages and durations, under ?verbose.
  details: ({ remoteAddress }) => remoteAddress === '127.0.0.1',
});

const server = createServer((request, response) => {
  answerHealth(request, response, () => {
    response.end('hello');
  });
});

server.listen(Number(process.env.PORT ?? 4000), '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening on ${typeof address === 'object' ? address?.port : address}`);
});
