import pg from 'pg';
import type { LocalDatabase } from '../../examples/app/local-database.ts';
import type { TcpProxy } from '../../src/testing/tcp-proxy.ts';
import { backends, query, resume, suspend } from '../helpers/database.ts';
import { isAlive } from '../helpers/processes.ts';
import { type Access, POOL_MAX, type Service, TIMEOUT_MS, until } from './service.ts';

/** What a fault can be done to. */
export interface Scene {
  readonly cluster: LocalDatabase;
  readonly proxy: TcpProxy;
  /** The connection string past the proxy. */
  readonly url: string;
  readonly services: readonly Service[];
  /** What `heal` has to undo. */
  readonly undo: (() => unknown)[];
}

/**
 * Whether a service sees a fault. `lasting`: no run that begins during it is ok. `once`: at least one run
 * fails, and then it is over for this service. `never`: what the service has goes on working, and so it says.
 * `maybe`: a matter of the moment.
 */
export type Notice = 'lasting' | 'once' | 'never' | 'maybe';

/** One way in which the world goes wrong. */
export interface Fault {
  readonly name: string;
  readonly notices: Readonly<Record<Access, Notice>>;
  inject(scene: Scene): unknown;
  /** Ends it, beside what `undo` holds. Default: lets the proxy pass. */
  heal?(scene: Scene): unknown;
}

const LASTING = { warm: 'lasting', cold: 'lasting', dedicated: 'lasting' } as const;
/** What hits new connections only. */
const NEW_ONLY = { warm: 'never', cold: 'lasting', dedicated: 'never' } as const;
/** What hits existing connections only. */
const IDLE_ONLY = { warm: 'once', cold: 'never', dedicated: 'once' } as const;

const NETWORK: readonly Fault[] = [
  {
    name: 'the network swallows everything, then delivers it',
    notices: LASTING,
    inject: ({ proxy }) => proxy.silence(),
  },
  {
    name: 'the network swallows everything, and connections of that time stay dead',
    notices: LASTING,
    inject: ({ proxy }) => proxy.silence(),
    heal: ({ proxy }) => {
      proxy.forget();
      proxy.pass();
    },
  },
  {
    name: 'the network is slower than the time limit',
    notices: LASTING,
    inject: ({ proxy }) => {
      proxy.delayMs = 2 * TIMEOUT_MS;
    },
  },
  {
    name: 'the network passes 40 bytes a second',
    notices: LASTING,
    inject: ({ proxy }) => {
      proxy.bytesPerSecond = 40;
    },
  },
  { name: 'connections are reset', notices: LASTING, inject: ({ proxy }) => proxy.reset() },
  { name: 'connections are half-closed', notices: LASTING, inject: ({ proxy }) => proxy.halfClose() },
  {
    name: 'connections are refused',
    notices: NEW_ONLY,
    inject: ({ proxy }) => proxy.refuse(),
    heal: ({ proxy }) => proxy.accept(),
  },
];

const SERVER: readonly Fault[] = [
  {
    name: 'the server is stopped at once',
    notices: LASTING,
    inject: ({ cluster }) => cluster.halt('immediate'),
    heal: ({ cluster }) => cluster.start(),
  },
  {
    name: 'the server restarts, and its port is refused meanwhile',
    notices: LASTING,
    inject: async ({ cluster, proxy }) => {
      proxy.refuse();
      await cluster.halt('fast');
    },
    heal: async ({ cluster, proxy }) => {
      await cluster.start();
      await proxy.accept();
    },
  },
  {
    name: 'the backends of idle connections are frozen',
    notices: IDLE_ONLY,
    inject: async ({ url, undo }) => {
      for (const { pid } of await backends(url)) {
        undo.push(() => resume(pid));
        // A cold service may have closed it by now.
        if (isAlive(pid)) suspend(pid);
      }
    },
  },
  {
    name: 'the postmaster is frozen',
    notices: NEW_ONLY,
    inject: ({ cluster, undo }) => {
      const pid = cluster.postmasterPid();
      suspend(pid);
      undo.push(() => resume(pid));
    },
  },
  {
    name: 'the connections of idle clients are terminated',
    notices: { warm: 'maybe', cold: 'maybe', dedicated: 'maybe' },
    inject: ({ cluster }) =>
      query(
        cluster.url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'",
      ),
  },
  {
    name: 'other clients use up max_connections',
    notices: NEW_ONLY,
    inject: async ({ cluster, undo }) => {
      for (;;) {
        const client = new pg.Client({ connectionString: cluster.url });
        try {
          await client.connect();
        } catch (error) {
          if ((error as { code?: string }).code !== '53300') throw error;
          return;
        }
        undo.push(() => client.end());
      }
    },
  },
  {
    name: 'the database takes no connections',
    notices: NEW_ONLY,
    inject: ({ cluster, url, undo }) => {
      const name = new URL(url).pathname.slice(1);
      undo.push(() => query(cluster.url, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`));
      return query(cluster.url, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    },
  },
];

const APPLICATION: readonly Fault[] = [
  {
    name: 'the application holds every client of the pool',
    notices: { warm: 'lasting', cold: 'lasting', dedicated: 'never' },
    inject: async ({ services, undo }) => {
      for (const { pool } of services) {
        const held = await Promise.all(Array.from({ length: POOL_MAX }, () => connected(pool)));
        for (const client of held) undo.push(() => client.release());
      }
    },
  },
];

/** A client, however long that takes: on a busy machine nine of them at once may outlast the pool's patience of a second. */
async function connected(pool: pg.Pool): Promise<pg.PoolClient> {
  let client: pg.PoolClient | undefined;
  await until(async () => {
    client = await pool.connect().catch(() => undefined);
    return client !== undefined;
  });
  return client as unknown as pg.PoolClient;
}

/** Every fault that the checker has to tell the truth about. */
export const FAULTS: readonly Fault[] = [...NETWORK, ...SERVER, ...APPLICATION];
