import { HealthController, heap, middleware, postgres, uptime } from 'allswell';
import { prometheus } from 'allswell/prometheus';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Pool } from 'pg';
import { notesRouter } from './notes.ts';

/** The service without a server around it. */
export interface App {
  app: Express;
  health: HealthController;
}

/** Errors as JSON: what the client did wrong in words, what we did wrong only in our log. */
const answerError: ErrorRequestHandler = (error, request, response, next) => {
  if (response.headersSent) return next(error);
  const status = Number(error?.status);
  if (status >= 400 && status < 500) {
    response.status(status).json({ error: String(error.message) });
    return;
  }
  console.error(`${request.method} ${request.path} failed:`, error);
  response.status(500).json({ error: 'The request failed; the log of the service says why' });
};

/** Puts the service together on a pool that the caller opens and closes. */
export function createApp(pool: Pool): App {
  const health = new HealthController()
    .register('database', postgres(pool))
    .register('memory', heap())
    .register('uptime', uptime());

  const app = express();
  app.disable('x-powered-by');
  // First, so that nothing the application does can get in the way of a probe.
  app.use(middleware(health, { metrics: prometheus(health) }));
  app.use('/notes', notesRouter(pool));
  app.use((request, response) => {
    response.status(404).json({ error: `There is nothing at ${request.path}` });
  });
  app.use(answerError);
  return { app, health };
}
