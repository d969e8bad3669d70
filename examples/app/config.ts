/** What the service is told by its environment. */
export interface Config {
  /** TCP port to listen on; 0 takes a free one. */
  port: number;
  /** TCP port for probes and Prometheus; 0 takes a free one. */
  adminPort: number;
  /** Address that the admin port is on: loopback, unless probes come from other machines. */
  adminHost: string;
  /** How long to serve on after SIGTERM, until load balancers have noticed, in milliseconds. */
  drainDelayMs: number;
  /** Connection string of the database. Undefined: start one of our own. */
  databaseUrl: string | undefined;
  isProduction: boolean;
}

type Environment = Record<string, string | undefined>;

/** An empty variable is what `PORT= node server.js` and many a template leave: not set. */
function readNumber(env: Environment, name: string, fallback: number, highest: number): number {
  const text = env[name] || String(fallback);
  if (/^\d+$/.test(text) && Number(text) <= highest) return Number(text);
  throw new Error(`Expected ${name} to be a whole number from 0 to ${highest}, got '${text}'`);
}

/**
 * Reads `PORT` (default 4000), `ADMIN_PORT` (9091), `ADMIN_HOST` (127.0.0.1), `DRAIN_DELAY_MS` (7000 in production, else
 * 0), `DATABASE_URL` and `NODE_ENV`.
 * @throws Error naming the variable and a value that would do
 */
export function readConfig(env: Environment): Config {
  const isProduction = env.NODE_ENV === 'production';
  const databaseUrl = env.DATABASE_URL || undefined;
  if (databaseUrl === undefined && isProduction) {
    throw new Error(
      'Expected DATABASE_URL to be set, because NODE_ENV is production; ' +
        'for example DATABASE_URL=postgres://user:password@db.example.com:5432/app',
    );
  }
  return {
    port: readNumber(env, 'PORT', 4000, 65_535),
    adminPort: readNumber(env, 'ADMIN_PORT', 9091, 65_535),
    adminHost: env.ADMIN_HOST || '127.0.0.1',
    // Outside production nobody balances load over us, and Ctrl-C should not take seven seconds.
    drainDelayMs: readNumber(env, 'DRAIN_DELAY_MS', isProduction ? 7000 : 0, 600_000),
    databaseUrl,
    isProduction,
  };
}
