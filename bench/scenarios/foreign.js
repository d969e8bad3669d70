/**
 * What a request costs that is not ours, in one process: requests are dispatched to servers without sockets,
 * because a load generator cannot resolve a tenth of a microsecond. Blocks of requests take turns, and a cost is the
 * median of the differences between neighbours.
 */
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import terminus from '@godaddy/terminus';
import express from 'express';
import actuator from 'express-actuator';
import maikai from 'maikai';
import { attach, HealthController, middleware } from '../../dist/index.js';
import { cpuUs } from '../lib/cpu.js';
import { median, shuffled } from '../lib/statistics.js';

const BLOCK = 100;
const { blocks } = { blocks: 250, ...JSON.parse(process.argv[2] ?? '{}') };

const health = new HealthController().register('a', () => undefined);

/**
 * One application for all, with a few middlewares and routers, as services have them: each Express application has
 * request prototypes of its own, and two of them in a process slow each other down by more than is to be measured.
 */
const app = express().disable('x-powered-by');
for (let i = 0; i < 3; i++) app.use((_request, _response, next) => next());
const router = express.Router();
for (let i = 0; i < 5; i++) router.get(`/things${i}/:id`, (_request, response) => response.end());
app.use('/api', router);
app.get('/orders/:id', (request, response) => {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify({ id: request.params.id, items: [1, 2, 3] }));
});
const layers = [...app.router.stack];

/** The application's layers behind a middleware. */
function behind(first) {
  app.router.stack = [];
  app.use(first);
  return [...app.router.stack, ...layers];
}

function attached(listener) {
  const server = createServer(listener);
  attach(server, health);
  return server;
}

function withTerminus(listener) {
  const server = createServer(listener);
  terminus.createTerminus(server, { healthChecks: { '/health': async () => undefined } });
  return server;
}

const plain = createServer(app);
const EXPRESS = [
  { name: 'the application alone', server: plain },
  { name: 'the application alone, again (A/A)', server: plain },
  { name: '**allswell**, middleware', server: plain, stack: behind(middleware(health)), bound: 0.5 },
  { name: '**allswell**, attached', server: attached(app), bound: 0.1 },
  { name: 'an empty middleware, for comparison', server: plain, stack: behind((_q, _s, next) => next()) },
  { name: '@godaddy/terminus', server: withTerminus(app) },
  { name: 'maikai', server: plain, stack: behind(maikai().express()) },
  { name: 'express-actuator', server: plain, stack: behind(actuator()) },
];

const listener = (_request, response) => response.end('{}');
const bare = createServer(listener);
const BARE = [
  { name: 'a listener alone', server: bare },
  { name: 'a listener alone, again (A/A)', server: bare },
  { name: '**allswell**, attached', server: attached(listener), bound: 0.1 },
  { name: '@godaddy/terminus', server: withTerminus(listener) },
];

const socket = new Socket();

function dispatch(server) {
  const request = new IncomingMessage(socket);
  request.method = 'GET';
  request.url = '/orders/17?page=2';
  request.rawHeaders = ['Host', 'localhost', 'Accept', '*/*'];
  server.emit('request', request, new ServerResponse(request));
}

/** Microseconds of CPU time per request. */
function block({ server, stack = layers }, count) {
  app.router.stack = stack;
  const start = cpuUs();
  for (let i = 0; i < count; i++) dispatch(server);
  return (cpuUs() - start) / count;
}

function measure(variants, count) {
  for (let i = 0; i < blocks / 5; i++) for (const variant of variants) block(variant, count);
  const times = variants.map(() => []);
  for (let i = 0; i < blocks; i++) {
    for (const index of shuffled([...variants.keys()])) times[index].push(block(variants[index], count));
  }
  const [base] = times;
  return variants.map(({ name, bound }, index) => ({
    name,
    bound,
    baseUs: median(base),
    addedUs: median(times[index].map((time, i) => time - base[i])),
  }));
}

const result = { express: measure(EXPRESS, BLOCK), bare: measure(BARE, 10 * BLOCK) };
process.stdout.write(JSON.stringify(result), () => process.exit());
