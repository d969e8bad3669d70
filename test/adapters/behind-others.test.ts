import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import express from 'express';
import { expect, describe as suite, test } from 'vitest';
import { type Middleware, middleware } from '../../src/adapters/middleware.ts';
import { FORMATS } from '../../src/http/negotiate.ts';
import { serve } from '../helpers/http.ts';
import { httpClient, type World } from '../helpers/worlds.ts';
import { contract, inProcess, sceneOf } from '../http/contract.ts';
import { STRANGERS, wrapsEverything } from './strangers.ts';

/** Health behind somebody else's middleware in Express. */
function behind(name: string, stranger: Middleware): World {
  return {
    name,
    open: async (health, options) => {
      const app = express();
      app.use((request, response, next) => {
        // cors answers every OPTIONS itself, so health never sees one; that is why it belongs in front.
        if (name.startsWith('cors') && request.method === 'OPTIONS') next();
        else stranger(request, response, next);
      });
      app.use(middleware(health, options));
      app.use((_request, response) => void response.status(418).end('application'));
      return httpClient((await serve(app)).port);
    },
  };
}

suite.each(Object.entries(STRANGERS))('the contract behind %s', (name, stranger) => {
  contract(inProcess(behind(name, stranger())));
});

suite('behind a middleware that compresses', () => {
  test.each(Object.keys(STRANGERS).filter((name) => name.startsWith('compression')))(
    '%s, every format arrives whole',
    async (name) => {
      const ask = await behind(name, (STRANGERS[name] as () => Middleware)()).open(sceneOf('healthy').health);
      for (const format of FORMATS) {
        const path = `/api/v1/health?format=${encodeURIComponent(format.name)}`;
        const bytes = await ask(path, { headers: { 'Accept-Encoding': 'gzip' }, as: 'latin1' });
        expect(bytes.headers['content-encoding']).toBe('gzip');
        expect(gunzipSync(Buffer.from(bytes.text, 'latin1')).toString()).toBe((await ask(path)).text);
        expect(bytes.headers['content-type']).toBe(format.contentType);
      }
    },
  );
});

suite('behind cors', () => {
  test('the answer varies by its own fields and ours', async () => {
    const ask = await behind('cors', (STRANGERS.cors as () => Middleware)()).open(sceneOf('healthy').health);
    expect((await ask('/api/v1/health')).headers.vary).toBe('Origin, Accept');
  });
});

suite('the contract behind a middleware that wraps everything', () => {
  contract(inProcess(behind('wraps everything', wrapsEverything)));
});

suite('the contract behind a header that promises chunks', () => {
  const promising: RequestListener = (_request, response) =>
    response.setHeader('Transfer-Encoding', 'chunked');
  const world: World = {
    name: 'Transfer-Encoding',
    open: async (health, options) => {
      const handle = middleware(health, options);
      const { port } = await serve((request, response) => {
        if (request.url?.startsWith('/api/v1/health') || request.url === '/livez')
          promising(request, response as ServerResponse<IncomingMessage> & { req: IncomingMessage });
        handle(request, response, () => {
          response.statusCode = 418;
          response.end('application');
        });
      });
      return httpClient(port);
    },
  };
  contract(inProcess(world));
});
