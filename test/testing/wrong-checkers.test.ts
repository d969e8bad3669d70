/** Checkers as they are written by hand, each with a fault that the kit must name. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, describe as suite, test } from 'vitest';
import type { Checker, CheckFunction } from '../../src/health/checker.ts';
import { warning } from '../../src/health/result.ts';
import { type CheckerFinding, checkerFaults, type MakeChecker } from '../../src/testing/index.ts';

const url = () => inject('sharedClusterUrl');

function dependency(check: CheckFunction): Checker {
  return { kind: 'dependency', check };
}

/** A pool through the proxy, with a checker that a user wrote for it. */
function overPool(check: (pool: pg.Pool) => CheckFunction, max = 3): MakeChecker {
  return (proxy) => {
    const pool = new pg.Pool({ connectionString: proxy.in(url()), max, connectionTimeoutMillis: 200 });
    pool.on('error', () => undefined);
    // A pool that has lost a client never ends.
    const close = () => void pool.end();
    return { checker: dependency(check(pool)), client: pool, close };
  };
}

const WRONG: readonly { kind: string; make: MakeChecker; fault: string; problem: RegExp }[] = [
  {
    kind: 'ignores the abort signal',
    make: overPool((pool) => async () => {
      await pool.query('SELECT 1');
    }),
    fault: 'aborted during',
    problem: /^ignores its abort signal: a run has not settled/,
  },
  {
    kind: 'keeps a client that does not reconnect',
    make: (proxy) => {
      const client = new pg.Client({ connectionString: proxy.in(url()) });
      client.on('error', () => undefined);
      const connected = client.connect();
      const check: CheckFunction = async () => {
        await connected;
        await client.query('SELECT 1');
      };
      return { checker: dependency(check), client, close: () => void client.end() };
    },
    fault: 'reconnect',
    problem: /^no recovery: still error/,
  },
  {
    kind: 'loses a place in the pool',
    make: overPool(
      (pool) =>
        async ({ signal }) => {
          const client = await pool.connect();
          client.on('error', () => undefined);
          await Promise.race([
            client.query('SELECT 1').catch(() => new Promise(() => undefined)),
            new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
          ]);
          client.release();
        },
      1,
    ),
    fault: '12 timeouts in a row',
    problem: /^no recovery: still error/,
  },
  {
    kind: 'answers from a cache',
    make: overPool((pool) => {
      let last: Promise<unknown> | undefined;
      return async () => {
        last ??= pool.query('SELECT 1');
        await last;
      };
    }),
    fault: 'healthy',
    problem: /^ok, although nothing came from the server/,
  },
  {
    kind: 'adds a listener in each run',
    make: overPool((pool) => async () => {
      pool.on('error', () => undefined);
      const client = await pool.connect();
      await client.query('SELECT 1').finally(() => client.release());
    }),
    fault: 'healthy',
    problem: /^leaks listeners: \d+ for "error" on the client, there were \d+ before/,
  },
  {
    kind: 'leaves a rejection to nobody',
    make: overPool((pool) => async ({ signal }) => {
      const answer = pool.query('SELECT 1');
      const aborted = new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
      void answer.then(() => undefined);
      await Promise.race([answer, aborted]);
    }),
    fault: 'refused',
    problem: /^an unhandled rejection or uncaught exception: /,
  },
  {
    kind: 'opens a connection in each run and closes none',
    make: (proxy) => {
      const opened: pg.Client[] = [];
      const check: CheckFunction = async () => {
        const client = new pg.Client({ connectionString: proxy.in(url()) });
        client.on('error', () => undefined);
        opened.push(client);
        await client.connect();
        await client.query('SELECT 1');
      };
      return { checker: dependency(check), close: () => opened.map((client) => client.end()) };
    },
    fault: 'healthy',
    problem: /^leaks connections: \d+ are open/,
  },
  {
    kind: 'fails without a word',
    make: overPool(
      (pool) => () =>
        pool.query('SELECT 1').then(
          () => undefined,
          () => ({ status: 'error' }) as const,
        ),
    ),
    fault: 'refused',
    problem: /^error without a message/,
  },
  {
    kind: 'blocks the event loop',
    make: overPool((pool) => async () => {
      const until = performance.now() + 1_500;
      while (performance.now() < until);
      await pool.query('SELECT 1');
    }),
    fault: 'healthy',
    problem: /^a run blocked the event loop: expected a result within 200 ms, it took 1\d\d\d ms/,
  },
  {
    kind: 'waits for an abort that has been',
    make: overPool((pool) => ({ signal }) => {
      if (!signal.aborted) return pool.query('SELECT 1').then(() => undefined);
      return new Promise((_, reject) => signal.addEventListener('abort', reject));
    }),
    fault: 'aborted before',
    problem: /^a run whose signal was aborted before it began never settles/,
  },
  {
    kind: 'waits in close() for a server that is silent',
    make: (proxy) => {
      const pool = new pg.Pool({ connectionString: proxy.in(url()), max: 1, connectionTimeoutMillis: 200 });
      pool.on('error', () => undefined);
      const checker: Checker = {
        kind: 'dependency',
        check: async ({ signal }) => {
          const client = await pool.connect();
          const leave = () => client.release(true);
          signal.addEventListener('abort', leave);
          await client.query('SELECT 1').finally(() => signal.removeEventListener('abort', leave));
          client.release();
        },
        close: () => new Promise(() => undefined),
      };
      return { checker, close: () => void pool.end() };
    },
    fault: 'closed while running',
    problem: /^close\(\) does not resolve while the server is silent/,
  },
];

function problemOf(findings: readonly CheckerFinding[], fault: string): string {
  return findings.find((finding) => finding.fault === fault)?.problem ?? `nothing was found in "${fault}"`;
}

suite('a wrong checker is found out, by name of the fault, where it', () => {
  test.for(WRONG)('$kind', { timeout: 240_000 }, async ({ make, fault, problem }) => {
    const world = { port: Number(new URL(url()).port), timeoutMs: 200, owns: true, only: [fault] };
    expect(problemOf(await checkerFaults(make, world), fault)).toMatch(problem);
  });

  suite('asks over HTTP and', () => {
    let server: Server;
    let isBroken = false;
    beforeAll(async () => {
      server = createServer({ keepAliveTimeout: 200 }, (_request, response) => {
        response.writeHead(isBroken ? 500 : 200).end(isBroken ? 'oops' : '17');
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
    });
    afterAll(() => {
      server.close();
      server.closeAllConnections();
    });

    test('accepts any answer as good', async () => {
      const make: MakeChecker = (proxy) =>
        dependency(async ({ signal }) => {
          const response = await fetch(`http://127.0.0.1:${proxy.port}/depth`, { signal });
          const depth = Number(await response.text());
          if (depth > 10_000) return warning(`${depth} jobs wait`);
          return undefined;
        });
      const fault = {
        name: 'answers 500 "oops"',
        inject: () => {
          isBroken = true;
        },
        heal: () => {
          isBroken = false;
        },
      };
      const { port } = server.address() as AddressInfo;
      const world = { port, owns: true, faults: [fault], only: [fault.name] };
      expect(await checkerFaults(make, world)).toEqual([
        { fault: 'answers 500 "oops"', problem: 'expected error, got ok' },
      ]);
    });
  });
});
