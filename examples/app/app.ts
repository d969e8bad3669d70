import { type HealthController, heap, middleware, postgres, uptime } from 'allswell';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { migrations } from './migrations.ts';
import { notesRouter } from './notes.ts';

/** What the service needs; the caller opens and closes it. */
export interface Parts {
  health: HealthController;
  pool: Pool;
  logger: Logger;
  /** Used heap at which `memory` warns, in bytes. Undefined: nine tenths of V8's limit. */
  memoryWarnBytes?: number | undefined;
}

/** Errors as JSON: the client's with their message, our own with a pointer to the log. */
function answerErrors(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = Number(error?.status);
    if (status >= 400 && status < 500) {
      response.status(status).json({ error: String(error.message) });
      return;
    }
    logger.error({ err: error }, `${request.method} ${request.path} failed`);
    response.status(500).json({ error: 'The request failed; the log of the service says why' });
  };
}

/** Assembles the service, with its health checks. */
export function createApp({ health, pool, logger, memoryWarnBytes }: Parts): Express {
  health
    .register('database', postgres(pool))
    .register('memory', memoryWarnBytes === undefined ? heap() : heap({ warnBytes: memoryWarnBytes }))
    .register('uptime', uptime())
    .register('migrations', migrations(pool));

  const app = express();
  app.disable('x-powered-by');
  // First, so that nothing the application does can get in the way of a probe. Without metrics: this port is public, and
  // Prometheus has a private one.
  app.use(middleware(health));
  app.use('/notes', notesRouter(pool));
  app.use((request, response) => {
    response.status(404).json({ error: `There is nothing at ${request.path}` });
  });
  app.use(answerErrors(logger));
  return app;
}
