/** Health checks in an Express app: three checks, the JSON endpoint and Prometheus metrics. */
import { HealthController, heap, middleware, uptime } from 'allswell';
import { prometheus } from 'allswell/prometheus';
import express from 'express';

const health = new HealthController()
  .register('memory', heap({ warnRatio: 0.8 }), { groups: ['live', 'ready'] })
  .register('cache', () => ({ status: 'warning', message: 'cold' }), { failOn: 'error' })
  .register('uptime', uptime());

const app = express();
// First: before redirects, sessions and body parsers, which probers do not expect.
app.use(middleware(health, { metrics: prometheus(health) }));
app.get('/', (_request, response) => {
  response.send('hello');
});

const server = app.listen(Number(process.env.PORT ?? 4000), () => {
  const address = server.address();
  console.log(`listening on ${typeof address === 'object' ? address?.port : address}`);
});
