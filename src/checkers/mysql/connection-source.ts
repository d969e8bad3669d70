import { isThenable } from '../../internal/promises.ts';
import { SharedAcquire } from '../../internal/shared-acquire.ts';
import { hasMethods } from '../../internal/validator.ts';
import type { MysqlPool } from './pool.ts';

/** A connection taken from a pool, of either kind, with promises. */
export interface MysqlConnection {
  query(sql: string): Promise<unknown>;
  release(): void;
  /** Closes the connection and its socket, and frees its place in the pool. */
  destroy(): void;
  /** Listens for the connection's errors while it is checked out. Returns a function that stops that. */
  guard(): () => void;
}

/** The connection below: mysql2's promise connections wrap one with callbacks. */
interface CoreConnection {
  query(sql: string, callback: (error: unknown, rows: unknown) => void): unknown;
  release(): void;
  destroy(): void;
  on?(event: 'error', listener: () => void): unknown;
  removeListener?(event: 'error', listener: () => void): unknown;
  readonly stream?: { destroy?(): void };
}

/** A pool with callbacks, and the private fields that show how full it is. */
interface CorePool {
  getConnection(callback: (error: unknown, connection: CoreConnection) => void): void;
  readonly config?: { readonly connectionLimit?: unknown };
  readonly _allConnections?: { readonly length?: unknown };
  readonly _freeConnections?: { readonly length?: unknown };
  readonly _connectionQueue?: { readonly length?: unknown };
}

/** How full a pool is. */
export interface PoolFigures {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

/** The pool with callbacks that is in a promise pool, or the pool itself. */
function coreOf(pool: MysqlPool): CorePool {
  const { pool: inner } = pool as { pool?: unknown };
  return (hasMethods(inner, ['getConnection']) ? inner : pool) as CorePool;
}

/** How full a pool is; undefined if it does not expose that. */
export function figuresOf(pool: MysqlPool): PoolFigures | undefined {
  const { _allConnections, _freeConnections, _connectionQueue, config } = coreOf(pool);
  const [total, idle, waiting, max] = [
    _allConnections?.length,
    _freeConnections?.length,
    _connectionQueue?.length,
    config?.connectionLimit,
  ];
  if (typeof total !== 'number' || typeof idle !== 'number' || typeof waiting !== 'number') return undefined;
  return typeof max === 'number' ? { total, idle, waiting, max } : undefined;
}

/** One door for a pool, however many checks use it; forgotten with the pool. */
const doors = new WeakMap<object, SharedAcquire<MysqlConnection>>();

/** The door of a pool: the same for a pool with callbacks and the promise pool around it. */
export function doorOf(pool: MysqlPool): SharedAcquire<MysqlConnection> {
  const core = coreOf(pool);
  let door = doors.get(core);
  if (door === undefined) {
    door = new SharedAcquire({
      connect: () => connect(core),
      giveBack: (connection) => connection.release(),
      hasIdle: () => Boolean(figuresOf(pool)?.idle),
    });
    doors.set(core, door);
  }
  return door;
}

function connect(pool: CorePool): Promise<MysqlConnection> {
  return new Promise((resolve, reject) => {
    let isCalledBack = false;
    const returned: unknown = pool.getConnection((error, connection) => {
      isCalledBack = true;
      // Falsy values are no error here: `null` and `undefined` both occur.
      if (error) reject(error);
      else resolve(wrap(connection));
    });
    if (isThenable(returned)) refusal(returned, () => isCalledBack).then(reject);
  });
}

/**
 * The error for a pool that returns connections as promises, such as one of the package `mariadb`: it never calls back, and
 * the check would wait forever. Some pools do both, and then the connection is in use.
 */
async function refusal(returned: PromiseLike<unknown>, isCalledBack: () => boolean): Promise<unknown> {
  try {
    const connection = (await returned) as Partial<CoreConnection> | undefined;
    if (!isCalledBack()) await connection?.release?.();
  } catch (thrown) {
    return thrown;
  }
  return new Error(
    "expected a pool of mysql2, got one whose getConnection() takes no callback: use ping(() => pool.query('SELECT 1'))",
  );
}

function wrap(core: CoreConnection): MysqlConnection {
  return {
    query: (sql) =>
      new Promise((resolve, reject) => {
        core.query(sql, (error, rows) => {
          if (error) reject(error);
          else resolve(rows);
        });
      }),
    release: () => core.release(),
    destroy() {
      core.destroy();
      // mysql2 only sends a goodbye, which a dead peer never answers: the socket would stay open.
      core.stream?.destroy?.();
    },
    guard() {
      const ignore = () => undefined;
      core.on?.('error', ignore);
      return () => core.removeListener?.('error', ignore);
    },
  };
}
