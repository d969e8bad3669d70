import pg from 'pg';
import { beforeAll, inject, describe as suite, test } from 'vitest';
import { postgres } from '../../src/checkers/postgres/postgres.ts';
import { type CheckerSubject, checkerFaults, type TcpProxy } from '../../src/testing/index.ts';
import { startPgbouncer, suiteWith } from '../helpers/servers.ts';

const TIMEOUT_MS = 500;

function subject(connectionString: string, dedicated: boolean): CheckerSubject {
  const pool = new pg.Pool({ connectionString, max: 3, connectionTimeoutMillis: TIMEOUT_MS });
  return { checker: postgres(pool, { dedicated }), client: pool, close: () => pool.end() };
}

/** The world of a server that is known only once it has been started. */
function worldOf(url: () => string) {
  return {
    get port() {
      return Number(new URL(url()).port);
    },
    timeoutMs: TIMEOUT_MS,
    owns: true,
  };
}

suite('postgres() lives through every fault', () => {
  const url = () => inject('sharedClusterUrl');
  const make = (dedicated: boolean) => (proxy: TcpProxy) => subject(proxy.in(url()), dedicated);

  suite('with a pool', () => checkerFaults(make(false), worldOf(url), test));
  suite('on a connection of the check’s own', () => checkerFaults(make(true), worldOf(url), test));
});

suiteWith('pgbouncer', 'postgres() lives through every fault behind PgBouncer in transaction mode', () => {
  let url = '';
  beforeAll(async () => {
    ({ url } = await startPgbouncer(inject('sharedClusterUrl')));
  });
  checkerFaults(
    (proxy) => subject(proxy.in(url), false),
    worldOf(() => url),
    test,
  );
});
