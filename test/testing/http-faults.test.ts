import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe as suite, test } from 'vitest';
import { http } from '../../src/checkers/http/http.ts';
import { checkerFaults } from '../../src/testing/index.ts';

suite('http() lives through every fault', () => {
  let server: Server;
  let statusCode = 200;
  beforeAll(async () => {
    // Idle connections close soon: fetch keeps them in a pool that no checker can close.
    server = createServer({ keepAliveTimeout: 200 }, (_request, response) => {
      response.writeHead(statusCode).end('oops');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  checkerFaults(
    (proxy) => http(`http://127.0.0.1:${proxy.port}/health`),
    {
      get port() {
        return (server.address() as AddressInfo).port;
      },
      timeoutMs: 400,
      owns: true,
      faults: [
        {
          name: 'answers 500',
          inject: () => {
            statusCode = 500;
          },
          heal: () => {
            statusCode = 200;
          },
        },
      ],
    },
    test,
  );
});
